/**
 * The demo's ids: UUIDs drawn from a seed that also tell which number they stand for.
 *
 * So a demo that goes on where it stopped recognises its own people in the log without a table of all ids.
 * @module
 */
import { createRandom, STREAM } from "./demo_random.ts";

/** How many bytes an id is long. */
export const ID_LENGTH = 36;

/** The ids of an election's people. */
export interface PeopleIds {
  readonly voters: Ids;
  readonly candidates: Ids;
}

/**
 * Makes the ids of an election. Candidates' also depend on how many there are, because with others to choose from it
 * is another election.
 */
export function createPeopleIds(options: { seed: number; candidates: number }): PeopleIds {
  const { seed, candidates } = options;
  const ofCandidates = createIds(seed, STREAM.candidateId + candidates);
  return {
    voters: createIds(seed, STREAM.voterId),
    candidates: {
      idOf: ofCandidates.idOf,
      indexOf(bytes, start, end) {
        const i = ofCandidates.indexOf(bytes, start, end);
        return i < candidates ? i : -1;
      },
    },
  };
}

/** Ids of one seed and stream. */
export interface Ids {
  /** The id of number i: a canonical lower-case UUID, version 4. */
  idOf(i: number): string;
  /** The number that an id in UTF-8 stands for, or −1 where it is none of these ids. */
  indexOf(bytes: Uint8Array, start: number, end: number): number;
}

/** Makes the ids of a stream (see STREAM of demo_random.ts). */
export function createIds(seed: number, stream: number): Ids {
  const random = createRandom(seed);
  const expected = new Uint8Array(ID_LENGTH);

  // Three words are drawn; the first is the number, made unrecognisable by a hash of the other three.
  function drawWords(i: number): [number, number, number, number] {
    random.at(stream, i);
    const b = (random.word() & 0xffff0fff | 0x4000) >>> 0;
    const c = (random.word() & 0x3fffffff | 0x80000000) >>> 0;
    const d = random.word();
    return [(i ^ mix(b, c, d)) >>> 0, b, c, d];
  }
  function idOf(i: number): string {
    const [a, b, c, d] = drawWords(i);
    return hex4(a >>> 16) + hex4(a) + "-" + hex4(b >>> 16) + "-" + hex4(b) + "-" +
      hex4(c >>> 16) + "-" + hex4(c) + hex4(d >>> 16) + hex4(d);
  }
  return {
    idOf,
    indexOf(bytes, start, end) {
      if (end - start !== ID_LENGTH) return -1;
      const b = wordAt(bytes, start + 9), c = wordAt(bytes, start + 19), d = wordAt(bytes, start + 28);
      const i = (wordAt(bytes, start) ^ mix(b, c, d)) >>> 0;
      encoder.encodeInto(idOf(i), expected);
      for (let at = 0; at < ID_LENGTH; at++) if (bytes[start + at] !== expected[at]) return -1;
      return i;
    },
  };
}

const encoder = new TextEncoder();
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex4(word: number): string {
  return HEX[word >>> 8 & 255] + HEX[word & 255];
}

/** Eight hexadecimal digits from a place on, a dash between them skipped. Anything else gives any word. */
function wordAt(bytes: Uint8Array, from: number): number {
  let word = 0;
  for (let at = from, digits = 0; digits < 8; at++) {
    const byte = bytes[at];
    if (byte === DASH) continue;
    word = word << 4 | (byte <= NINE ? byte - ZERO : byte - LOWER_A + 10) & 15;
    digits++;
  }
  return word >>> 0;
}

const DASH = 0x2d, ZERO = 0x30, NINE = 0x39, LOWER_A = 0x61;

function mix(b: number, c: number, d: number): number {
  let hash = Math.imul(b, 0x9e3779b1) ^ c;
  hash = Math.imul(hash ^ hash >>> 15, 0x85ebca6b) ^ d;
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return hash ^ hash >>> 16;
}
