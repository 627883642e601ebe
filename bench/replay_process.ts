/**
 * One replay in a process of its own: `BROKER PREFIX VOTES STARTED_MS WORKERS [PROFILE]`; prints its figures as JSON.
 *
 * Voters and candidates are read first and the votes held back until then, so that each is timed by itself.
 * With PROFILE, a CPU profile of reading the votes is written there.
 * @module
 */
import { equal } from "node:assert/strict";
import { Session } from "node:inspector/promises";
import process from "node:process";
import { type CatchUp, createCatchUp } from "../pipeline/catch_up.ts";
import { openKafkaLog } from "../pipeline/log_kafka.ts";
import type { EventLog } from "../pipeline/log.ts";
import { partitionerOf } from "../pipeline/partitioner.ts";
import type { Rules } from "../pipeline/record.ts";
import type { Results } from "../pipeline/results.ts";
import { startStream, type Stream } from "../pipeline/stream.ts";
import { print } from "./report.ts";

/** One replay's figures. */
export interface Replayed {
  /** From the start of the stream until all voters and candidates show in Results. */
  readonly votersSeconds: number;
  /** From then, the first fetch of votes, until the final Results. */
  readonly votesSeconds: number;
  /** User and system time of the same stretch. */
  readonly votesCpuSeconds: number;
  /** From before the process was started until the final Results. */
  readonly processSeconds: number;
  readonly memoryBytes: number;
}

const SAMPLE_US = 200;
const [broker, topicPrefix, votes, startedMs, workers, profile] = Deno.args;

const reached = { brokers: [broker], ssl: false, sasl: null, topicPrefix };
await using log = await openKafkaLog({
  ...reached,
  partitions: 4,
  partitioner: partitionerOf("murmur2"),
});
const release = Promise.withResolvers<void>();
const ending = new AbortController();
const streamMs = performance.now();
const rules: Rules = {
  partitions: log.partitions("votes_topic"),
  partitioner: partitionerOf("murmur2"),
  windowMs: 10_000,
  graceMs: 60_000,
  opensAt: null,
  closesAt: null,
};
const threads = Number(workers);
const catchUp = createCatchUp({ source: { kind: "kafka", ...reached }, rules, threads, onNotice: print });
const stream = startStream({
  log: threads === 0 ? holdVotes(log, release.promise) : log,
  catchUp: threads === 0 ? undefined : holdVotes(catchUp, release.promise),
  rules,
  title: "Bench",
  now: Date.now,
  signal: ending.signal,
});
await until(stream, ({ totals }) => totals.voters === Number(votes) && totals.candidates === 3);
const profiler = profile ? await startProfiler() : null;
const votesMs = performance.now();
const cpuBefore = process.cpuUsage();
release.resolve();
const results = await until(stream, (results) => !results.catching_up);
const { user, system } = process.cpuUsage(cpuBefore);
const doneMs = performance.now();
const figures: Replayed = {
  votersSeconds: (votesMs - streamMs) / 1000,
  votesSeconds: (doneMs - votesMs) / 1000,
  votesCpuSeconds: (user + system) / 1e6,
  processSeconds: (Date.now() - Number(startedMs)) / 1000,
  memoryBytes: Deno.memoryUsage().rss,
};
if (profiler) {
  await Deno.writeTextFile(profile, JSON.stringify((await profiler.post("Profiler.stop")).profile));
}
ending.abort();
await stream.done;
equal(results.totals.votes, Number(votes));
print(JSON.stringify(figures));

/** The same, but votes are read only once `released` resolves. */
function holdVotes<R extends Pick<EventLog, "read"> | CatchUp>(reader: R, released: Promise<void>): R {
  const read = reader.read as (topic: string, ...more: unknown[]) => AsyncIterable<unknown>;
  return {
    ...reader,
    async *read(topic: string, ...more: unknown[]) {
      if (topic === "votes_topic") await released;
      yield* read(topic, ...more);
    },
  };
}

/** The first Results for which something holds. */
function until(stream: Stream, holds: (results: Results) => boolean): Promise<Results> {
  const { promise, resolve, reject } = Promise.withResolvers<Results>();
  const look = (results: Results) => holds(results) && resolve(results);
  const unsubscribe = stream.updates.subscribe(look);
  look(stream.updates.latest());
  stream.done.catch(reject);
  return promise.finally(unsubscribe);
}

async function startProfiler(): Promise<Session> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await session.post("Profiler.start");
  return session;
}
