/**
 * Restart: seconds from the start of the process to the first results and to ready, from a snapshot and from the
 * log's first record, beside a Teller whose log is empty.
 * @module
 */
import { createProgress } from "../pipeline/progress.ts";
import { newPrefix, sharedKafka } from "../tests/services/kafka.ts";
import { spawnTeller } from "../tests/services/teller.ts";
import { accredit, openBenchLog, vote } from "./electorate.ts";
import { type BenchOptions, printSpreads, spreadOf } from "./report.ts";

const POLL_MS = 10;

/** One start's seconds since the process was started. */
interface Start {
  /** Until results could be had, be they a snapshot's or still catching up. */
  readonly results: number;
  /** Until every record that stood at the start was counted. */
  readonly ready: number;
}

/** Fills an election once, then starts on it in each way in turns. */
export async function restart({ votes, runs }: BenchOptions): Promise<object> {
  const [broker] = await sharedKafka();
  const full = newPrefix(), empty = newPrefix();
  {
    await using log = await openBenchLog(broker, full);
    await accredit(log, votes);
    await vote(log, votes);
  }
  const dataDir = await Deno.makeTempDir({ prefix: "teller-bench-" });
  try {
    const starts: Record<"snapshot" | "log" | "nothing", Start[]> = { snapshot: [], log: [], nothing: [] };
    using progress = createProgress();
    await start(broker, full, dataDir, "snapshot");
    for (let run = 0; run < runs; run++) {
      starts.snapshot.push(await start(broker, full, dataDir));
      starts.log.push(await start(broker, full));
      starts.nothing.push(await start(broker, empty));
      progress.show("restart", run + 1, runs);
    }
    progress[Symbol.dispose]();
    const of = (name: keyof typeof starts, what: keyof Start) =>
      spreadOf(starts[name].map((start) => start[what]));
    const figures = {
      "from a snapshot, seconds to the first results": of("snapshot", "results"),
      "from a snapshot, seconds to ready": of("snapshot", "ready"),
      "from the log's start, seconds to the first results": of("log", "results"),
      "from the log's start, seconds to ready": of("log", "ready"),
      "an empty election, seconds to ready": of("nothing", "ready"),
    };
    printSpreads(
      `restart: ${votes.toLocaleString("en-GB")} votes by as many voters, on Kafka, ${runs} runs`,
      figures,
    );
    return { votes, figures, starts };
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

/** Starts a Teller and ends it, where asked only once a snapshot covers the whole log. */
async function start(
  broker: string,
  topicPrefix: string,
  dataDir?: string,
  untilThere?: "snapshot",
): Promise<Start> {
  const env = {
    KAFKA_BROKERS: broker,
    TELLER_TOPIC_PREFIX: topicPrefix,
    TELLER_SINKS: "off",
    ...dataDir !== undefined && { DATA_DIR: dataDir },
  };
  await using teller = await spawnTeller({ env });
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  await answering(`${teller.url}/api/v1/results`);
  const results = seconds();
  await answering(`${teller.url}/readyz`);
  const ready = seconds();
  while (untilThere === "snapshot") {
    const { version, snapshot } = await answering(`${teller.url}/readyz`);
    if (snapshot?.version === version) break;
    await pauseMs(100);
  }
  if (await teller.stop() !== 0) throw new Error(teller.logs());
  return { results, ready };
}

/** What an address answers once it answers 200. */
async function answering(url: string): Promise<{ version: number; snapshot: { version: number } | null }> {
  for (;;) {
    const response = await fetch(url).catch(() => null); // nobody listens yet
    if (response?.ok) return await response.json();
    await response?.body?.cancel();
    await pauseMs(POLL_MS);
  }
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
