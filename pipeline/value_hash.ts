/**
 * A 64-bit hash of a record's value, by which the fold tells whether a later one says the same.
 *
 * Written by hand: SHA-256 takes longer than all else that is done for a voter. No defence against whoever makes two
 * values of one hash on purpose is needed: to write them, he must be able to accredit whom he likes.
 * @module
 */

/** The hash of `bytes[start … end)` as two words. Snapshots keep it: another way to make it is another FOLD_VERSION. */
export function hashOf(bytes: Uint8Array, start = 0, end = bytes.length): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let a = 0x9e3779b9 ^ end - start, b = 0x85ebca6b;
  let at = start;
  // Each step maps the 64 bits of a and b one to one, and those of its eight bytes: values of the same length that
  // differ in one step only never have the same hash.
  for (; at + 8 <= end; at += 8) {
    const x = Math.imul(view.getInt32(at, true), 0xcc9e2d51),
      y = Math.imul(view.getInt32(at + 4, true), 0x1b873593);
    a = Math.imul(a ^ (x << 15 | x >>> 17), 0x85ebca6b) + b | 0;
    a = a << 13 | a >>> 19;
    b = Math.imul(b ^ (y << 13 | y >>> 19), 0xc2b2ae35) + a | 0;
    b = b << 17 | b >>> 15;
  }
  for (; at < end; at++) {
    a = Math.imul(a ^ bytes[at], 0xcc9e2d51) + b | 0;
    b = (b << 11 | b >>> 21) + a | 0;
  }
  a = mixed(a) + b | 0;
  b = mixed(b ^ a);
  return [mixed(a + b | 0) >>> 0, b >>> 0];
}

/** Spreads each bit over all (the end of MurmurHash3). */
function mixed(word: number): number {
  word = Math.imul(word ^ word >>> 16, 0x85ebca6b);
  word = Math.imul(word ^ word >>> 13, 0xc2b2ae35);
  return word ^ word >>> 16;
}
