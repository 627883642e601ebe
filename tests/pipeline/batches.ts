/**
 * Makes ReadBatches from plain records, so that the fold can be tested without a log.
 * @module
 */
import type { ReadBatch } from "../../pipeline/log.ts";

/** A record as a test writes it; strings are encoded as UTF-8. */
export interface PlainRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | Uint8Array | null;
  readonly value: string | Uint8Array | null;
}

const encoder = new TextEncoder();

/** One batch of one partition; `next` defaults to right behind the last record. */
export function batchOf(partition: number, records: readonly PlainRecord[], next?: number): ReadBatch {
  const parts: Uint8Array[] = [];
  let length = 0;
  const bounds = new Int32Array(4 * records.length);
  const place = (at: number, value: string | Uint8Array | null) => {
    if (value === null) return void bounds.fill(-1, at, at + 2);
    const bytes = typeof value === "string" ? encoder.encode(value) : value;
    parts.push(bytes);
    bounds[at] = length;
    bounds[at + 1] = length += bytes.length;
  };
  records.forEach((record, i) => {
    place(4 * i, record.key);
    place(4 * i + 2, record.value);
  });
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return {
    partition,
    bytes,
    n: records.length,
    offsets: Float64Array.from(records, (record) => record.offset),
    timestamps: Float64Array.from(records, (record) => record.timestamp),
    bounds,
    next: next ?? (records.at(-1)?.offset ?? -1) + 1,
  };
}
