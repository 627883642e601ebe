/**
 * The four requests that Teller encodes itself, in versions that Redpanda and Kafka have offered for years.
 *
 * kafkajs' own make an object per record (Fetch, Produce), fail as a whole when one partition has no leader
 * (Metadata v6), or don't exist (Metadata v10, which tells topic ids).
 * Format: https://kafka.apache.org/protocol.html
 * @module
 */
import { Buffer } from "node:buffer";
import type { AbortedTransaction } from "./log_kafka_batches.ts";

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
  readonly highWatermark: number;
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

/** Metadata of the topics; never creates them. */
export function metadataRequest(topics: readonly string[]): WireRequest {
  const body = createWriter();
  body.i32(topics.length);
  for (const topic of topics) body.string(topic);
  body.i8(0);
  return { apiKey: 3, apiVersion: 7, apiName: "Metadata", body: body.done(), timeoutMs: 10_000 };
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

/** The first version of Metadata that tells topic ids; not every broker offers it. */
export const TOPIC_ID_VERSION = 10;

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
  return {
    apiKey: 3,
    apiVersion: TOPIC_ID_VERSION,
    apiName: "Metadata",
    body: body.done(),
    timeoutMs: 10_000,
  };
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
  return { apiKey: 1, apiVersion: 11, apiName: "Fetch", body: body.done(), timeoutMs };
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
      const highWatermark = Number(r.i64());
      r.i64(); // last stable offset: what is beyond is not in the answer
      r.i64(); // log start
      const aborted = r.array(() => ({ producerId: r.i64(), firstOffset: Number(r.i64()) }));
      r.i32(); // preferred replica
      const records = r.bytes(Math.max(0, r.i32()));
      aborted.sort((a, b) => a.firstOffset - b.firstOffset);
      return { partition, errorCode, highWatermark, aborted, records };
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
  return { apiKey: 0, apiVersion: 7, apiName: "Produce", body: body.done(), timeoutMs };
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

function createWriter(room = 256) {
  let b = Buffer.allocUnsafe(room);
  let o = 0;
  const reserve = (bytes: number) => {
    if (o + bytes > b.length) b = Buffer.concat([b], Math.max(2 * b.length, o + bytes));
  };
  const writer = {
    i8: (value: number) => (reserve(1), o = b.writeInt8(value, o)),
    i16: (value: number) => (reserve(2), o = b.writeInt16BE(value, o)),
    i32: (value: number) => (reserve(4), o = b.writeInt32BE(value, o)),
    i64: (value: bigint) => (reserve(8), o = b.writeBigInt64BE(value, o)),
    bytes(value: Uint8Array) {
      reserve(value.length);
      b.set(value, o);
      o += value.length;
    },
    uvarint(value: number) {
      for (; value > 127; value >>>= 7) writer.i8((value & 127 | 128) - 256);
      writer.i8(value);
    },
    string(value: string) {
      const utf8 = Buffer.from(value);
      writer.i16(utf8.length);
      writer.bytes(utf8);
    },
    compactString(value: string) {
      const utf8 = Buffer.from(value);
      writer.uvarint(utf8.length + 1);
      writer.bytes(utf8);
    },
    done: () => b.subarray(0, o),
  };
  return writer;
}

function createReader(b: Buffer) {
  let o = 0;
  const reader = {
    i8: () => b.readInt8((o += 1) - 1),
    i16: () => b.readInt16BE((o += 2) - 2),
    i32: () => b.readInt32BE((o += 4) - 4),
    i64: () => b.readBigInt64BE((o += 8) - 8),
    bytes(length: number) {
      if (length > b.length - o) throw new RangeError("the answer ends too early");
      return b.subarray(o, o += length);
    },
    uvarint() {
      let value = 0, byte = 128;
      for (let shift = 0; byte & 128; shift += 7) {
        byte = b.readUInt8(o++);
        value |= (byte & 127) << shift;
      }
      return value;
    },
    string() {
      const length = reader.i16();
      return length < 0 ? null : reader.bytes(length).toString();
    },
    compactString: () => reader.bytes(Math.max(0, reader.uvarint() - 1)).toString(),
    /** Null counts as empty. */
    array<T>(item: () => T): T[] {
      const items: T[] = [];
      for (let left = reader.i32(); left > 0; left--) items.push(item());
      return items;
    },
  };
  return reader;
}
