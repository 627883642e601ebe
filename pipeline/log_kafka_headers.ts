/**
 * Walks record batches once more for their headers, which the fast walk steps over: only the few records of
 * derived topics need them.
 * @module
 */
import type { ReadBatch } from "./log.ts";
import {
  type AbortedTransaction,
  BATCH_HEADER_BYTES,
  damaged,
  type Header,
  readRun,
  walkBatches,
  type WalkedBatches,
} from "./log_kafka_batches.ts";

/** A record's headers: names and values as bytes of the batch. */
type RecordHeaders = [name: Uint8Array, value: Uint8Array][];

/** A batch with the headers of each of its records; one without records has none. */
export interface HeaderedBatch extends ReadBatch {
  readonly headers: readonly RecordHeaders[];
}

/** As `walkBatches`, and each batch with records is a HeaderedBatch. */
export function walkWithHeaders(
  partition: number,
  bytes: Uint8Array,
  from: number,
  aborted: readonly AbortedTransaction[],
): WalkedBatches {
  return walkBatches(partition, bytes, from, aborted, readHeadered);
}

function readHeadered(
  partition: number,
  bytes: Uint8Array,
  run: readonly Header[],
  from: number,
  next: number,
): HeaderedBatch {
  const batch = readRun(partition, bytes, run, from, next); // throws where what comes below would go astray
  return { ...batch, headers: run.flatMap((header) => headersOf(bytes, header, from)) };
}

function headersOf(bytes: Uint8Array, { start, base, count }: Header, from: number): RecordHeaders[] {
  const found: RecordHeaders[] = [];
  let o = start + BATCH_HEADER_BYTES;
  /** A number of up to 32 bits, zigzag; of a longer one the lower bits. */
  const varint = () => {
    let v = 0, byte = 128;
    for (let shift = 0; byte & 128; shift += 7) {
      byte = bytes[o++];
      if (shift < 32) v |= (byte & 127) << shift;
    }
    return (v >>> 1) ^ -(v & 1);
  };
  /** A length and so many bytes; null counts as none. */
  const field = (end: number) => {
    const length = Math.max(0, varint());
    if (o + length > end) throw damaged(base, "a header reaches beyond its record");
    return bytes.subarray(o, o += length);
  };
  for (let left = count; left > 0; left--) {
    const end = varint() + o;
    o++; // attributes
    varint(); // the timestamp's delta
    const offset = base + varint();
    field(end); // key
    field(end); // value
    const headers: RecordHeaders = [];
    for (let more = varint(); more > 0; more--) headers.push([field(end), field(end)]);
    if (offset >= from) found.push(headers);
    o = end;
  }
  return found;
}
