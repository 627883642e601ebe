/**
 * The EventLog on Kafka, Redpanda or any broker of that protocol.
 *
 * Reading is without a consumer group, writing without transactions. Committed records only are read, so a
 * foreign producer's open transaction holds its partition's readers back until it ends (15 minutes at most by a
 * broker's defaults), while `ends` already counts what stands behind it.
 * @module
 */
import { createHash } from "node:crypto";
import { Fault } from "./fault.ts";
import type { EventLog, Partitioner, ReadBatch, Topic } from "./log.ts";
import { persist } from "./log_kafka_backoff.ts";
import { KafkaCluster } from "./log_kafka_cluster.ts";
import type { ConnectOptions } from "./log_kafka_connection.ts";
import { dealOut, mergeLanes } from "./log_kafka_lanes.ts";
import { createNotices, type Notices } from "./log_kafka_notices.ts";
import { createOutputs } from "./log_kafka_outputs.ts";
import { createProducer } from "./log_kafka_producer.ts";
import { readTopic } from "./log_kafka_reader.ts";
import { listOffsets, type PreparedTopics, prepareTopics } from "./log_kafka_topics.ts";
import { offersTopicIds, readTopicId, topicIdRequest } from "./log_kafka_wire.ts";

/** Which log, and how it is reached. */
export interface KafkaLogOptions extends ConnectOptions {
  /** host:port of at least one broker. */
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** For topics that are missing; of those that exist the count stands. */
  readonly partitions: number;
  readonly partitioner: Partitioner;
  /** Outage and recovery, each said once, in words for the operator. */
  readonly onNotice?: (message: string) => void;
  /** Gives up opening: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Opening fails after that long; unset: it is tried for ever. */
  readonly giveUpAfterMs?: number;
}

const LATEST = -1;
/** So long `ends` tries before it says that no broker answers. */
const ENDS_MS = 5_000;

/**
 * Opens the log: makes missing topics, checks the others.
 * @throws {Fault} LOG_UNSUITABLE, LOG_REFUSED; LOG_UNAVAILABLE after `giveUpAfterMs`
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<EventLog> {
  const { topicPrefix, partitioner } = options;
  const notices = createNotices(options.onNotice ?? (() => {}));
  const { connect, disconnect, disconnectAll } = connectionsOf(options, notices);
  const control = connect(false);
  const closing = new AbortController();
  const { topics, electionId } = await open(control, options, notices);
  const producer = createProducer(connect(), notices);
  const outputs = createOutputs({ topicPrefix, connect, disconnect, notices, signal: closing.signal });
  let turn = 0;
  const targetOf = (topic: Topic) => ({
    topic: topicPrefix + topic,
    maxBatchBytes: topics.maxBatchBytes[topic],
    partitionOf: (key: Uint8Array | null) =>
      key === null ? turn++ % topics.partitions[topic] : partitioner(key, topics.partitions[topic]),
  });
  const assertOpen = () => {
    if (closing.signal.aborted) throw new Fault("LOG_CLOSED", "the log was closed");
  };

  return {
    electionId,
    findings: topics.findings,
    partitioner,
    partitions: (topic) => topics.partitions[topic],

    append: (topic, records) => producer.append(targetOf(topic), records),

    async *read(topic, from, signal) {
      assertOpen();
      const either = AbortSignal.any([signal, closing.signal]);
      yield* readInLanes(topicPrefix + topic, from, either, { connect, disconnect, notices });
      if (!signal.aborted) assertOpen();
    },

    async ends(topic) {
      assertOpen();
      const name = topicPrefix + topic;
      return await persist(closing.signal, ENDS_MS, async () => {
        const { topics: [{ leaders }] } = await control.metadata([name]);
        const count = topics.partitions[topic];
        if (leaders.length < count) {
          throw new Fault("LOG_UNAVAILABLE", `Kafka topic ${name} is not there`, { retryable: true });
        }
        return await listOffsets(control, name, leaders.slice(0, count), LATEST);
      });
    },

    // deno-lint-ignore require-await -- a closed log rejects instead of throwing
    async emit(topic, records) {
      assertOpen();
      return outputs.emit(topic, records);
    },

    async *scan(topic, signal, from = 0) {
      assertOpen();
      const either = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      yield* outputs.scan(topic, either, from);
      if (!signal?.aborted) assertOpen();
    },

    async [Symbol.asyncDispose]() {
      await Promise.all([producer[Symbol.asyncDispose](), outputs[Symbol.asyncDispose]()]);
      closing.abort();
      await disconnectAll();
    },
  };
}

/** What it takes to read a log that is open elsewhere: no topic is looked at or made. */
export type KafkaReaderOptions =
  & ConnectOptions
  & Pick<KafkaLogOptions, "brokers" | "topicPrefix" | "onNotice">;

