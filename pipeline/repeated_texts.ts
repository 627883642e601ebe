/**
 * Texts that repeat (candidates' ids, states, cities), by their bytes: one that was decoded lately is not decoded again.
 * @module
 */

/** A power of two: texts whose hashes meet in a slot take turns in it. */
const SLOTS = 1024;
/** Longer ones are decoded each time. */
const MAX_BYTES = 512;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const texts: string[] = new Array(SLOTS).fill("");
/** The UTF-8 of each text. */
const kept: DataView[] = new Array(SLOTS).fill(new DataView(new ArrayBuffer(0)));

/**
 * The text whose UTF-8 is `bytes[start … end)`.
 * @param view of the same bytes
 * @throws {TypeError} where they aren't UTF-8
 */
export function textOf(bytes: Uint8Array, view: DataView, start: number, end: number): string {
  const length = end - start;
  if (length > MAX_BYTES) return utf8.decode(bytes.subarray(start, end));
  let hash = length;
  if (length >= 4) hash ^= Math.imul(view.getInt32(start, true), 31) ^ view.getInt32(end - 4, true);
  else if (length > 0) hash ^= bytes[start] << 8 ^ bytes[end - 1] << 16;
  const slot = Math.imul(hash, 0x9e3779b1) >>> 22;
  const known = kept[slot];
  if (known.byteLength === length && sameBytes(known, 0, view, start, length)) return texts[slot];
  const copy = new Uint8Array(bytes.subarray(start, end)); // slice() of a Buffer is no copy
  const text = utf8.decode(copy);
  kept[slot] = new DataView(copy.buffer, copy.byteOffset, length);
  return texts[slot] = text;
}

/** Whether `length` bytes of one array from `start` on are those of another from `otherStart` on. */
export function sameBytes(
  view: DataView,
  start: number,
  other: DataView,
  otherStart: number,
  length: number,
): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    if (view.getInt32(start + i) !== other.getInt32(otherStart + i)) return false;
  }
  for (; i < length; i++) if (view.getInt8(start + i) !== other.getInt8(otherStart + i)) return false;
  return true;
}
