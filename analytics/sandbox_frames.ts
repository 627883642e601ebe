/**
 * Frames between Teller and its sandbox, over the pipes of a process: two lengths, a header as JSON, a body of bytes.
 * @module
 */
import type { Answer, Question, Refusal } from "./query.ts";
import type { TableSource } from "./schema.ts";

/** What the sandbox is told. */
export type ToSandbox =
  | {
    readonly kind: "ask";
    readonly id: string;
    readonly question: Question;
    /** Names the tables that are asked. */
    readonly generation: string;
    /** Makes them; given where they aren't open yet. */
    readonly open: TableSource | null;
    /** Whose tables are to be closed first. */
    readonly close: readonly string[];
    /** After that it is to be interrupted. */
    readonly withinMs: number;
    /** For the answer's envelope. */
    readonly version: number;
    /** ISO 8601. */
    readonly asOf: string;
  }
  | { readonly kind: "cancel"; readonly id: string };

/** What the sandbox says; the body is the answer's. */
export type FromSandbox =
  | { readonly kind: "ready" }
  | ({ readonly kind: "answer" } & Said & Omit<Answer, "body">)
  | ({ readonly kind: "refusal" } & Said & Refusal);

/** What there is to say besides. */
interface Said {
  readonly id: string;
  /** Whether the process has had enough: it has to be ended, and another started. */
  readonly spent: boolean;
}

/** A header with its body. */
export interface Frame<Header> {
  readonly header: Header;
  readonly body: Uint8Array<ArrayBuffer>;
}

const LENGTHS_BYTES = 8;
/** What nothing that is sent comes near: the sandbox may have been made to send anything. */
const MAX_FRAME_BYTES = 16 << 20;

/** A frame as bytes. */
export function encodeFrame(
  header: ToSandbox | FromSandbox,
  body: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const frame = new Uint8Array(LENGTHS_BYTES + json.length + body.length);
  const lengths = new DataView(frame.buffer);
  lengths.setUint32(0, json.length);
  lengths.setUint32(4, body.length);
  frame.set(json, LENGTHS_BYTES);
  frame.set(body, LENGTHS_BYTES + json.length);
  return frame;
}

/**
 * The frames of a stream until its end; a last one that is cut off is dropped.
 * @throws {RangeError} where a frame says that it is longer than any is
 */
export async function* decodeFrames<Header>(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Frame<Header>> {
  let chunks: Uint8Array[] = [];
  let held = 0;
  let needed = LENGTHS_BYTES;
  for await (const chunk of stream) {
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) continue;
    let bytes = joined(chunks, held);
    for (;;) {
      needed = LENGTHS_BYTES;
      if (bytes.length < needed) break;
      const lengths = new DataView(bytes.buffer, bytes.byteOffset);
      const bodyAt = LENGTHS_BYTES + lengths.getUint32(0);
      needed = bodyAt + lengths.getUint32(4);
      if (needed > MAX_FRAME_BYTES) throw new RangeError("A frame is longer than any is");
      if (bytes.length < needed) break;
      const header = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTHS_BYTES, bodyAt))) as Header;
      yield { header, body: bytes.slice(bodyAt, needed) };
      bytes = bytes.subarray(needed);
    }
    chunks = [bytes];
    held = bytes.length;
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
