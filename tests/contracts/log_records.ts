/**
 * Records as text, and reading a log to a known end: what tests of any EventLog share.
 * @module
 */
import type { AppendRecord, EventLog, Position, ReadBatch, Topic } from "../../pipeline/log.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A record read back. */
export interface TextRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** A record of texts. */
export function record(key: string | null, value: string | null): AppendRecord {
  const bytes = (text: string | null) => text === null ? null : encoder.encode(text);
  return { key: bytes(key), value: bytes(value) };
}

/** `n` records with keys and values that tell them apart. */
export function records(n: number, name = "record"): AppendRecord[] {
  return Array.from({ length: n }, (_, i) => record(`${name} ${i}`, `value of ${name} ${i}`));
}

/** A batch's records, decoded. */
export function textOf({ partition, bytes, n, offsets, timestamps, bounds }: ReadBatch): TextRecord[] {
  const text = (start: number, end: number) => start < 0 ? null : decoder.decode(bytes.subarray(start, end));
  return Array.from({ length: n }, (_, i) => ({
    partition,
    offset: offsets[i],
    timestamp: timestamps[i],
    key: text(bounds[4 * i], bounds[4 * i + 1]),
    value: text(bounds[4 * i + 2], bounds[4 * i + 3]),
  }));
}

/** Reads from the given offsets on until `n` records have come. */
export async function readSome(
  log: EventLog,
  topic: Topic,
  from: ReadonlyMap<number, number>,
  n: number,
): Promise<TextRecord[]> {
  const reader = log.read(topic, from, new AbortController().signal)[Symbol.asyncIterator]();
  const found = await readOn(reader, n);
  await reader.return?.();
  return found;
}

/** Reads on until `n` more records have come, and leaves the reader where it is. */
export async function readOn(reader: AsyncIterator<ReadBatch>, n: number): Promise<TextRecord[]> {
  const found: TextRecord[] = [];
  while (found.length < n) {
    const { value, done } = await reader.next();
    if (done) throw new Error(`The read ended after ${found.length} of ${n} records`);
    for (const one of textOf(value)) found.push(one);
  }
  return found;
}

/** Offset 0 of each of a topic's partitions. */
export function fromTheStart(log: EventLog, topic: Topic): Map<number, number> {
  return new Map(Array.from({ length: log.partitions(topic) }, (_, partition) => [partition, 0]));
}

/** Reads a whole topic, as it is now; it must hold no gap. */
export async function readAll(log: EventLog, topic: Topic): Promise<TextRecord[]> {
  const total = (await log.ends(topic)).reduce((sum, end) => sum + end, 0);
  return await readSome(log, topic, fromTheStart(log, topic), total);
}

/** The records of each partition, in the order read. */
export function byPartition<T extends { partition: number }>(found: readonly T[]): T[][] {
  const partitions: T[][] = [];
  for (const one of found) (partitions[one.partition] ??= []).push(one);
  return partitions;
}

/** Which key stands where, as read; in an order that can be compared with whereAppended. */
export function whereRead(found: readonly (Position & { key: string | null })[]): string[] {
  return found.map(({ key, partition, offset }) => `${key} at ${partition}/${offset}`).sort();
}

/** Which key stands where, as the receipts say. */
export function whereAppended(sent: readonly AppendRecord[], positions: readonly Position[]): string[] {
  return whereRead(positions.map((position, i) => ({ key: decoder.decode(sent[i].key!), ...position })));
}
