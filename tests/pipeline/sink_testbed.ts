/**
 * What the tests of the sinks share: a small election on a log of either kind, counted by a real stream.
 * @module
 */
import type { AppendRecord, EventLog, OutputRecord, OutputTopic, Topic } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { PartitionerName } from "../../pipeline/log.ts";
import type { Rules } from "../../pipeline/record.ts";
import type { Results } from "../../pipeline/results.ts";
import type { SinkOptions } from "../../pipeline/sink_topics.ts";
import { startStream } from "../../pipeline/stream.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { rulesOf } from "./rules.ts";

/** How many partitions the logs have. */
export const PARTITIONS = 4;
/** Rounds as short as this keep tests short. */
export const EVERY_MS = 50;

/** The rules that everything is counted by, unless said otherwise. */
export const RULES = rulesOf(PARTITIONS);

/** Opens the test's log; each call the same one, with the partitioner that appends are to go by. */
export type Open = (partitioner?: PartitionerName) => Promise<EventLog>;

/** Declares a test for each kind of log. */
export function onBothLogs(name: string, test: (open: Open) => Promise<void>) {
  const partitions = PARTITIONS;
  Deno.test(`${name} (embedded log)`, async () => {
    const dir = await Deno.makeTempDir({ prefix: "teller-sink-" });
    try {
      await test((partitioner = "murmur2") =>
        // One of its own, or the log would keep the partitioner that it was made with.
        Promise.resolve(
          openEmbeddedLog({ dir, partitions, partitioner: (key, n) => partitionerOf(partitioner)(key, n) }),
        )
      );
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
  needs("shared kafka")(`${name} (Kafka)`, async () => {
    const options = {
      brokers: await sharedKafka(),
      ssl: false,
      sasl: null,
      topicPrefix: newPrefix(),
      partitions,
    };
    await test((partitioner = "murmur2") =>
      openKafkaLog({ ...options, partitioner: partitionerOf(partitioner) })
    );
  });
}

/** A count and the sink on it; disposing ends both. */
export interface Counting extends AsyncDisposable {
  readonly notices: readonly string[];
  readonly latest: () => Results;
  /** Resolves when everything that stood in the log when it was called is counted and written. */
  atRest(): Promise<Results>;
  /** Resolves when the sink has ended by itself. */
  readonly sinkEnded: Promise<void>;
}

/** Starts a stream on the log, and a sink on the stream. */
export function count(
  log: EventLog,
  startSink: (options: SinkOptions & { rules: Rules }) => Promise<void>,
  rules = RULES,
): Counting {
  const ending = new AbortController();
  const { signal } = ending;
  const stream = startStream({ log, rules, title: "T", now: Date.now, signal });
  stream.updates.subscribe(() => wake());
  const notices: string[] = [];
  let written = -1;
  let wake = () => {};
  const sinkEnded = startSink({
    log,
    rules,
    registry: stream.registry,
    folds: stream.folds,
    updates: stream.updates,
    now: Date.now,
    signal,
    onNotice: (message) => notices.push(message),
    onWritten(version) {
      written = version;
      wake();
    },
    everyMs: EVERY_MS,
  });
  return {
    notices,
    latest: stream.updates.latest,
    sinkEnded,
    async atRest() {
      const topics: Topic[] = ["candidates_topic", "voters_topic", "votes_topic"];
      const ends = (await Promise.all(topics.map((topic) => log.ends(topic)))).flat();
      const end = ends.reduce((a, b) => a + b, 0);
      const shown = () => stream.updates.latest().version;
      while (Math.min(written, shown()) < end) await new Promise<void>((resolve) => wake = resolve);
      return stream.updates.latest();
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await Promise.all([stream.done, sinkEnded]);
    },
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A record of JSON, keyed by the field named. */
export function json(value: Record<string, unknown>, key = "voter_id"): AppendRecord {
  return { key: encoder.encode(String(value[key])), value: encoder.encode(JSON.stringify(value)) };
}

/** The last value of each key, as JSON. */
export async function standing(log: EventLog, topic: OutputTopic): Promise<Record<string, unknown>> {
  const last: Record<string, unknown> = {};
  for await (const { key, value } of log.scan(topic)) {
    last[decoder.decode(key!)] = JSON.parse(decoder.decode(value!));
  }
  return last;
}

/** What was emitted, with the offset it got. */
export interface Emitted extends OutputRecord {
  readonly topic: OutputTopic;
  readonly offset: number;
}

/** The same log, and everything emitted through it; `emitted` may be shared by several. */
export function watched(log: EventLog, emitted: Emitted[]): EventLog {
  return {
    ...log,
    async emit(topic, records) {
      const positions = await log.emit(topic, records);
      records.forEach((record, i) => emitted.push({ ...record, topic, offset: positions[i].offset }));
      return positions;
    },
  };
}
