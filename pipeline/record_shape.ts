/**
 * Shapes: what the JSON of one producer's records has in common, learned from a record that JSON.parse has read, so
 * that the next ones are recognised in their bytes and nothing is parsed.
 *
 * A shape is a record's bytes cut into values (the contents of its strings, its numbers) and gaps (all else: braces,
 * keys, quotes, spaces, literals). A record whose gaps are byte for byte the same, with a string's contents where the
 * shape has a string's and a number where it has a number, is JSON of the same keys and types in the same places: for
 * a gap begins and ends where a value does, and no string's contents can hold the quote that ends it. What fits no
 * shape may still be anything, and is for JSON.parse to judge.
 * @module
 */
import { learnShape, type Shape, TEXT, type WantedField } from "./record_shape_learn.ts";

/** How many shapes are kept: of several producers, and of values that are sometimes null. */
const MAX_SHAPES = 8;
/** Once that many are kept, one miss in so many is learned in place of another: it costs more than parsing. */
const LEARN_EVERY = 64;

/** The shapes of one topic's records, and the fields that are wanted of them. */
export interface Shapes {
  readonly wanted: readonly WantedField[];
  /** Often used ones first. */
  readonly known: Shape[];
  misses: number;
}

/** No shapes yet. */
export function createShapes(wanted: readonly WantedField[]): Shapes {
  return { wanted, known: [], misses: 0 };
}

/**
 * Whether the record in `bytes[start … end)` fits a known shape; then its JSON is valid, and `spans[2·i]` and
 * `spans[2·i+1]` are where the i-th wanted field stands, −1 where the record has none of that kind: a number, or a
 * string without its quotes and without escapes.
 * @param view of the same bytes
 */
export function fitsShape(
  shapes: Shapes,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  spans: Int32Array,
): boolean {
  const { known } = shapes;
  for (let i = 0; i < known.length; i++) {
    const shape = known[i];
    if (!fits(shape, bytes, view, start, end, spans)) continue;
    if (i > 0) {
      known[i] = known[i - 1];
      known[i - 1] = shape;
    }
    return true;
  }
  return false;
}

/** Learns the shape of a record that fits no known one; it must be an object in valid JSON. */
export function noteMiss(shapes: Shapes, bytes: Uint8Array, start: number, end: number): void {
  const full = shapes.known.length === MAX_SHAPES;
  if (full && ++shapes.misses % LEARN_EVERY !== 0) return;
  const shape = learnShape(bytes.subarray(start, end), shapes.wanted);
  if (shape === null) return;
  if (full) shapes.known.pop();
  shapes.known.push(shape);
}

function fits(
  shape: Shape,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  spans: Int32Array,
): boolean {
  const { kinds, fields, gaps, gapEnds, words } = shape;
  for (let i = 0; i < spans.length; i++) spans[i] = -1; // of so few, dearer by fill()
  let at = start, gapStart = 0, word = 0;
  for (let k = 0;; k++) {
    const gapEnd = gapEnds[k];
    const next = at + gapEnd - gapStart;
    if (next > end) return false;
    // Eight bytes at a time, the last eight first, which may overlap the ones before.
    const last = next - 8;
    if (last < at) {
      for (let i = gapStart; i < gapEnd; i++) if (bytes[at++] !== gaps[i]) return false;
    } else {
      if (view.getBigInt64(last, true) !== words[word++]) return false;
      for (; at < last; at += 8) if (view.getBigInt64(at, true) !== words[word++]) return false;
    }
    if (k === kinds.length) return next === end;
    const field = fields[k];
    if (kinds[k] === TEXT) {
      at = plainEnd(view, next, end);
      if (bytes[at] !== QUOTE) at = textEnd(bytes, view, at, end, field < 0);
    } else {
      at = numberEnd(bytes, next, end);
    }
    if (at < 0) return false;
    if (field >= 0) {
      spans[2 * field] = next;
      spans[2 * field + 1] = at;
    }
    gapStart = gapEnd;
  }
}

const QUOTE = 34, BACKSLASH = 92, MINUS = 45, PLUS = 43, POINT = 46;

/**
 * Where the first byte of [at … end) stands that is a control character, a quote, a backslash or not ASCII; or before
 * that where fewer than four bytes are left. It is small, so that it is compiled into its caller: most strings end here.
 */
function plainEnd(view: DataView, at: number, end: number): number {
  for (; at + 4 <= end; at += 4) {
    // Four bytes by their top bits: one is set where a byte is special. (byte ^ 2) < 33 means a control character or the
    // quote; those that aren't ASCII are in either term. A borrow may change more, but only above a special byte.
    const four = view.getInt32(at, true);
    const special = ((four ^ 0x02020202) - 0x21212121 | (four ^ 0x5c5c5c5c) - 0x01010101) & 0x80808080;
    if (special !== 0) return at + (31 - Math.clz32(special & -special) >> 3);
  }
  return at;
}

/** Where the quote that ends a string stands, or −1 where its contents are not those of a JSON string in UTF-8. */
function textEnd(bytes: Uint8Array, view: DataView, at: number, end: number, escapes: boolean): number {
  for (;;) {
    at = plainEnd(view, at, end);
    if (at >= end) return -1;
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at = escapes ? escapeEnd(bytes, at) : -1;
    else if (byte >= 0x80) at = characterEnd(bytes, at);
    else if (byte >= 0x20) at++;
    else return -1;
    if (at < 0) return -1;
  }
}

const HEX_DIGIT = /[0-9a-fA-F]/;
const IS_HEX_DIGIT = Uint8Array.from(
  { length: 256 },
  (_, byte) => Number(HEX_DIGIT.test(String.fromCharCode(byte))),
);
const ESCAPES = Uint8Array.from(
  { length: 256 },
  (_, byte) => Number('"\\/bfnrt'.includes(String.fromCharCode(byte))),
);
const LOWER_U = 117;

/** Behind an escape sequence; it ends before the value does where a quote follows it. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  const kind = bytes[at + 1];
  if (ESCAPES[kind] === 1) return at + 2;
  if (kind !== LOWER_U) return -1;
  for (let i = at + 2; i < at + 6; i++) if (IS_HEX_DIGIT[bytes[i]] !== 1) return -1;
  return at + 6;
}

/** Behind a character of two to four bytes, as RFC 3629 has them: none overlong, no surrogate, none past U+10FFFF. */
function characterEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at], second = bytes[at + 1];
  if (first < 0xc2 || first > 0xf4) return -1;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (!(second >= least && second <= most)) return -1;
  const end = at + (first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
  for (let i = at + 2; i < end; i++) if ((bytes[i] & 0xc0) !== 0x80) return -1;
  return end;
}

/** Behind a JSON number, or −1 where there is none. */
function numberEnd(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === MINUS) at++;
  const whole = digitsEnd(bytes, at, end);
  if (whole === at || (bytes[at] === ZERO && whole > at + 1)) return -1;
  at = whole;
  if (bytes[at] === POINT) {
    const fraction = digitsEnd(bytes, at + 1, end);
    if (fraction === at + 1) return -1;
    at = fraction;
  }
  if ((bytes[at] | 0x20) === LOWER_E) {
    const sign = bytes[at + 1];
    const digits = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
    const exponent = digitsEnd(bytes, digits, end);
    if (exponent === digits) return -1;
    at = exponent;
  }
  return at;
}

const ZERO = 48, LOWER_E = 101;

function digitsEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] - ZERO >>> 0 < 10) at++;
  return at;
}
