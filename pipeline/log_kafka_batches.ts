/**
 * Walks what a Fetch answers (record batches, format v2) in place, into ReadBatches: no object per record.
 *
 * Format: https://kafka.apache.org/documentation/#recordbatch. Offsets are taken as doubles, exact to 2^53.
 * @module
 */
import { Fault } from "./fault.ts";
import type { ReadBatch } from "./log.ts";
import { decompress } from "./log_kafka_codecs.ts";
import { crc32c } from "./log_kafka_crc32c.ts";

/** A transaction that was rolled back, as a Fetch answer lists them: by first offset, ascending. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What a partition's bytes in a Fetch answer hold. */
export interface WalkedBatches {
  readonly batches: ReadBatch[];
  /** The size of a first batch that did not fit into the answer; 0 where it did, or there is none. */
  readonly missingBytes: number;
}

/** Bytes up to and with the field that says how many follow. */
export const BATCH_PREFIX_BYTES = 12;
/** Bytes of a batch before its records. */
export const BATCH_HEADER_BYTES = 61;
/** The checksum covers everything from here. */
export const CRC_START = 21;

/** So many records make a ReadBatch at most, unless one of the log's own batches has more: between two, others have their turn. */
const MAX_RUN_RECORDS = 4_096;
/** A record of an empty key and value: length, attributes, two deltas, three lengths. */
const MIN_RECORD_BYTES = 7;
/** A timestamp's delta, zigzag: what is beyond was never a time, and would not be exact. */
const MAX_DELTA = Number.MAX_SAFE_INTEGER;
const MAGIC = 2;
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const CONTROL_ABORT = 0;

/** Where one batch of a Fetch answer stands, and its header. */
export interface Header {
  readonly start: number;
  readonly end: number;
  readonly base: number;
  readonly last: number;
  readonly attributes: number;
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: bigint;
  readonly count: number;
}

/**
 * Walks a partition's records from offset `from` on; batches before it, control batches and rolled-back ones
 * show only in `next`. A batch cut off at the end of the answer is left for the next Fetch.
 * @throws {Fault} LOG_REFUSED, retryable where the batch that `from` lies in is damaged, not where its format
 * is too old; damaged ones behind it are left for the next Fetch
 * @param read what is made of batches over the same bytes
 */
export function walkBatches(
  partition: number,
  bytes: Uint8Array,
  from: number,
  aborted: readonly AbortedTransaction[],
  read: typeof readRun = readRun,
): WalkedBatches {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rolledBack = createRollbackFilter(aborted);
  const batches: ReadBatch[] = [];
  let run: Header[] = []; // uncompressed ones in a row share one ReadBatch, and the answer's bytes
  let runRecords = 0;
  let next = from;
  let at = 0;
  const finishRun = () => {
    if (run.length > 0) batches.push(read(partition, bytes, run, from, next));
    run = [];
    runRecords = 0;
  };

  let damage: unknown = null;
  try {
    while (at + BATCH_PREFIX_BYTES <= bytes.length) {
      const end = at + BATCH_PREFIX_BYTES + view.getInt32(at + 8);
      if (end > bytes.length) break;
      const header = readHeader(bytes, view, at, end);
      if (header.last >= from) {
        const skipped = rolledBack(header, bytes, view);
        if (!skipped && (header.attributes & COMPRESSION)) {
          const unpacked = unpack(header, bytes);
          finishRun();
          const whole = { ...header, start: -BATCH_HEADER_BYTES, end: unpacked.length };
          batches.push(read(partition, unpacked, [whole], from, header.last + 1));
        } else if (!skipped) {
          if (runRecords + header.count > MAX_RUN_RECORDS) finishRun();
          run.push(header);
          runRecords += header.count;
        }
        next = header.last + 1;
      }
      at = end;
    }
  } catch (error) {
    damage = error;
  }
  finishRun();
  const delivered = batches.at(-1)?.next ?? from;
  if (next > delivered) batches.push(gap(partition, bytes, next));
  // What stands before the damage is good and goes first; if the damage lasts, it is the first thing next time.
  if (damage !== null && batches.length === 0) throw damage;
  const missing = damage === null && at === 0 && bytes.length >= BATCH_PREFIX_BYTES;
  return { batches, missingBytes: missing ? BATCH_PREFIX_BYTES + view.getInt32(8) : 0 };
}

