/**
 * Log, count and live stream in one process, SQL too where it is to be, and a voter every few milliseconds: `ORDER` as
 * JSON.
 *
 * Prints its address, begins at the first line of its input, prints what it has appended, and ends when its input
 * has ended and its last client has gone.
 * @module
 */
import { Hono } from "hono";
import { openDuckDb } from "../analytics/duckdb.ts";
import { openSnapshots } from "../analytics/snapshots.ts";
import { openEmbeddedLog } from "../pipeline/log_embedded.ts";
import { openKafkaLog } from "../pipeline/log_kafka.ts";
import { partitionerOf } from "../pipeline/partitioner.ts";
import { startSnapshots } from "../pipeline/snapshot_loop.ts";
import { startStream } from "../pipeline/stream.ts";
import { createLive } from "../routes/live.ts";
import { fillPeople, voteRecord } from "./fill.ts";
import { print } from "./report.ts";
import { serveSql } from "./serve_sql.ts";

/** What is to be done. */
export interface VotesOrder {
  /** Null: the embedded log. */
  readonly broker: string | null;
  readonly topicPrefix: string;
  readonly votes: number;
  readonly votesPerSecond: number;
  /** Whether snapshots are taken and asked in SQL besides. */
  readonly sql: boolean;
}

/** What became of one vote; times are epoch ms with fractions. */
export interface Appended {
  readonly calledMs: number;
  readonly durableMs: number;
  readonly partition: number;
  readonly offset: number;
}

const SNAPSHOT_MS = 5_000;
const order: VotesOrder = JSON.parse(Deno.args[0]);
const partitioner = partitionerOf("murmur2");
const partitions = 4;
await using stack = new AsyncDisposableStack();
const dir = await Deno.makeTempDir({ prefix: "teller-bench-" });
stack.defer(() => Deno.remove(dir, { recursive: true }));
const { broker, topicPrefix } = order;
const log = stack.use(
  broker === null
    ? await openEmbeddedLog({ dir, partitions, partitioner })
    : await openKafkaLog({ brokers: [broker], ssl: false, sasl: null, topicPrefix, partitions, partitioner }),
);
const ending = new AbortController();
const stream = startStream({
  log,
  rules: { partitions, partitioner, windowMs: 10_000, graceMs: 60_000, opensAt: null, closesAt: null },
  title: "Bench",
  now: Date.now,
  signal: ending.signal,
});
stack.defer(async () => {
  ending.abort();
  await stream.done;
});
const live = createLive(stream.updates);
const app = new Hono().get("/api/v1/live", live.handler);
if (order.sql) await serveSqlOfIt();
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);

await fillPeople(log, order.votes);
const votes = Array.from({ length: order.votes }, (_, i) => voteRecord(i, Date.now()));
print(`http://127.0.0.1:${server.addr.port}`);
const input = Deno.stdin.readable.getReader();
await input.read();
print(JSON.stringify(await castAll()));
// Until then analysts ask on.
while (!(await input.read()).done);
await server.shutdown();
live.close();

/** Takes snapshots as `deno task start` does, and lets them be asked. */
async function serveSqlOfIt(): Promise<void> {
  const snapshotsDir = `${dir}/snapshots`;
  const duckDb = stack.use(await openDuckDb(`${snapshotsDir}/spill`));
  const store = stack.use(openSnapshots({ dir: snapshotsDir, duckDb, now: Date.now, onNotice: print }));
  stack.use(await serveSql(app, snapshotsDir, store));
  const { signal } = ending;
  const taken = startSnapshots({
    store,
    stream,
    resumedFrom: null,
    everyMs: SNAPSHOT_MS,
    signal,
    onNotice: print,
  });
  stack.defer(async () => {
    ending.abort();
    await taken.done;
  });
}

/** Appends every vote when it is due, each by itself, whatever has become of the others. */
async function castAll(): Promise<Appended[]> {
  const everyMs = 1000 / order.votesPerSecond;
  const startedMs = nowMs();
  const appended: Promise<Appended>[] = [];
  while (appended.length < votes.length) {
    const due = Math.min(votes.length, Math.floor((nowMs() - startedMs) / everyMs));
    while (appended.length < due) appended.push(cast(appended.length));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return await Promise.all(appended);
}

async function cast(i: number): Promise<Appended> {
  const calledMs = nowMs();
  const [{ partition, offset }] = await log.append("votes_topic", [votes[i]]);
  return { calledMs, durableMs: nowMs(), partition, offset };
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
