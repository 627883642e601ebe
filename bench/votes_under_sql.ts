/**
 * How long votes take to be seen while analysts ask: from the call that appends one to the event at a client of the
 * live stream that first covers it.
 *
 * The client is this process; log, count, SQL and server are another one, as in `deno task dev`.
 * @module
 */
import { fileURLToPath } from "node:url";
import { newPrefix } from "../tests/services/kafka.ts";
import { linesOf } from "../tests/services/child.ts";
import { liveResults } from "./live_results.ts";
import type { Appended, VotesOrder } from "./votes_under_sql_process.ts";

/** Not measured: code is compiled and connections are made in it. */
const WARM_UP_SECONDS = 2;
const PROCESS = fileURLToPath(new URL("./votes_under_sql_process.ts", import.meta.url));

/** One run's figures, in ms. */
export interface Run {
  /** From the call until the append resolved: the vote is durable. */
  readonly durable: number[];
  /** From the call until the client has an event that covers the vote. */
  readonly seen: number[];
}

/** How votes are cast, and what else goes on. */
export interface Voting {
  /** Null: the embedded log. */
  readonly broker: string | null;
  readonly votesPerSecond: number;
  readonly seconds: number;
  /** Asks in SQL at that address, until the signal. */
  readonly analysts?: (url: string, signal: AbortSignal) => Promise<void>;
}

/** One run on a log of its own. */
export async function measureVotes({ broker, votesPerSecond, seconds, analysts }: Voting): Promise<Run> {
  const order: VotesOrder = {
    broker,
    topicPrefix: newPrefix(),
    votes: votesPerSecond * (seconds + WARM_UP_SECONDS),
    votesPerSecond,
    sql: analysts !== undefined,
  };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", PROCESS, JSON.stringify(order)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = linesOf(child.stdout);
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the process under test has ended");
    return value;
  };
  const url = await next();
  const input = child.stdin.getWriter();
  const events: { atMs: number; offsets: Record<string, number> }[] = [];
  let toldToStart = false;
  const cast = new AbortController();
  const asking = analysts?.(url, cast.signal);
  const listen = async () => {
    for await (const { offsets, totals } of liveResults(url)) {
      events.push({ atMs: performance.timeOrigin + performance.now(), offsets: offsets.votes_topic });
      if (!toldToStart) await input.write(new TextEncoder().encode("cast\n"));
      toldToStart = true;
      if (totals.votes < order.votes) continue;
      cast.abort();
      await asking;
      return await input.close();
    }
  };
  const [appended] = await Promise.all([next().then((line) => JSON.parse(line) as Appended[]), listen()]);
  if (!(await child.status).success) throw new Error("the process under test failed");

  const measured = appended.slice(votesPerSecond * WARM_UP_SECONDS);
  return {
    durable: measured.map(({ calledMs, durableMs }) => durableMs - calledMs),
    seen: measured.map(({ calledMs, partition, offset }) =>
      events.find(({ offsets }) => offsets[partition] > offset)!.atMs - calledMs
    ),
  };
}