function readHeader(bytes: Uint8Array, view: DataView, start: number, end: number): Header {
  const base = readOffset(view, start);
  const magic = end - start > 16 ? bytes[start + 16] : -1;
  if (magic === 0 || magic === 1) {
    throw new Fault(
      "LOG_REFUSED",
      `the records at offset ${base} are in message format v${magic}, from before Kafka 0.11: ` +
        "copy the topic with a current producer",
    );
  }
  if (magic !== MAGIC || end - start < BATCH_HEADER_BYTES) throw damaged(base, "it has no readable header");
  if (crc32c(bytes, start + CRC_START, end) !== view.getUint32(start + 17)) {
    throw damaged(base, "its checksum is wrong");
  }
  const attributes = view.getInt16(start + 21);
  const count = view.getInt32(start + 57);
  const last = base + view.getInt32(start + 23);
  const room = (end - start - BATCH_HEADER_BYTES) / MIN_RECORD_BYTES;
  if (count < 0 || last < base || (!(attributes & COMPRESSION) && count > room)) {
    throw damaged(base, "its header contradicts itself");
  }
  return {
    start,
    end,
    base,
    last,
    attributes,
    firstTimestamp: readOffset(view, start + 27),
    maxTimestamp: readOffset(view, start + 35),
    producerId: view.getBigInt64(start + 43),
    count,
  };
}

/** Says of batch after batch whether to skip it: a control batch, or part of a rolled-back transaction. */
function createRollbackFilter(aborted: readonly AbortedTransaction[]) {
  const open = new Set<bigint>();
  let upcoming = 0;
  return (header: Header, bytes: Uint8Array, view: DataView): boolean => {
    while (upcoming < aborted.length && aborted[upcoming].firstOffset <= header.last) {
      open.add(aborted[upcoming++].producerId);
    }
    if (header.attributes & CONTROL) {
      if (controlType(header, bytes, view) === CONTROL_ABORT) open.delete(header.producerId);
      return true;
    }
    return (header.attributes & TRANSACTIONAL) !== 0 && open.has(header.producerId);
  };
}

/** The kind of a control batch: in its one record's key, behind a version. */
function controlType(header: Header, bytes: Uint8Array, view: DataView): number {
  if (header.count !== 1) throw damaged(header.base, "it is a control batch of several records");
  const one = readRun(0, bytes, [{ ...header, attributes: 0 }], 0, header.last + 1);
  const [keyStart, keyEnd] = one.bounds;
  if (keyEnd - keyStart < 4) throw damaged(header.base, "it is a control batch without a key");
  return view.getInt16(keyStart + 2);
}

function unpack(header: Header, bytes: Uint8Array): Uint8Array {
  const packed = bytes.subarray(header.start + BATCH_HEADER_BYTES, header.end);
  let unpacked: Uint8Array;
  try {
    unpacked = decompress(header.attributes & COMPRESSION, packed);
  } catch (cause) {
    throw damaged(header.base, "it can't be unpacked", cause);
  }
  if (header.count > unpacked.length / MIN_RECORD_BYTES) {
    throw damaged(header.base, "it says that it holds more records than it has room for");
  }
  return unpacked;
}

/** Batches over the same bytes as one ReadBatch, without the records before `from`. */
export function readRun(
  partition: number,
  bytes: Uint8Array,
  run: readonly Header[],
  from: number,
  next: number,
): ReadBatch {
  let room = 0;
  for (const header of run) room += header.count;
  // One allocation for three columns: it is made for every Fetch.
  const columns = new ArrayBuffer(room * 32);
  const offsets = new Float64Array(columns, 0, room);
  const timestamps = new Float64Array(columns, room * 8, room);
  const bounds = new Int32Array(columns, room * 16, room * 4);
  let n = 0;
  for (const header of run) n = readRecords(bytes, header, from, n, offsets, timestamps, bounds);
  return { partition, bytes, n, offsets, timestamps, bounds, next };
}

