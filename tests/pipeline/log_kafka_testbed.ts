/**
 * What the tests of the Kafka log share: opening it, reading it to an offset, records.
 * @module
 */
import type { AppendRecord, EventLog, ReadBatch, Topic } from "../../pipeline/log.ts";
import { type KafkaLogOptions, openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { whyMissing } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";

/** A record as text. */
export interface TextRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** Where the shared brokers are, asked for as a test file loads; none where the tests are skipped anyway. */
export async function sharedBrokers(): Promise<string[]> {
  return whyMissing("shared kafka") === null ? await sharedKafka() : [];
}

/** Opens a log on brokers without TLS and SASL, with a prefix of its own, unless said otherwise. */
export function openLog(brokers: string[], options: Partial<KafkaLogOptions> = {}): Promise<EventLog> {
  const defaults = { ssl: false, sasl: null, topicPrefix: newPrefix(), partitions: 2 };
  return openKafkaLog({ brokers, ...defaults, partitioner: partitionerOf("murmur2"), ...options });
}

/** Reads from the given offsets until each partition has reached its end. */
export async function readTo(
  log: EventLog,
  topic: Topic,
  ends: ReadonlyMap<number, number>,
  from: ReadonlyMap<number, number> = new Map([...ends.keys()].map((partition) => [partition, 0])),
): Promise<TextRecord[]> {
  const records: TextRecord[] = [];
  const missing = new Map([...ends].filter(([partition, end]) => (from.get(partition) ?? 0) < end));
  if (missing.size === 0) return records;
  for await (const batch of log.read(topic, from, new AbortController().signal)) {
    records.push(...textOf(batch));
    if (batch.next >= (missing.get(batch.partition) ?? Infinity)) missing.delete(batch.partition);
    if (missing.size === 0) break;
  }
  return records;
}

/** Reads a whole topic as it is now. */
export async function readAll(log: EventLog, topic: Topic): Promise<TextRecord[]> {
  return await readTo(log, topic, new Map((await log.ends(topic)).entries()));
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

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A record of texts. */
export function record(key: string | null, value: string | null): AppendRecord {
  return {
    key: key === null ? null : encoder.encode(key),
    value: value === null ? null : encoder.encode(value),
  };
}

/** Records with keys and values that tell them apart. */
export function records(n: number, name = "record"): AppendRecord[] {
  return Array.from({ length: n }, (_, i) => record(`${name} ${i}`, `value of ${name} ${i}`));
}
