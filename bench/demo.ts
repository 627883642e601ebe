/**
 * Demo: how fast `deno task demo --rate 0` fills Kafka with people and votes, beside the same votes appended with
 * nothing to draw.
 * @module
 */
import type { AppendRecord, ReadBatch } from "../pipeline/log.ts";
import { total } from "../pipeline/log_ends.ts";
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
  const votersSeconds = await readAll(broker, topicPrefix, "voters_topic", votes, () => {});
  // In the order of their offsets, so that partitions take turns as they did.
  const cast: AppendRecord[][] = [];
  const votesSeconds = await readAll(
    broker,
    topicPrefix,
    "votes_topic",
    votes,
    (batch, i) => (cast[batch.offsets[i]] ??= []).push(recordAt(batch, i)),
  );
  const records = cast.flat();
  await using log = await openBenchLog(broker, newPrefix());
  const bareMs = performance.now();
  await appendAll(log, "votes_topic", votes, (i) => records[i]);
  const bareSeconds = (performance.now() - bareMs) / 1000;
  return { seconds, votersSeconds, votesSeconds, bareSeconds };
}

/** Calls back with every record of a topic, and gives the seconds from the first one's timestamp to the last one's. */
async function readAll(
  broker: string,
  topicPrefix: string,
  topic: "voters_topic" | "votes_topic",
  expected: number,
  take: (batch: ReadBatch, i: number) => void,
): Promise<number> {
  await using log = await openBenchLog(broker, topicPrefix);
  const ends = await log.ends(topic);
  if (total(ends) !== expected) throw new Error(`${topic} holds ${total(ends)} records, not ${expected}`);
  const from = new Map(ends.map((_, partition) => [partition, 0]));
  let left = expected, first = Infinity, last = -Infinity;
  for await (const batch of log.read(topic, from, new AbortController().signal)) {
    for (let i = 0; i < batch.n; i++) {
      take(batch, i);
      first = Math.min(first, batch.timestamps[i]);
      last = Math.max(last, batch.timestamps[i]);
    }
    if ((left -= batch.n) === 0) break;
  }
  return (last - first) / 1000;
}

/** A copy of a record: a batch's bytes are used again. */
function recordAt({ bytes, bounds }: ReadBatch, i: number): AppendRecord {
  const copy = (at: number) => new Uint8Array(bytes.subarray(bounds[at], bounds[at + 1])); // a Buffer's slice() is none
  return { key: copy(4 * i), value: copy(4 * i + 2) };
}
