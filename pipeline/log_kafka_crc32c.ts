/**
 * CRC-32C (Castagnoli), the checksum of Kafka's record batches.
 *
 * Written by hand: node:zlib has CRC-32 only. Slicing by 16 (sixteen tables, sixteen bytes a step), and for long
 * batches, which are most of what a start reads, something quicker first: see `foldWords`.
 * @module
 */

const POLYNOMIAL = 0x82f63b78;

/** Table t holds, at t·256 + b, the checksum of byte b followed by t zero bytes. */
const tables = new Int32Array(16 * 256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  tables[byte] = crc;
}
for (let i = 256; i < tables.length; i++) {
  tables[i] = (tables[i - 256] >>> 8) ^ tables[tables[i - 256] & 255];
}

/**
 * x^5275 + x^4508 + x^2751 + 1 is a multiple of the polynomial, and so are its squares: with x^32 for x too. So a word
 * may be left out of a message where it is added (XOR) to those 767, 2524 and 5275 words behind it.
 */
const TAP_1 = 767, TAP_2 = 2524, TAP_3 = 5275;
/** So many words are folded between two moves of the last TAP_3 to the front. */
const RUN = 16_384;
const folded = new Int32Array(TAP_3 + RUN);
const rest = new Uint8Array(4 * TAP_3);
const restView = new DataView(rest.buffer);
/** Shorter ones gain nothing. */
const MIN_FOLDED_BYTES = 16 * TAP_3;

/** The checksum of bytes[start … end). */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end - start < MIN_FOLDED_BYTES) return ~update(-1, bytes, view, start, end) >>> 0;
  const at = foldWords(view, start, end);
  return ~update(update(0, rest, restView, 0, rest.length), bytes, view, at, end) >>> 0;
}

/**
 * Folds all words but the last TAP_3 into these, which are left in `rest` with what was added; the checksum's first
 * value, −1, is in it. Gives where the bytes begin that make no word.
 */
function foldWords(view: DataView, start: number, end: number): number {
  folded.fill(0, 0, TAP_3);
  folded[0] = -1; // of a word TAP_3 before the first: added to that
  let at = start;
  for (let left = (end - start >>> 2) - TAP_3; left > 0;) {
    const run = Math.min(left, RUN), stop = TAP_3 + run;
    for (let i = TAP_3; i < stop; i++, at += 4) {
      folded[i] = view.getInt32(at, true) ^ folded[i - TAP_1] ^ folded[i - TAP_2] ^ folded[i - TAP_3];
    }
    folded.copyWithin(0, run, run + TAP_3);
    left -= run;
  }
  for (let i = 0; i < TAP_3; i++, at += 4) {
    let word = view.getInt32(at, true) ^ folded[i];
    if (i < TAP_1) word ^= folded[TAP_3 - TAP_1 + i];
    if (i < TAP_2) word ^= folded[TAP_3 - TAP_2 + i];
    restView.setInt32(4 * i, word, true);
  }
  return at;
}

/** The checksum of what came before, gone on with over bytes[start … end); `view` is of the same bytes. */
function update(crc: number, bytes: Uint8Array, view: DataView, start: number, end: number): number {
  const T = tables;
  let i = start;
  for (; i + 16 <= end; i += 16) {
    const a = crc ^ view.getInt32(i, true);
    const b = view.getInt32(i + 4, true);
    const c = view.getInt32(i + 8, true);
    const d = view.getInt32(i + 12, true);
    crc = T[3840 + (a & 255)] ^ T[3584 + (a >>> 8 & 255)] ^ T[3328 + (a >>> 16 & 255)] ^
      T[3072 + (a >>> 24)] ^
      T[2816 + (b & 255)] ^ T[2560 + (b >>> 8 & 255)] ^ T[2304 + (b >>> 16 & 255)] ^ T[2048 + (b >>> 24)] ^
      T[1792 + (c & 255)] ^ T[1536 + (c >>> 8 & 255)] ^ T[1280 + (c >>> 16 & 255)] ^ T[1024 + (c >>> 24)] ^
      T[768 + (d & 255)] ^ T[512 + (d >>> 8 & 255)] ^ T[256 + (d >>> 16 & 255)] ^ T[d >>> 24];
  }
  for (; i < end; i++) crc = T[(crc ^ bytes[i]) & 255] ^ crc >>> 8;
  return crc;
}
