/**
 * The four requests that Teller encodes itself, in versions that Redpanda and Kafka have offered for years.
 *
 * kafkajs' own make an object per record (Fetch, Produce), fail as a whole when one partition has no leader
 * (Metadata v6), or don't exist (Metadata v10, which tells topic ids).
 * Format: https://kafka.apache.org/protocol.html
 * @module
 */
import type { Buffer } from "node:buffer";
import type { AbortedTransaction } from "./log_kafka_batches.ts";
import { createReader, createWriter } from "./log_kafka_bytes.ts";

/** A request to one broker, body encoded. */
export interface WireRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  readonly body: Buffer;
  /** How long the answer may take. */
  readonly timeoutMs: number;
}

/** The cluster as one broker sees it. */
export interface Metadata {
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly { nodeId: number; host: string; port: number }[];
  readonly topics: readonly TopicMetadata[];
}

/** A topic's partitions by number; a partition without a leader has −1. */
export interface TopicMetadata {
  readonly errorCode: number;
  readonly name: string;
  readonly leaders: readonly number[];
}

/** One partition's part of a Fetch answer. */
export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly records: Uint8Array;
}

/** One partition's part of a Produce answer. */
export interface ProducedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: number;
}

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: "Produce" };
const FETCH = { apiKey: 1, apiVersion: 11, apiName: "Fetch" };
const METADATA = { apiKey: 3, apiVersion: 7, apiName: "Metadata" };
const TOPIC_IDS = { apiKey: 3, apiVersion: 10, apiName: "Metadata" };

/** What a broker offers, by API key. */
export type OfferedVersions = Readonly<Record<number, { minVersion: number; maxVersion: number }>>;

/** The name of a request that Teller needs and the broker is too old (or too new) for; null where there is none. */
export function missingVersion(offered: OfferedVersions): string | null {
  const missing = [PRODUCE, FETCH, METADATA].find((api) => !offers(offered, api));
  return missing === undefined ? null : `${missing.apiName} v${missing.apiVersion}`;
}

/** True where the broker tells topics' ids. */
export const offersTopicIds = (offered: OfferedVersions): boolean => offers(offered, TOPIC_IDS);

function offers(offered: OfferedVersions, { apiKey, apiVersion }: typeof FETCH): boolean {
  const range = offered[apiKey];
  return range !== undefined && range.minVersion <= apiVersion && apiVersion <= range.maxVersion;
}

/** Metadata of the topics; never creates them. */
export function metadataRequest(topics: readonly string[]): WireRequest {
  const body = createWriter();
  body.i32(topics.length);
  for (const topic of topics) body.string(topic);
  body.i8(0);
  return { ...METADATA, body: body.done(), timeoutMs: 10_000 };
}

/** Metadata, of the version asked for. */
export function readMetadata(answer: Buffer): Metadata {
  const r = createReader(answer);
  r.i32(); // throttle time: the broker sees to it by itself
  const brokers = r.array(() => {
    const broker = { nodeId: r.i32(), host: r.string() ?? "", port: r.i32() };
    r.string(); // rack
    return broker;
  });
  const clusterId = r.string() ?? "";
  const controllerId = r.i32();
  const topics = r.array(() => {
    const errorCode = r.i16();
    const name = r.string() ?? "";
    r.i8(); // internal
    const leaders: number[] = [];
    r.array(() => {
      r.i16(); // the partition's error says no more than its leader
      const partition = r.i32();
      leaders[partition] = r.i32();
      r.i32(); // leader epoch
      for (let list = 0; list < 3; list++) r.array(() => r.i32()); // replicas, in sync, offline
    });
    return { errorCode, name, leaders };
  });
  return { brokers, clusterId, controllerId, topics };
}

/** Metadata of one topic in the flexible encoding. */
export function topicIdRequest(topic: string): WireRequest {
  const body = createWriter();
  body.uvarint(0); // the header's tagged fields
  body.uvarint(2); // one topic
  for (let i = 0; i < 4; i++) body.i32(0); // by name, not by id
  body.compactString(topic);
  body.uvarint(0);
  for (let i = 0; i < 3; i++) body.i8(0); // no creation, no authorised operations, twice
  body.uvarint(0);
  return { ...TOPIC_IDS, body: body.done(), timeoutMs: 10_000 };
}

