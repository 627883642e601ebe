/**
 * A soak: a crowd votes while Teller is killed and started again, and in the end nothing may be lost or double.
 * @module
 */
import type { EventLog } from "../../pipeline/log.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Sql } from "../../pipeline/postgres.ts";
import type { Rules } from "../../pipeline/record.ts";
import type { Results } from "../../pipeline/results.ts";
import { untilFilled } from "../scenarios/postgres_count.ts";
import { untilResults } from "../scenarios/live.ts";
import { untilWritten } from "../scenarios/sinks_written.ts";
import { freePort } from "../services/owned_process.ts";
import { runTeller, spawnTeller, type TellerService } from "../services/teller.ts";
import { CANDIDATES, type Crowd, startCrowd } from "./crowd.ts";
import { type Journal, openJournal, readJournal } from "./journal.ts";
import { type Moment, nameOf } from "./moments.ts";
import { isClean, judge, type Verdict } from "./verdict.ts";

/** What is soaked, and how. */
export interface SoakOptions {
  readonly moments: readonly Moment[];
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Settings that say which log and which database. */
  readonly env: Readonly<Record<string, string>>;
  /** Opens that log, while no Teller runs. */
  readonly openLog: (dataDir: string) => Promise<EventLog>;
  readonly sql: Sql;
  /** Told how many cycles are over. */
  readonly onCycle?: (done: number) => void;
}

/** How it went. */
export interface SoakReport extends Verdict {
  readonly cycles: number;
  /** How often it was killed, by when. */
  readonly kills: Record<string, number>;
  /** Fail points that were not reached in time, where it was killed all the same. */
  readonly missed: string[];
  /** From the start of the process until it had counted everything, where it got there; sorted. */
  readonly restartMs: number[];
  /** Where journal and DATA_DIR are, to look for what went wrong; null where nothing did. */
  readonly kept: string | null;
}

/** How the soaked elections' logs are made, and folded. */
export const RULES: Rules = {
  partitions: 4,
  partitioner: partitionerOf("murmur2"),
  windowMs: 10_000,
  graceMs: 60_000,
  opensAt: null,
  closesAt: null,
};
const ADMIN_TOKEN = "the-administrator-of-a-soak";
/** By then a fail point must have been reached. */
const REACH_MS = 30_000;
const encoder = new TextEncoder();

