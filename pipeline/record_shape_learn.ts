/**
 * Learns a shape (see record_shape.ts) from a record that JSON.parse has read.
 * @module
 */

/** Kinds of values: the contents of a string, or a number. Literals are part of a gap, as keys are. */
export const TEXT = 0;
/** @see TEXT */
export const NUMBER = 1;

/** What a producer's records have in common. */
export interface Shape {
  /** Of each value. */
  readonly kinds: Uint8Array;
  /** Of each value: its index among the wanted fields, or −1 where it is none. */
  readonly fields: Int8Array;
  /** All gaps' bytes: a gap before each value, and one behind the last. */
  readonly gaps: Uint8Array;
  /** Where in `gaps` each gap ends. */
  readonly gapEnds: Int32Array;
  /** Each gap of at least eight bytes as little-endian words: its last eight bytes, then the others from the first on. */
  readonly words: BigInt64Array;
}

const QUOTE = 34, BACKSLASH = 92, COLON = 58, MINUS = 45, ZERO = 48, DOT = 46;
const OPEN_BRACE = 123, CLOSE_BRACE = 125, OPEN_BRACKET = 91, CLOSE_BRACKET = 93;
const WHITE = [32, 9, 10, 13];
const NUMBER_BYTES = new TextEncoder().encode("-+.0123456789eE");
const utf8 = new TextDecoder();

/** A field to find in records: where it is not of this kind, it is as good as absent. */
export interface WantedField {
  /** Keys from the record's object on, with dots between. */
  readonly path: string;
  readonly kind: typeof TEXT | typeof NUMBER;
}

/**
 * The shape of a record, an object in valid JSON; null where what it means can't be told by its bytes: a key is escaped
 * or has a dot, or a wanted field, or an object that it is in, stands there twice.
 */
export function learnShape(json: Uint8Array, wanted: readonly WantedField[]): Shape | null {
  const starts: number[] = [], ends: number[] = [], kinds: number[] = [], fields: number[] = [];
  const met = new Set<string>();
  /** The path of each object around, null for an array and all that is in it. */
  const around: (string | null)[] = [];
  /** The path of the next value; null where it can't be wanted. */
  let path: string | null = "";

  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === OPEN_BRACE) {
      around.push(path);
    } else if (byte === OPEN_BRACKET) {
      around.push(path = null);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      around.pop();
      path = null;
    } else if (byte === QUOTE) {
      const start = at + 1;
      at = closingQuote(json, start);
      if (isKey(json, at)) {
        const key = json.subarray(start, at);
        if (key.includes(BACKSLASH) || key.includes(DOT)) return null;
        path = pathOf(around.at(-1)!, utf8.decode(key));
        if (path === null || !wanted.some((one) => `${one.path}.`.startsWith(`${path}.`))) continue;
        if (met.has(path)) return null;
        met.add(path);
      } else {
        take(start, at, TEXT);
      }
    } else if (byte === MINUS || byte - ZERO >>> 0 < 10) {
      const start = at;
      while (NUMBER_BYTES.includes(json[at + 1])) at++;
      take(start, at + 1, NUMBER);
    }
  }
  return {
    kinds: Uint8Array.from(kinds),
    fields: Int8Array.from(fields),
    ...gapsBetween(json, starts, ends),
  };

  function take(start: number, end: number, kind: WantedField["kind"]): void {
    starts.push(start);
    ends.push(end);
    kinds.push(kind);
    fields.push(wanted.findIndex((one) => one.path === path && one.kind === kind));
  }
}

function closingQuote(json: Uint8Array, at: number): number {
  while (json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}

function isKey(json: Uint8Array, closing: number): boolean {
  let at = closing + 1;
  while (WHITE.includes(json[at])) at++;
  return json[at] === COLON;
}

function pathOf(parent: string | null, key: string): string | null {
  if (parent === null) return null;
  return parent === "" ? key : `${parent}.${key}`;
}

function gapsBetween(
  json: Uint8Array,
  starts: readonly number[],
  ends: readonly number[],
): Pick<Shape, "gaps" | "gapEnds" | "words"> {
  const gaps: number[] = [], gapEnds: number[] = [], words: bigint[] = [];
  const view = new DataView(json.buffer, json.byteOffset, json.byteLength);
  for (let k = 0; k <= starts.length; k++) {
    const start = k === 0 ? 0 : ends[k - 1], end = k === starts.length ? json.length : starts[k];
    for (let at = start; at < end; at++) gaps.push(json[at]);
    gapEnds.push(gaps.length);
    if (end - start < 8) continue;
    words.push(view.getBigInt64(end - 8, true));
    for (let at = start; at < end - 8; at += 8) words.push(view.getBigInt64(at, true));
  }
  return { gaps: Uint8Array.from(gaps), gapEnds: Int32Array.from(gapEnds), words: BigInt64Array.from(words) };
}
