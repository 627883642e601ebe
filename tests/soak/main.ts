/**
 * `deno task soak --cycles N --seed N`: kills Teller N times under a voting crowd, on a real broker and Postgres,
 * and prints what became of the votes.
 * @module
 */
import { parseArgs } from "node:util";
import { createRandom } from "../../pipeline/demo_random.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { openPostgres } from "../../pipeline/postgres.ts";
import { createProgress } from "../../pipeline/progress.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { newDatabase } from "../services/postgres.ts";
import { drawMoments } from "./moments.ts";
import { RULES, soak, type SoakReport } from "./soak.ts";
import { isClean } from "./verdict.ts";

/** Soaks on Kafka and Postgres; the broker's topics and the database are this soak's own. */
export async function soakOnKafka(
  cycles: number,
  seed: number,
  onCycle?: (done: number) => void,
): Promise<SoakReport> {
  const brokers = await sharedKafka();
  const topicPrefix = newPrefix();
  await using database = await newDatabase();
  const never = new AbortController().signal;
  const onNotice = (message: string) => {
    throw new Error(message);
  };
  await using postgres = await openPostgres({ url: database.url, dir: "", onNotice, signal: never });
  const random = createRandom(seed).at(0, 0).next;
  return await soak({
    moments: drawMoments(cycles, random),
    random,
    env: {
      KAFKA_BROKERS: brokers.join(),
      TELLER_TOPIC_PREFIX: topicPrefix,
      DATABASE_URL: database.url,
    },
    openLog: () => openKafkaLog({ brokers, ssl: false, sasl: null, topicPrefix, ...RULES }),
    sql: postgres.sql,
    onCycle,
  });
}

/** A report's figures, a line each. */
export function figuresOf(report: SoakReport): string {
  const { cycles, kills, missed, attempts, voters, lost, invented, double, differences, restartMs } = report;
  const at = (part: number) => restartMs[Math.min(restartMs.length - 1, Math.floor(restartMs.length * part))];
  const figures = {
    "cycles": cycles,
    "killed": Object.entries(kills).map(([name, times]) => `${times} ${name}`).join(", "),
    "not reached": missed.length === 0 ? 0 : missed.join(", "),
    "attempts": attempts,
    "voters": `${voters.attempted} attempted, ${voters.counted} counted, ${voters.answered} answered`,
    "lost": lost.length,
    "invented": invented.length,
    "double": double,
    "copies differ": differences.length,
    "ready after": `${at(0.5)} ms half of the time, ${at(0.95)} ms 95 %, ${at(1)} ms at most`,
  };
  const lines = Object.entries(figures).map(([name, figure]) => `${name.padEnd(14)} ${figure}`);
  const wrong = [
    ...lost.map((voter) => `lost: ${voter}`),
    ...invented.map((voter) => `invented: ${voter}`),
    ...differences,
    ...report.kept === null ? [] : [`journal and DATA_DIR are kept in ${report.kept}`],
  ];
  return [...lines, ...wrong].join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: Deno.args,
    options: { cycles: { type: "string", default: "25" }, seed: { type: "string" } },
  });
  const cycles = Number(values.cycles);
  const seed = Number(values.seed ?? Math.floor(2 ** 32 * Math.random()));
  print(`seed           ${seed}`);
  const startedAt = performance.now();
  const bars = createProgress();
  bars.show("cycles", 0, cycles);
  let report;
  try {
    report = await soakOnKafka(cycles, seed, (done) => bars.show("cycles", done, cycles));
  } finally {
    bars[Symbol.dispose]();
  }
  print(figuresOf(report));
  print(`took           ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return isClean(report) && report.missed.length === 0 ? 0 : 1;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) Deno.exit(await main());
