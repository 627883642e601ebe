/**
 * The four compressions that foreign producers may have used. Teller itself writes uncompressed.
 * @module
 */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import lz4js from "lz4js";
import snappyjs from "snappyjs";

/** A batch that unpacks to more is taken for damaged: brokers accept some 1 MB of packed bytes by default. */
const MAX_UNPACKED_BYTES = 256 << 20;

/** Java producers frame snappy blocks as the xerial library does: this, two versions, then (size, block)… */
const XERIAL_MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];
const XERIAL_HEADER_BYTES = 16;

/**
 * Unpacks a batch's records.
 * @param codec bits 0–2 of the batch's attributes, 1 to 4
 * @throws {Error} of whatever kind where the bytes are not what the codec writes, or the codec is unknown
 */
export function decompress(codec: number, packed: Uint8Array): Uint8Array {
  switch (codec) {
    case 1:
      return gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
    case 2:
      return unsnappy(packed);
    case 3:
      return lz4js.decompress(packed);
    case 4:
      return zstdDecompressSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
    default:
      throw new RangeError(`no compression has the number ${codec}`);
  }
}

function unsnappy(packed: Uint8Array): Uint8Array {
  if (XERIAL_MAGIC.some((byte, i) => packed[i] !== byte)) return unsnappyBlock(packed);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const blocks: Uint8Array[] = [];
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at < packed.length;) {
    const size = view.getUint32(at);
    const block = unsnappyBlock(packed.subarray(at + 4, at + 4 + size));
    blocks.push(block);
    total += block.length;
    at += 4 + size;
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}

const unsnappyBlock = (block: Uint8Array): Uint8Array => snappyjs.uncompress(block, MAX_UNPACKED_BYTES);
