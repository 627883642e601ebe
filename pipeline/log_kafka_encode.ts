/**
 * Writes record batches (format v2), uncompressed. kafkajs' own writer makes an object per record and takes
 * five times as long.
 *
 * Format: https://kafka.apache.org/documentation/#recordbatch
 * @module
 */
import type { AppendRecord } from "./log.ts";
import { BATCH_HEADER_BYTES, BATCH_PREFIX_BYTES, CRC_START } from "./log_kafka_batches.ts";
import { crc32c } from "./log_kafka_crc32c.ts";

/** Who wrote a batch and as which of theirs: what the broker recognises a repeated one by. */
export interface ProducerStamp {
  readonly producerId: bigint;
  readonly epoch: number;
  /** The number of the batch's first record among all that this producer wrote to the partition; 31 bits. */
  readonly sequence: number;
}

/** A record with its headers as `encodeHeaders` gives them, where it has any. */
export interface EncodableRecord extends AppendRecord {
  readonly headers?: Uint8Array;
}

/** At most this much is added to key, value and headers by a record's own fields. */
const MAX_RECORD_OVERHEAD_BYTES = 24;

/** An upper bound of what a record takes in a batch. */
export function encodedSize({ key, value, headers }: EncodableRecord): number {
  return MAX_RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0) + (headers?.length ?? 0);
}

/** Headers as they stand in a record: their number, then names and values. */
export function encodeHeaders(headers: Readonly<Record<string, string>>): Uint8Array {
  const fields = Object.entries(headers).flat().map((text) => encoder.encode(text));
  const n = fields.length / 2;
  const b = new Uint8Array(fields.reduce((sum, field) => sum + fieldSize(field), varintSize(n)));
  let o = writeVarint(b, 0, n);
  for (const field of fields) o = writeField(b, o, field);
  return b;
}

const encoder = new TextEncoder();

/** One batch of the records, all with the same timestamp; there must be at least one. */
export function encodeBatch(
  records: readonly EncodableRecord[],
  timestampMs: number,
  { producerId, epoch, sequence }: ProducerStamp,
): Uint8Array {
  let room = BATCH_HEADER_BYTES;
  for (const record of records) room += encodedSize(record);
  const b = new Uint8Array(room);
  let o = BATCH_HEADER_BYTES;
  for (let i = 0; i < records.length; i++) {
    const { key, value, headers } = records[i];
    const body = 2 + varintSize(i) + fieldSize(key) + fieldSize(value) + (headers?.length ?? 1);
    o = writeVarint(b, o, body);
    o += 2; // attributes, and the timestamp's delta: 0
    o = writeVarint(b, o, i);
    o = writeField(b, o, key);
    o = writeField(b, o, value);
    if (headers === undefined) o++; // none
    else {
      b.set(headers, o);
      o += headers.length;
    }
  }
  const view = new DataView(b.buffer);
  view.setInt32(8, o - BATCH_PREFIX_BYTES);
  view.setInt32(12, -1); // leader epoch: the broker's to set
  b[16] = 2;
  view.setInt32(23, records.length - 1);
  view.setBigInt64(27, BigInt(timestampMs));
  view.setBigInt64(35, BigInt(timestampMs));
  view.setBigInt64(43, producerId);
  view.setInt16(51, epoch);
  view.setInt32(53, sequence);
  view.setInt32(57, records.length);
  view.setUint32(17, crc32c(b, CRC_START, o));
  return b.subarray(0, o);
}

const fieldSize = (field: Uint8Array | null) => field === null ? 1 : varintSize(field.length) + field.length;

function writeField(b: Uint8Array, o: number, field: Uint8Array | null): number {
  if (field === null) return writeVarint(b, o, -1);
  o = writeVarint(b, o, field.length);
  b.set(field, o);
  return o + field.length;
}

function varintSize(value: number): number {
  let zigzag = (value << 1) ^ (value >> 31);
  let size = 1;
  while ((zigzag >>>= 7) !== 0) size++;
  return size;
}

function writeVarint(b: Uint8Array, o: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  while (zigzag > 127) {
    b[o++] = zigzag & 127 | 128;
    zigzag >>>= 7;
  }
  b[o++] = zigzag;
  return o;
}
