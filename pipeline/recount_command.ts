/**
 * `recount` as a command: counts again from the log's first record, holds every copy of the count against that, and
 * says where they differ.
 * @module
 */
import { z } from "zod";
import { type Command, type CommandIo, createTurn } from "./commands.ts";
import { Fault } from "./fault.ts";
import type { EventLog } from "./log.ts";
import { reasonOf, type Sql } from "./postgres.ts";
import type { Rules } from "./record.ts";
import { createRecount, readOn } from "./recount.ts";
import { versionOf } from "./recount_cut.ts";
import { type CopyReport, createFindings, nothingToCompare } from "./recount_findings.ts";
import { comparePostgres } from "./recount_postgres.ts";
import { linesOf } from "./recount_report.ts";
import { compareResults, type Recounting } from "./recount_results.ts";
import { createExpectedRows } from "./recount_rows.ts";
import { compareSnapshot, type ReadSnapshot } from "./recount_snapshot.ts";
import { compareTopics } from "./recount_topics.ts";
import type { Results } from "./results.ts";
import { giveTurns } from "./turns.ts";

/** The log, and the copies of its count. */
export interface RecountSources {
  readonly log: EventLog;
  readonly rules: Rules;
  /** What is shown right now; null where this process shows nothing. */
  readonly latest: (() => Results) | null;
  readonly readSnapshot: ReadSnapshot;
  /** The database that is filled; null where none is, with the reason. */
  readonly postgres: () => Sql | { readonly without: string };
  /** How long the aggregated topics must stay as they are before a difference in them is believed. */
  readonly settleMs?: number;
}

/** What came of all copies. */
export interface RecountReport {
  readonly copies: readonly CopyReport[];
  /** How far was read. */
  readonly version: number;
}

/** Others get their turn after this long. */
const TURN_MS = 15;

/** Makes the command; it takes memory for every voter, so there is one at a time. */
export function recountCommand(sources: RecountSources): Command {
  const inTurn = createTurn("A recount");
  return async (input, io) => {
    const read = z.strictObject({}).safeParse(input);
    if (!read.success) throw new Fault("BAD_SETTING", z.prettifyError(read.error));
    const report = await inTurn(() => recountAll(sources, io));
    if (report === null) return io.say("Interrupted: nothing can be said of the copies");
    const { copies, version } = report;
    io.say(`Counted again from the first record to version ${version.toLocaleString("en-GB")}`);
    for (const line of linesOf(copies)) io.say(line);
    if (version === 0 && copies.every(({ compared }) => compared === 0)) throw nothingCompared();
    const differing = copies.filter(({ differences }) => differences > 0).map(({ copy }) => copy);
    if (differing.length === 0) return;
    throw new Fault("COPIES_DIFFER", `Not what the log says: ${differing.join(", ")}`);
  };
}

/** Counts again and compares; null where the signal aborts. */
export async function recountAll(
  sources: RecountSources,
  { signal, progress }: Pick<CommandIo, "signal" | "progress">,
): Promise<RecountReport | null> {
  const { log, rules, latest, readSnapshot, settleMs } = sources;
  const recount = createRecount(log);
  const rows = createExpectedRows();
  const turn = giveTurns(TURN_MS);
  const sql = sources.postgres();
  const onPerson = "without" in sql ? () => {} : rows.note;
  const reading = {
    log,
    rules,
    signal,
    turn,
    onPerson,
    progress: (done: number, total: number) => progress("records", done, total),
  };
  await readOn(recount, reading);
  const { windowMs, graceMs, opensAt, closesAt } = rules;
  const recounting: Recounting = {
    recount,
    rules: { electionId: log.electionId, windowMs, graceMs, opensAt, closesAt },
    signal,
    turn,
    catchUp: () => readOn(recount, reading),
  };

  const copies: CopyReport[] = [];
  if (latest !== null) copies.push(await compareShown(latest(), recounting));
  copies.push(...await compareSnapshot(readSnapshot, log, rules, recounting));
  if (signal.aborted) return null;
  if ("without" in sql) copies.push(nothingToCompare("Postgres", sql.without));
  else copies.push(...await comparedOrNot(() => comparePostgres(sql, recounting, rows)));
  if (signal.aborted) return null;
  copies.push(...await compareTopics(log, recounting, settleMs));
  return signal.aborted ? null : { copies, version: versionOf(recount.next) };
}

/** Agreement of nothing with nothing would pass for a check. */
function nothingCompared(): Fault {
  return new Fault(
    "LOG_UNSUITABLE",
    "Nothing was compared: the log holds no record, and there is no copy of its count. DATA_DIR, KAFKA_BROKERS " +
      "and TELLER_TOPIC_PREFIX say which log is read",
  );
}

async function compareShown(results: Results, recounting: Recounting): Promise<CopyReport> {
  const findings = createFindings("results shown now");
  await compareResults(findings, results, recounting);
  return findings.report(results.version);
}

/** A database that doesn't answer can't be said to agree. */
async function comparedOrNot(compare: () => Promise<CopyReport[]>): Promise<CopyReport[]> {
  try {
    return await compare();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const findings = createFindings("Postgres");
    findings.compare("answer", "rows", reasonOf(error));
    return [findings.report(null)];
  }
}