/** Soaks. The log's topics and the database stay as they are in the end. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { moments, random, sql, openLog, onCycle } = options;
  const dir = await Deno.makeTempDir({ prefix: "teller-soak-" });
  const dataDir = `${dir}/data`;
  await Deno.mkdir(dataDir);
  const env = {
    ADMIN_TOKEN,
    TELLER_SECRET: "what the tokens of a soak are made with",
    TELLER_SNAPSHOT_SECONDS: "1",
    ...options.env,
    PORT: String(freePort()),
    DATA_DIR: dataDir,
  };
  const url = `http://127.0.0.1:${env.PORT}`;
  const kills: Record<string, number> = {};
  const missed: string[] = [];
  const restartMs: number[] = [];
  let results: Results;
  {
    await using journal = openJournal(`${dir}/journal`);
    const crowd = startCrowd({ url, adminToken: ADMIN_TOKEN, journal, random });
    for (const [i, moment] of moments.entries()) {
      {
        await using log = await openLog(dataDir);
        await appendOddities(log, journal, random);
      }
      const { reached, readyMs } = await runUntil(moment, env, crowd);
      kills[nameOf(moment)] = (kills[nameOf(moment)] ?? 0) + 1;
      if (!reached) missed.push(nameOf(moment));
      if (readyMs !== null) restartMs.push(readyMs);
      onCycle?.(i + 1);
    }
    await using teller = await spawnTeller({ env });
    await untilReady(teller);
    await Promise.race([crowd.finish(), crowd.failed, endedEarly(teller)]);
    const covers = ({ offsets: { votes_topic: next } }: Results) =>
      [...crowd.told()].every(([partition, end]) => next[partition] >= end);
    results = await untilResults(url, covers);
    await Promise.all([untilFilled(sql, results), untilWritten(url, results.version)]);
    const code = await teller.stop();
    if (code !== 0) throw new Error(`Teller ended with ${code}:\n${teller.logs()}`);
  }
  const recount = await runTeller({ command: ["recount"], env });
  const verdict = await judgeAt(dir, { openLog: () => openLog(dataDir), results, sql });
  const differences = [...verdict.differences, ...recount.code === 0 ? [] : [`recount: ${recount.logs}`]];
  const clean = isClean({ ...verdict, differences });
  if (clean) await Deno.remove(dir, { recursive: true });
  restartMs.sort((a, b) => a - b);
  const kept = clean ? null : dir;
  return { ...verdict, differences, cycles: moments.length, kills, missed, restartMs, kept };
}

async function judgeAt(
  dir: string,
  { openLog, results, sql }: { openLog: () => Promise<EventLog>; results: Results; sql: Sql },
): Promise<Verdict> {
  await using log = await openLog();
  return await judge(await readJournal(`${dir}/journal`), { log, rules: RULES, results, sql });
}

/** Runs Teller until its moment has come. */
async function runUntil(
  moment: Moment,
  env: Record<string, string>,
  crowd: Crowd,
): Promise<{ reached: boolean; readyMs: number | null }> {
  const failPoint = moment.kind === "random" ? "" : `${moment.name}:${moment.time}`;
  await using teller = await spawnTeller({ env: { ...env, TELLER_FAIL_POINT: failPoint } });
  const ready = untilReady(teller);
  if (moment.kind === "random" && moment.since === "ready") await Promise.race([ready, teller.exit]);
  const patience = timer(moment.kind === "random" ? moment.afterMs : REACH_MS);
  const first = await Promise.race([teller.exit, patience.over, crowd.failed]);
  patience.cancel();
  if (first === "over") await teller.stop("SIGKILL");
  else if (first !== 137 || moment.kind === "random") {
    throw new Error(`Teller ended by itself with ${first}:\n${teller.logs()}`);
  }
  return { reached: first !== "over" || moment.kind === "random", readyMs: await ready };
}

function timer(ms: number): { over: Promise<"over">; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<"over">();
  const id = setTimeout(() => resolve("over"), ms);
  return { over: promise, cancel: () => clearTimeout(id) };
}

/** Resolves when Teller has counted what stood in the log, with how long that took; null where it ends before. */
async function untilReady(teller: TellerService): Promise<number | null> {
  const startedAt = performance.now();
  let ended = false;
  teller.exit.then(() => ended = true);
  while (!ended) {
    const ready = await fetch(`${teller.url}/readyz`).then(
      async (response) => (await response.body?.cancel(), response.ok),
      () => false, // nobody listens yet, or any more
    );
    if (ready) return Math.round(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

async function endedEarly(teller: TellerService): Promise<never> {
  const code = await teller.exit;
  throw new Error(`Teller ended by itself with ${code}:\n${teller.logs()}`);
}

/** Another producer's doing: rubbish, and votes of somebody who has voted already, some of them twice. */
async function appendOddities(log: EventLog, journal: Journal, random: () => number): Promise<void> {
  const voter = `voter-${Math.floor(200 * random())}`;
  const candidate = CANDIDATES[Math.floor(CANDIDATES.length * random())];
  await journal.attempt({ voter, candidate });
  const vote = { voter_id: voter, candidate_id: candidate, voting_time: new Date().toISOString(), vote: 1 };
  const value = encoder.encode(JSON.stringify(vote));
  await log.append("votes_topic", [
    { key: encoder.encode(voter), value },
    { key: encoder.encode("rubbish"), value: encoder.encode("{") },
    { key: encoder.encode(voter), value },
  ]);
}
