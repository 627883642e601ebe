/**
 * Latency: from the call that appends a vote to the event at a client of the live stream that first covers it,
 * at 500 votes a second, each appended by itself, on the embedded log and on Kafka.
 *
 * The client is this process; log, count and server are another one, as in `deno task dev`.
 * @module
 */
import { fileURLToPath } from "node:url";
import { createProgress } from "../pipeline/progress.ts";
import { newPrefix, sharedKafka } from "../tests/services/kafka.ts";
import type { Appended, LatencyOrder } from "./latency_process.ts";
import { liveResults } from "./live_results.ts";
import { type BenchOptions, percentile, print, printSpreads, spreadOf } from "./report.ts";

const VOTES_PER_SECOND = 500, SECONDS = 20;
/** Not measured: code is compiled and connections are made in it. */
const WARM_UP_SECONDS = 2;
const PROCESS = fileURLToPath(new URL("./latency_process.ts", import.meta.url));

/** One run's figures, in ms. */
export interface Run {
  /** From the call until the append resolved: the vote is durable. */
  readonly durable: number[];
  /** From the call until the client has an event that covers the vote. */
  readonly seen: number[];
}

/** Measures both logs in turns. */
export async function latency({ runs }: BenchOptions): Promise<object> {
  const [broker] = await sharedKafka();
  const logs = { embedded: null, Kafka: broker };
  const measured: Record<string, Run[]> = { embedded: [], Kafka: [] };
  using progress = createProgress();
  for (let run = 0; run < runs; run++) {
    for (const [name, broker] of Object.entries(logs)) {
      measured[name].push(await measureVotes({ broker, votesPerSecond: VOTES_PER_SECOND, seconds: SECONDS }));
    }
    progress.show("latency", run + 1, runs);
  }
  progress[Symbol.dispose]();

  const figures = Object.fromEntries(
    Object.entries(measured).flatMap(([name, runs]) =>
      (["durable", "seen"] as const).flatMap((what) =>
        [0.5, 0.99].map((share) => [
          `${name}, ms until ${what}, p${share * 100}`,
          spreadOf(runs.map((run) => percentile(run[what], share))),
        ])
      )
    ),
  );
  printSpreads(
    `latency: ${VOTES_PER_SECOND} votes/s for ${SECONDS} s, from append to the event at a client, ${runs} runs`,
    figures,
  );
  print("  Results are made at once after a pause, and at most ten times a second under load");
  return { votesPerSecond: VOTES_PER_SECOND, seconds: SECONDS, figures };
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
  const order: LatencyOrder = {
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
  const events: { atMs: number; offsets: Record<string, number> }[] = [];
  let toldToStart = false;
  const cast = new AbortController();
  const asking = analysts?.(url, cast.signal);
  // Leaving the loop hangs up, which the process under test waits for.
  const listen = async () => {
    for await (const { offsets, totals } of liveResults(url)) {
      events.push({ atMs: performance.timeOrigin + performance.now(), offsets: offsets.votes_topic });
      if (!toldToStart) await child.stdin.close();
      toldToStart = true;
      if (totals.votes < order.votes) continue;
      cast.abort();
      return await asking;
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

async function* linesOf(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