/**
 * The hot loop: every record that Teller reads passes here once. Varints are decoded in place because a call
 * each would double its cost. Reading past the end of `bytes` gives undefined, which ends a varint; what it
 * gave is then found to lie outside.
 */
function readRecords(
  b: Uint8Array,
  header: Header,
  from: number,
  n: number,
  offsets: Float64Array,
  timestamps: Float64Array,
  bounds: Int32Array,
): number {
  const { base, last, firstTimestamp, maxTimestamp, end } = header;
  const logAppendTime = (header.attributes & LOG_APPEND_TIME) !== 0;
  let previous = base - 1;
  let o = header.start + BATCH_HEADER_BYTES;
  for (let left = header.count; left > 0; left--) {
    let c = 0, v = 0, shift = 0;
    do {
      c = b[o++];
      v |= (c & 127) << shift;
      shift += 7;
    } while (c & 128);
    const recordEnd = o + ((v >>> 1) ^ -(v & 1));
    o++; // attributes: unused
    // The timestamp's delta has up to 64 bits.
    let wide = 0, factor = 1;
    do {
      c = b[o++];
      wide += (c & 127) * factor;
      factor *= 128;
    } while (c & 128);
    v = 0;
    shift = 0;
    do {
      c = b[o++];
      v |= (c & 127) << shift;
      shift += 7;
    } while (c & 128);
    const offset = base + ((v >>> 1) ^ -(v & 1));
    v = 0;
    shift = 0;
    do {
      c = b[o++];
      v |= (c & 127) << shift;
      shift += 7;
    } while (c & 128);
    const keyLength = (v >>> 1) ^ -(v & 1);
    const keyStart = o;
    if (keyLength > 0) o += keyLength;
    const keyEnd = o;
    v = 0;
    shift = 0;
    do {
      c = b[o++];
      v |= (c & 127) << shift;
      shift += 7;
    } while (c & 128);
    const valueLength = (v >>> 1) ^ -(v & 1);
    const valueEnd = valueLength > 0 ? o + valueLength : o;
    if (
      valueEnd > recordEnd || recordEnd > end || !(wide <= MAX_DELTA) || offset <= previous || offset > last
    ) {
      throw damaged(base, "its records contradict its header");
    }
    if (offset >= from) {
      offsets[n] = offset;
      timestamps[n] = logAppendTime
        ? maxTimestamp
        : firstTimestamp + (wide % 2 === 0 ? wide / 2 : -(wide + 1) / 2);
      const i = n * 4;
      bounds[i] = keyLength < 0 ? -1 : keyStart;
      bounds[i + 1] = keyLength < 0 ? -1 : keyEnd;
      bounds[i + 2] = valueLength < 0 ? -1 : o;
      bounds[i + 3] = valueLength < 0 ? -1 : valueEnd;
      n++;
    }
    previous = offset;
    o = recordEnd; // over headers, which nobody here reads
  }
  return n;
}

function gap(partition: number, bytes: Uint8Array, next: number): ReadBatch {
  const none = new Float64Array(0);
  return { partition, bytes, n: 0, offsets: none, timestamps: none, bounds: new Int32Array(0), next };
}

const readOffset = (view: DataView, at: number) => view.getInt32(at) * 0x1_0000_0000 + view.getUint32(at + 4);

/** The fault of a batch whose bytes can't be what was written. */
export function damaged(offset: number, why: string, cause?: unknown): Fault {
  const message = `the record batch at offset ${offset} is damaged: ${why}`;
  return new Fault("LOG_REFUSED", message, { retryable: true, cause });
}
