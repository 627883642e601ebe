/**
 * CRC-32C (Castagnoli), the checksum of Kafka's record batches.
 *
 * Written by hand: node:zlib has CRC-32 only. Slicing by 16 (sixteen tables, sixteen bytes a step).
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

/** The checksum of bytes[start … end). */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  const T = tables;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = -1;
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
  return ~crc >>> 0;
}
