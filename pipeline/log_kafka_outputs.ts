/**
 * The derived topics on Kafka. They are made and looked at when they are first used, and have a producer of their
 * own: whatever is wrong with them, votes go on being appended and read.
 * @module
 */
import { Fault } from "./fault.ts";
import {
  OUTPUT_TOPICS,
  type OutputRecord,
  type OutputTopic,
  type Position,
  type StoredOutput,
} from "./log.ts";
import { persist } from "./log_kafka_backoff.ts";
import type { KafkaCluster } from "./log_kafka_cluster.ts";
import { encodeHeaders } from "./log_kafka_encode.ts";
import { type HeaderedBatch, walkWithHeaders } from "./log_kafka_headers.ts";
import type { Notices } from "./log_kafka_notices.ts";
import { createProducer } from "./log_kafka_producer.ts";
import { readTopic } from "./log_kafka_reader.ts";
import {
  type Config,
  create,
  describe,
  ledPartitions,
  listOffsets,
  MAX_BATCH_BYTES,
  readConfigs,
  setting,
} from "./log_kafka_topics.ts";

/** What the derived topics share with the log that they are part of. */
export interface OutputsOptions {
  readonly topicPrefix: string;
  /** Gives a cluster that the log closes with itself. */
  readonly connect: () => KafkaCluster;
  /** Closes a cluster earlier. */
  readonly disconnect: (cluster: KafkaCluster) => Promise<void>;
  readonly notices: Notices;
  /** Aborts when the log is closed. */
  readonly signal: AbortSignal;
}

/** The derived topics; disposing waits a little for what is being written. */
export interface Outputs extends AsyncDisposable {
  emit(topic: OutputTopic, records: readonly OutputRecord[]): Promise<Position[]>;
  scan(topic: OutputTopic, signal: AbortSignal, from: number): AsyncIterable<StoredOutput>;
}

/** A derived topic that is there. */
interface Prepared {
  /** With prefix. */
  readonly name: string;
  readonly maxBatchBytes: number;
}

const NEW_TOPIC = { "message.timestamp.type": "LogAppendTime" } satisfies Config;
const COMPACTED = { ...NEW_TOPIC, "cleanup.policy": "compact" } satisfies Config;
const KEPT = {
  ...NEW_TOPIC,
  "cleanup.policy": "delete",
  "retention.ms": "-1",
  "retention.bytes": "-1",
} satisfies Config;

const EARLIEST = -2;
const LATEST = -1;
/** So long a new topic may take to get a leader, and brokers to answer, before that is a fault. */
const PATIENCE_MS = 10_000;
const decoder = new TextDecoder();

/** Makes the derived topics' part of the log; nothing is asked of the brokers yet. */
export function createOutputs(options: OutputsOptions): Outputs {
  const { topicPrefix, connect, disconnect, notices, signal } = options;
  const prepared = new Map<OutputTopic, Promise<Prepared>>();
  let control: KafkaCluster | null = null;
  let producer: ReturnType<typeof createProducer> | null = null;

  function prepare(topic: OutputTopic): Promise<Prepared> {
    let found = prepared.get(topic);
    if (found === undefined) {
      const cluster = control ??= connect();
      found = persist(signal, PATIENCE_MS, () => makeReady(cluster, topicPrefix + topic, topic, notices));
      prepared.set(topic, found);
      found.catch(() => prepared.delete(topic)); // the next call tries again
    }
    return found;
  }

  return {
    async emit(topic, records) {
      if (records.length === 0) return [];
      const { name, maxBatchBytes } = await prepare(topic);
      producer ??= createProducer(connect(), notices);
      return await producer.append(
        { topic: name, maxBatchBytes, partitionOf: () => 0 },
        records.map(({ key, value, headers }) => ({ key, value, headers: encodeHeaders(headers) })),
      );
    },

    async *scan(topic, signal, from) {
      const { name } = await prepare(topic);
      const [start, end] = await persist(signal, PATIENCE_MS, async () => {
        const { topics: [{ leaders }] } = await control!.metadata([name]);
        const led = ledPartitions(name, { errorCode: 0, name, leaders }, true, notices).slice(0, 1);
        const [[earliest], [latest]] = await Promise.all([
          listOffsets(control!, name, led, EARLIEST),
          listOffsets(control!, name, led, LATEST),
        ]);
        return [Math.max(earliest, from), latest];
      });
      if (start >= end) return;
      const cluster = connect();
      try {
        const places = new Map([[0, start]]);
        for await (const batch of readTopic(cluster, name, places, signal, notices, walkWithHeaders)) {
          for (let i = 0; i < batch.n && batch.offsets[i] < end; i++) {
            yield storedOutput(batch as HeaderedBatch, i);
            if (signal.aborted) return;
          }
          if (batch.next >= end) return;
        }
      } finally {
        await disconnect(cluster);
      }
    },

    async [Symbol.asyncDispose]() {
      await producer?.[Symbol.asyncDispose]();
    },
  };
}

/** Copied out of the batch: a record outlives it. */
function storedOutput(
  { bytes, bounds, offsets, timestamps, headers }: HeaderedBatch,
  i: number,
): StoredOutput {
  const field = (start: number, end: number) => start < 0 ? null : new Uint8Array(bytes.subarray(start, end));
  return {
    partition: 0,
    offset: offsets[i],
    timestamp: timestamps[i],
    key: field(bounds[4 * i], bounds[4 * i + 1]),
    value: field(bounds[4 * i + 2], bounds[4 * i + 3]),
    headers: Object.fromEntries(
      headers[i].map(([name, value]) => [decoder.decode(name), decoder.decode(value)]),
    ),
  };
}

async function makeReady(
  cluster: KafkaCluster,
  name: string,
  topic: OutputTopic,
  notices: Notices,
): Promise<Prepared> {
  const { compacted } = OUTPUT_TOPICS[topic];
  let { topics, controllerId } = await describe(cluster, [name]);
  const missing = !topics.has(name);
  if (missing) {
    await create(cluster, controllerId, name, 1, compacted ? COMPACTED : KEPT);
    ({ topics, controllerId } = await describe(cluster, [name]));
  }
  ledPartitions(name, topics.get(name), missing, notices);
  const config = (await readConfigs(cluster, controllerId, [name], [])).get(name) ?? {};
  checkPolicy(name, compacted, config["cleanup.policy"], notices);
  return {
    name,
    maxBatchBytes: Math.min(MAX_BATCH_BYTES, Number(config["max.message.bytes"] ?? MAX_BATCH_BYTES)),
  };
}

function checkPolicy(name: string, compacted: boolean, policy: string | undefined, notices: Notices) {
  if (policy === undefined || policy.includes("compact") === compacted) return;
  if (!compacted) {
    throw new Fault(
      "LOG_UNSUITABLE",
      `Kafka topic ${name}: cleanup.policy is ${policy}, which removes rejected records of the same key. ` +
        `What to do: ${setting(name, "cleanup.policy", "delete")}.`,
    );
  }
  notices.say(
    `Kafka topic ${name}: cleanup.policy is ${policy}, so what stands there will be deleted some day; ` +
      setting(name, "cleanup.policy", "compact"),
  );
}
