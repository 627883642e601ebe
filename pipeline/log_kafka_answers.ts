/**
 * A broker's answers, each read from the socket straight into one buffer, which may be used again.
 *
 * By default a socket hands over new pieces of 64 KB, to be put together in yet another buffer: reading a topic, that
 * costs more than all that is done with its records afterwards.
 * @module
 */
import { Buffer } from "node:buffer";

/** What `net.connect` takes as `onread`. */
export interface ReadInto {
  /** Where the next bytes are to go. */
  buffer(): Uint8Array;
  /** Told how many have come; false stops the socket. */
  callback(bytes: number): boolean;
}

/** Buffers for answers, of one connection. */
export interface AnswerBuffers {
  /** What `net.connect` takes as `onread`, for one socket. */
  intoAnswers(socket: AnswerListener): ReadInto;
  /** Takes back an answer's memory, which is overwritten from then on. */
  reuse(answer: Uint8Array): void;
}

/** Who is told of a socket's bytes. */
export interface AnswerListener {
  /** The first bytes of all, once. */
  onFirst(bytes: Uint8Array): void;
  /** A whole answer, with the four bytes that say how long it is. */
  onAnswer(answer: Buffer): void;
  /** What comes isn't an answer of Kafka's. */
  onNonsense(): void;
}

const SIZE_BYTES = 4;
/** A broker's own limits are far below that; what speaks another protocol looks like more. */
const MAX_ANSWER_BYTES = 256 << 20;
/** Buffers are of multiples of this size, so that one fits the next answer too. */
const ROOM_BYTES = 256 << 10;
/** Smaller answers aren't worth keeping a buffer for. */
const MIN_KEPT_BYTES = 16 << 10;
/** One that is being filled, and one whose records are being looked at. */
const MAX_SPARES = 2;

/** Makes the buffers; sockets that follow one another share them. */
export function createAnswerBuffers(): AnswerBuffers {
  const spares: ArrayBuffer[] = [];

  function takeRoom(bytes: number): Buffer {
    if (bytes < MIN_KEPT_BYTES) return Buffer.allocUnsafe(bytes);
    const fits = spares.findIndex((spare) => spare.byteLength >= bytes);
    const room = fits < 0
      ? new ArrayBuffer(Math.ceil(bytes / ROOM_BYTES) * ROOM_BYTES)
      : spares.splice(fits, 1)[0];
    return Buffer.from(room, 0, bytes);
  }

  return {
    intoAnswers({ onFirst, onAnswer, onNonsense }) {
      const size = Buffer.alloc(SIZE_BYTES);
      let answer: Buffer | null = null;
      let filled = 0;
      let isFirst = true;
      return {
        buffer: () => (answer ?? size).subarray(filled),
        callback(bytes) {
          filled += bytes;
          if (answer === null) {
            if (isFirst) onFirst(size.subarray(0, filled));
            isFirst = false;
            if (filled < SIZE_BYTES) return true;
            const length = SIZE_BYTES + size.readInt32BE();
            if (length < SIZE_BYTES || length > MAX_ANSWER_BYTES) {
              onNonsense();
              return false;
            }
            answer = takeRoom(length);
            answer.set(size);
          }
          if (filled < answer.length) return true;
          const whole = answer;
          answer = null;
          filled = 0;
          onAnswer(whole);
          return true;
        },
      };
    },
    reuse({ buffer }) {
      if (buffer.byteLength < ROOM_BYTES || spares.includes(buffer as ArrayBuffer)) return;
      if (spares.length === MAX_SPARES) spares.shift();
      spares.push(buffer as ArrayBuffer);
    },
  };
}
