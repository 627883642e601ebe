/**
 * Demo: how fast `deno task demo --rate 0` fills Kafka with people and votes, beside the same votes appended with
 * nothing to draw.
 * @module
 */
import type { AppendRecord } from "../pipeline/log.ts";
import { createProgress } from "../pipeline/progress.ts";
import { newPrefix, sharedKafka } from "../tests/services/kafka.ts";
import { runTeller } from "../tests/services/teller.ts";
import { appendAll } from "./append_all.ts";
import { openBenchLog } from "./electorate.ts";
import { type BenchOptions, printSpreads, spreadOf } from "./report.ts";

/** One run's figures. */
interface Run {
  /** Of the whole command. */
  readonly seconds: number;
  /** Of each of its stages, by the log's own timestamps: from the first record to the last. */
  readonly votersSeconds: number;
  readonly votesSeconds: number;
  /** The same votes appended again. */
  readonly bareSeconds: number;
}

/** Fills an election of its own in each run, then appends its votes again. */
export async function demo({ votes, runs }: BenchOptions): Promise<object> {
  const [broker] = await sharedKafka();
  const done: Run[] = [];
  using progress = createProgress();
  for (let run = 0; run < runs; run++) {
    done.push(await fill(broker, votes));
    progress.show("demo", run + 1, runs);
  }
  progress[Symbol.dispose]();
  const of = (figure: (run: Run) => number) => spreadOf(done.map(figure));
  const figures = {
    "votes/s": of(({ votesSeconds }) => votes / votesSeconds),
    "voters/s": of(({ votersSeconds }) => votes / votersSeconds),
    "seconds from the command's start to its end": of(({ seconds }) => seconds),
    "bare appends of the same votes, votes/s": of(({ bareSeconds }) => votes / bareSeconds),
    "demo : bare": of(({ votesSeconds, bareSeconds }) => bareSeconds / votesSeconds),
  };
  printSpreads(
    `demo: ${votes.toLocaleString("en-GB")} voters and as many votes into Kafka at rate 0, ${runs} runs`,
    figures,
  );
  return { votes, figures, runs: done };
}

async function fill(broker: string, votes: number): Promise<Run> {
  const topicPrefix = newPrefix();
  const startedMs = performance.now();
  const { code, logs } = await runTeller({
    command: ["demo", "--voters", String(votes), "--rate", "0"],
    env: { KAFKA_BROKERS: broker, TELLER_TOPIC_PREFIX: topicPrefix },
  });
  if (code !== 0) throw new Error(`the demo failed:\n${logs}`);
  const seconds = (performance.now() - startedMs) / 1000;
  const cast = await readAll(broker, topicPrefix, "votes_topic", votes);
  const registered = await readAll(broker, topicPrefix, "voters_topic", votes);
  await using log = await openBenchLog(broker, newPrefix());
  const bareMs = performance.now();
  await appendAll(log, "votes_topic", votes, (i) => cast.records[i]);
  return {
    seconds,
    votersSeconds: registered.seconds,
    votesSeconds: cast.seconds,
    bareSeconds: (performance.now() - bareMs) / 1000,
  };
}

/** All records of a topic, and the seconds between the first one's timestamp and the last one's. */
async function readAll(
  broker: string,
  topicPrefix: string,
  topic: "voters_topic" | "votes_topic",
  n: number,
): Promise<{ records: AppendRecord[]; seconds: number }> {
  await using log = await openBenchLog(broker, topicPrefix);
  const ends = await log.ends(topic);
  const records: AppendRecord[] = [];
  let first = Infinity, last = -Infinity;
  for await (
    const { n: length, bytes, bounds, timestamps } of log.read(topic, startsOf(ends), AbortSignal.any([]))
  ) {
    for (let i = 0; i < length; i++) {
      const [keyStart, keyEnd, valueStart, valueEnd] = bounds.subarray(4 * i);
      records.push({ key: bytes.slice(keyStart, keyEnd), value: bytes.slice(valueStart, valueEnd) });
      first = Math.min(first, timestamps[i]);
      last = Math.max(last, timestamps[i]);
    }
    if (records.length >= n) break;
  }
  if (records.length !== n) throw new Error(`${topic} holds ${records.length} records instead of ${n}`);
  return { records, seconds: (last - first) / 1000 };
}

const startsOf = (ends: readonly number[]) => new Map(ends.map((_, partition) => [partition, 0]));
