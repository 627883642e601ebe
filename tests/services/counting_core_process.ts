/**
 * Log, count, snapshots, SQL and a server in one process, as in `deno task start`, and a vote every few milliseconds:
 * `ORDER` as JSON.
 *
 * Says its address; then, for each line that it is sent, for how long counting paused since the one before. Ends with
 * its input.
 * @module
 */
import process from "node:process";
import { Hono } from "hono";
import { openDuckDb } from "../../analytics/duckdb.ts";
import { openSandbox } from "../../analytics/sandbox.ts";
import { openSnapshots } from "../../analytics/snapshots.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { startSnapshots } from "../../pipeline/snapshot_loop.ts";
import { startStream } from "../../pipeline/stream.ts";
import { openServer } from "../../routes/server.ts";
import { mountSql } from "../../routes/sql.ts";
import { rulesOf } from "../pipeline/rules.ts";
import { candidateOf, voteOf, voterOf } from "../scenarios/electorate.ts";
import { orderOf, questions, say } from "./child.ts";
import type { CountingOrder, Pause } from "./counting_core.ts";

const VOTERS = 20_000, VOTE_EVERY_MS = 10, TURN_MS = 5, SNAPSHOT_MS = 1_000;
const { dir, queryMs } = orderOf<CountingOrder>();
const complain = (message: string) => void Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));

await using stack = new AsyncDisposableStack();
const rules = rulesOf(4);
const log = stack.use(openEmbeddedLog({ dir, ...rules }));
const snapshotsDir = `${dir}/snapshots`;
const duckDb = stack.use(await openDuckDb(`${snapshotsDir}/unfinished/spill`));
const store = stack.use(openSnapshots({ dir: snapshotsDir, duckDb, now: Date.now, onNotice: complain }));
// That the sandbox's process ends is what is asked for here.
const sandbox = stack.use(
  await openSandbox({ folder: `${snapshotsDir}/public`, snapshots: store, queryMs, onNotice() {} }),
);
const ending = new AbortController();
const { signal } = ending;
const stream = startStream({ log, rules, title: "Counting", now: Date.now, signal });
const snapshots = startSnapshots({
  store,
  stream,
  resumedFrom: null,
  everyMs: SNAPSHOT_MS,
  signal,
  onNotice: complain,
});
const app = new Hono();
mountSql(app, {
  engine: sandbox,
  newest: store.newest,
  past: store,
  access: { of: () => "open", refused: () => null },
});
const server = stack.use(openServer("127.0.0.1", 0, app.fetch));

/** When a vote was counted last. */
let lastMs = performance.now();
const NOTHING: Omit<Pause, "pid"> = { counted: 0, pausedMs: 0, heldUpMs: 0 };
let seen = NOTHING;

/** What has been seen, and that no vote has been counted since the last one. */
function upToNow(): Omit<Pause, "pid"> {
  return { ...seen, pausedMs: Math.max(seen.pausedMs, performance.now() - lastMs) };
}

/** Notes that a vote has been counted just now. */
function note(): void {
  seen = { ...upToNow(), counted: seen.counted + 1 };
  lastMs = performance.now();
}

/** Notes how long this thread works in one go, so that nothing else gets its turn. */
function watchTurns(): ReturnType<typeof setInterval> {
  let turnMs = performance.now();
  let turnCpu = process.threadCpuUsage();
  return setInterval(() => {
    const cpu = process.threadCpuUsage(turnCpu);
    const heldUpMs = Math.min(performance.now() - turnMs, (cpu.user + cpu.system) / 1000);
    seen = { ...seen, heldUpMs: Math.max(seen.heldUpMs, heldUpMs) };
    turnMs = performance.now();
    turnCpu = process.threadCpuUsage();
  }, TURN_MS);
}

async function cast(i: number): Promise<void> {
  const vote = voteOf(`v${i % VOTERS}`, i % 3 === 0 ? "b" : "a", new Date().toISOString());
  const [{ partition, offset }] = await log.append("votes_topic", [vote]);
  await stream.folded("votes_topic", partition, offset);
  note();
}

await log.append("candidates_topic", ["a", "b"].map(candidateOf));
await log.append("voters_topic", Array.from({ length: VOTERS }, (_, i) => voterOf(`v${i}`)));
let next = 0;
// Whatever has become of the vote before: a count that pauses is behind with many.
const voting = setInterval(() => {
  cast(next++).catch((fault) => {
    complain(String(fault));
    Deno.exit(1);
  });
}, VOTE_EVERY_MS);
const turns = watchTurns();
while (store.newest() === null) await new Promise((resolve) => setTimeout(resolve, 10));

say({ url: `http://127.0.0.1:${server.port}` });
for await (const _ of questions()) {
  say({ pid: Deno.pid, ...upToNow() });
  seen = NOTHING; // a pause that isn't over goes on from where it began
}
clearInterval(voting);
clearInterval(turns);
ending.abort();
await Promise.allSettled([stream.done, snapshots.done]);
