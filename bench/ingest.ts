/**
 * Ingest: votes over HTTP until they are durable, each by itself and in arrays, on a real broker, beside the
 * same records appended with nothing before the log.
 *
 * Broker, Teller and clients are a process each, and share the machine.
 * @module
 */
import { createProgress } from "../pipeline/progress.ts";
import { newPrefix, sharedKafka } from "../tests/services/kafka.ts";
import { startTeller } from "../tests/services/teller.ts";
import { startChild } from "../tests/services/child.ts";
import { accredit, openBenchLog, SECRETS } from "./electorate.ts";
import type { BareOrder } from "./ingest_bare.ts";
import type { Load, LoadOrder } from "./ingest_load.ts";
import { type BenchOptions, print, printSpreads, spreadOf } from "./report.ts";

/** What is handed in. A connection has one request under way. */
export interface IngestSizes {
  readonly warmUp: { readonly votes: number };
  readonly singles: { readonly votes: number; readonly connections: number };
  readonly arrays: { readonly votes: number; readonly connections: number; readonly each: number };
}

const SIZES: IngestSizes = {
  warmUp: { votes: 5_000 },
  singles: { votes: 50_000, connections: 128 },
  arrays: { votes: 250_000, connections: 8, each: 1_000 },
};

const VOTERS = SIZES.warmUp.votes + SIZES.singles.votes + SIZES.arrays.votes;

/** One run's figures of one of the two. */
interface Run {
  readonly singles: Load;
  readonly arrays: Load;
}

/** Measures Teller and bare appends in turns, each run in an election of its own. */
export async function ingest({ runs }: BenchOptions): Promise<object> {
  const [broker] = await sharedKafka();
  const tellers: Run[] = [], bares: Run[] = [];
  using progress = createProgress();
  for (let run = 0; run < runs; run++) {
    tellers.push(await measureTeller(broker));
    bares.push(await measureBare(broker));
    progress.show("ingest", run + 1, runs);
  }
  progress[Symbol.dispose]();

  const of = (figure: (teller: Run, bare: Run) => number) =>
    spreadOf(tellers.map((teller, i) => figure(teller, bares[i])));
  const figures = {
    "single, votes/s": of(({ singles }) => singles.votesPerSecond),
    "single, ms until durable and answered, p50": of(({ singles }) => singles.p50),
    "single, ms until durable and answered, p99": of(({ singles }) => singles.p99),
    "bare appends of one, votes/s": of((_, { singles }) => singles.votesPerSecond),
    "bare appends of one, ms, p99": of((_, { singles }) => singles.p99),
    "single : bare": of((teller, bare) => teller.singles.votesPerSecond / bare.singles.votesPerSecond),
    "arrays, votes/s": of(({ arrays }) => arrays.votesPerSecond),
    "arrays, ms until durable and answered, p99": of(({ arrays }) => arrays.p99),
    "bare appends of as many, votes/s": of((_, { arrays }) => arrays.votesPerSecond),
    "arrays : bare": of((teller, bare) => teller.arrays.votesPerSecond / bare.arrays.votesPerSecond),
  };
  const { singles, arrays } = SIZES;
  printSpreads(`ingest: single votes, and arrays of ${arrays.each}, on Kafka, ${runs} runs`, figures);
  print(
    `  ${singles.votes} votes over ${singles.connections} connections, ` +
      `then ${arrays.votes} in arrays over ${arrays.connections}; bare appends as many at a time`,
  );
  return { ...SIZES, figures, runs: { tellers, bares } };
}

async function measureTeller(broker: string): Promise<Run> {
  const topicPrefix = newPrefix();
  {
    await using log = await openBenchLog(broker, topicPrefix);
    await accredit(log, VOTERS);
  }
  const env = { KAFKA_BROKERS: broker, TELLER_TOPIC_PREFIX: topicPrefix, TELLER_SINKS: "off", ...SECRETS };
  await using teller = await startTeller({ env });
  await using load = startChild(
    import.meta.resolve("./ingest_load.ts"),
    { url: teller.url, ...SIZES } satisfies LoadOrder,
  );
  return { singles: await load.heard(), arrays: await load.heard() };
}

async function measureBare(broker: string): Promise<Run> {
  const order: BareOrder = { broker, topicPrefix: newPrefix(), ...SIZES };
  await using bare = startChild(import.meta.resolve("./ingest_bare.ts"), order);
  return { singles: await bare.heard(), arrays: await bare.heard() };
}