/** The topic's id as 32 hex digits. */
export function readTopicId(answer: Buffer): string {
  const r = createReader(answer);
  r.uvarint(); // the header's tagged fields
  r.i32();
  for (let brokers = r.uvarint() - 1; brokers > 0; brokers--) {
    r.i32();
    r.compactString();
    r.i32();
    r.compactString();
    r.uvarint();
  }
  r.compactString(); // cluster id
  r.i32(); // controller
  r.uvarint(); // topics: one
  r.i16();
  r.compactString();
  return r.bytes(16).toString("hex");
}

/** How a Fetch waits and how much it may bring. */
export interface FetchLimits {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** A Fetch outside of any session, of committed records only. The first partitions named come first. */
export function fetchRequest(
  topic: string,
  partitions: readonly { partition: number; next: number; maxBytes: number }[],
  limits: FetchLimits,
): WireRequest {
  const body = createWriter();
  body.i32(-1); // replica: none, a consumer
  body.i32(limits.maxWaitMs);
  body.i32(limits.minBytes);
  body.i32(limits.maxBytes);
  body.i8(1); // read committed
  body.i32(0); // session
  body.i32(-1);
  body.i32(1);
  body.string(topic);
  body.i32(partitions.length);
  for (const { partition, next, maxBytes } of partitions) {
    body.i32(partition);
    body.i32(-1); // leader epoch: not checked
    body.i64(BigInt(next));
    body.i64(-1n); // log start: for followers
    body.i32(maxBytes);
  }
  body.i32(0); // forgotten topics
  body.string(""); // rack
  const timeoutMs = limits.maxWaitMs + 10_000;
  return { ...FETCH, body: body.done(), timeoutMs };
}

/** A Fetch answer, records left as they are: ranges of `answer`. */
export function readFetch(answer: Buffer): { errorCode: number; partitions: FetchedPartition[] } {
  const r = createReader(answer);
  r.i32();
  const errorCode = r.i16();
  r.i32(); // session
  const topics = r.array(() => {
    r.string();
    return r.array(() => {
      const partition = r.i32();
      const errorCode = r.i16();
      r.i64(); // high watermark
      r.i64(); // last stable offset: what is beyond is not in the answer
      r.i64(); // log start
      const aborted = r.array(() => ({ producerId: r.i64(), firstOffset: Number(r.i64()) }));
      r.i32(); // preferred replica
      const { buffer, byteOffset, length } = r.bytes(Math.max(0, r.i32()));
      const records = new Uint8Array(buffer, byteOffset, length); // not a Buffer, whose slice() is no copy
      aborted.sort((a, b) => a.firstOffset - b.firstOffset);
      return { partition, errorCode, aborted, records };
    });
  });
  return { errorCode, partitions: topics.flat() };
}

/** A Produce that all in-sync replicas must confirm; one batch per partition. */
export function produceRequest(
  batches: readonly { topic: string; partition: number; batch: Uint8Array }[],
  brokerTimeoutMs: number,
): WireRequest {
  const byTopic = Map.groupBy(batches, (batch) => batch.topic);
  let room = 64;
  for (const { topic, batch } of batches) room += 3 * topic.length + 16 + batch.length;
  const body = createWriter(room);
  body.i16(-1); // no transaction
  body.i16(-1); // acks: all
  body.i32(brokerTimeoutMs);
  body.i32(byTopic.size);
  for (const [topic, ofTopic] of byTopic) {
    body.string(topic);
    body.i32(ofTopic.length);
    for (const { partition, batch } of ofTopic) {
      body.i32(partition);
      body.i32(batch.length);
      body.bytes(batch);
    }
  }
  const timeoutMs = brokerTimeoutMs + 5_000;
  return { ...PRODUCE, body: body.done(), timeoutMs };
}

/** Where each batch stands, or why not. */
export function readProduce(answer: Buffer): ProducedPartition[] {
  const r = createReader(answer);
  return r.array(() => {
    const topic = r.string() ?? "";
    return r.array(() => {
      const produced = { topic, partition: r.i32(), errorCode: r.i16(), baseOffset: Number(r.i64()) };
      r.i64(); // log append time
      r.i64(); // log start
      return produced;
    });
  }).flat();
}