/** Reads a log as `EventLog.read` does, and does nothing else; each reading connects by itself. */
export function createKafkaReader(options: KafkaReaderOptions): Pick<EventLog, "read"> {
  const notices = createNotices(options.onNotice ?? (() => {}));
  const connections = connectionsOf(options, notices);
  return {
    read: (topic, from, signal) =>
      readInLanes(options.topicPrefix + topic, from, signal, { ...connections, notices }),
  };
}

interface Connections {
  connect(tellRefusals?: boolean): KafkaCluster;
  disconnect(cluster: KafkaCluster): Promise<void>;
  disconnectAll(): Promise<void>;
}

function connectionsOf(
  options: ConnectOptions & Pick<KafkaLogOptions, "brokers">,
  notices: Notices,
): Connections {
  const clusters = new Set<KafkaCluster>();
  return {
    connect(tellRefusals = true) {
      const cluster = new KafkaCluster({ ...options, notices, tellRefusals });
      clusters.add(cluster);
      return cluster;
    },
    async disconnect(cluster) {
      await cluster[Symbol.asyncDispose]();
      clusters.delete(cluster);
    },
    async disconnectAll() {
      await Promise.all([...clusters].map((cluster) => cluster[Symbol.asyncDispose]()));
    },
  };
}

function readInLanes(
  topic: string,
  from: ReadonlyMap<number, number>,
  signal: AbortSignal,
  { connect, disconnect, notices }: Pick<Connections, "connect" | "disconnect"> & { notices: Notices },
): AsyncGenerator<ReadBatch, void, undefined> {
  async function* readLane(lane: ReadonlyMap<number, number>, signal: AbortSignal) {
    const cluster = connect();
    try {
      yield* readTopic(cluster, topic, lane, signal, notices);
    } finally {
      await disconnect(cluster);
    }
  }
  return mergeLanes(dealOut(from), readLane, signal);
}

async function open(control: KafkaCluster, options: KafkaLogOptions, notices: Notices) {
  const { topicPrefix, giveUpAfterMs = Infinity } = options;
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const end = () => void control[Symbol.asyncDispose]();
  signal.addEventListener("abort", end);
  try {
    return await persist(signal, giveUpAfterMs, async () => {
      const topics = await prepareTopics(control, options, notices);
      const topicId = await votesTopicId(control, topicPrefix);
      return { topics, electionId: electionIdOf(topics, topicPrefix, topicId) };
    });
  } catch (error) {
    await control[Symbol.asyncDispose]();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** The topic's id as hex, or nothing where the broker is too old to have one. */
async function votesTopicId(control: KafkaCluster, topicPrefix: string): Promise<string> {
  const { controllerId } = await control.metadata([]);
  const offered = await control.use(controllerId, (broker) => Promise.resolve(broker.versions ?? {}));
  if (!offersTopicIds(offered)) return "";
  return readTopicId(await control.send(controllerId, topicIdRequest(`${topicPrefix}votes_topic`)));
}

/** The same for everybody who opens the same log; another once cluster, prefix or topic are others. */
function electionIdOf({ clusterId }: PreparedTopics, topicPrefix: string, topicId: string): string {
  const identity = [clusterId, topicPrefix, topicId].join("\0");
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}
