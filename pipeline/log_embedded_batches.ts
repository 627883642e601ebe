/**
 * The embedded log's batches: records to rows of the file, and rows to what a reader gets.
 * @module
 */
import type { AppendRecord, ReadBatch } from "./log.ts";
import type { StoredBatch } from "./log_embedded_file.ts";

/** A row holds about this much, and a read hands over at least this much of a partition where there is more. */
export const BATCH_BYTES = 256 * 1024;

/** Cuts records into batches of about BATCH_BYTES, made one at a time; the first gets the offset `base`. */
export function* batchesOf(
  records: readonly AppendRecord[],
  base: number,
  timestamp: number,
): Generator<StoredBatch> {
  for (let start = 0, end = 0; start < records.length; start = end) {
    let size = 0;
    while (end < records.length && size < BATCH_BYTES) size += sizeOf(records[end++]);
    yield { base: base + start, timestamp, ...pack(records.slice(start, end), size) };
  }
}

const sizeOf = ({ key, value }: AppendRecord) => (key?.length ?? 0) + (value?.length ?? 0);

function pack(records: readonly AppendRecord[], size: number): Pick<StoredBatch, "n" | "bounds" | "bytes"> {
  const bytes = new Uint8Array(size);
  const bounds = new Int32Array(4 * records.length).fill(-1);
  let at = 0;
  const put = (part: Uint8Array | null, bound: number) => {
    if (part === null) return;
    bytes.set(part, at);
    bounds[bound] = at;
    bounds[bound + 1] = at += part.length;
  };
  records.forEach(({ key, value }, i) => {
    put(key, 4 * i);
    put(value, 4 * i + 2);
  });
  return { n: records.length, bounds, bytes };
}

/** Stored rows as one batch from an offset on; a single row's bytes are handed over as they are. */
export function toReadBatch(partition: number, from: number, rows: readonly StoredBatch[]): ReadBatch {
  const { base, n: lastN } = rows[rows.length - 1];
  const next = base + lastN;
  const n = next - from;
  const offsets = new Float64Array(n), timestamps = new Float64Array(n);
  for (let i = 0; i < n; i++) offsets[i] = from + i;
  for (const row of rows) {
    timestamps.fill(row.timestamp, Math.max(0, row.base - from), row.base + row.n - from);
  }
  const { bounds, bytes } = rows.length === 1 ? rows[0] : concatenate(rows);
  return {
    partition,
    bytes,
    n,
    offsets,
    timestamps,
    bounds: bounds.subarray(4 * (from - rows[0].base)),
    next,
  };
}

/** Small rows in one array each, so that a log of single votes reads nearly as fast as one of full batches. */
function concatenate(rows: readonly StoredBatch[]): { bounds: Int32Array; bytes: Uint8Array } {
  const bytes = new Uint8Array(rows.reduce((sum, row) => sum + row.bytes.length, 0));
  const bounds = new Int32Array(rows.reduce((sum, row) => sum + row.bounds.length, 0));
  let at = 0, bound = 0;
  for (const row of rows) {
    bytes.set(row.bytes, at);
    for (let i = 0; i < row.bounds.length; i++) {
      bounds[bound++] = row.bounds[i] === -1 ? -1 : row.bounds[i] + at;
    }
    at += row.bytes.length;
  }
  return { bounds, bytes };
}
