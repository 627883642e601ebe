/**
 * Postgres held against a recount, at the positions that stand in it: every row of its tables.
 * @module
 */
import type { Topic } from "./log.ts";
import type { Sql, Transaction } from "./postgres.ts";
import type { RecountedVoter } from "./recount.ts";
import {
  candidatesAt,
  type Cut,
  eachVoter,
  hasVoted,
  isAccredited,
  isCounted,
  versionOf,
} from "./recount_cut.ts";
import { type CopyReport, createFindings, nothingToCompare } from "./recount_findings.ts";
import { cutOf, type Recounting } from "./recount_results.ts";
import { type ExpectedRows, hashInSql, idInPostgres, type PeopleTable, TABLES } from "./recount_rows.ts";

/** A moment of the database, and what it is held against. */
interface Comparison {
  readonly tx: Transaction;
  readonly cut: Cut;
  readonly recounting: Recounting;
  readonly rows: ExpectedRows;
  /** Ids of the log by the form in which Postgres stores them, of those where it is another. */
  readonly otherForms: ReadonlyMap<string, string>;
}

const POSITIONS = "positions in Postgres";
const ROWS_AT_ONCE = 5_000;

/**
 * Compares positions, `votes`, `teller_waiting`, `voters` and `candidates`, all as of one moment of the database.
 * @throws {Error} where the database doesn't answer
 */
export async function comparePostgres(
  sql: Sql,
  recounting: Recounting,
  rows: ExpectedRows,
): Promise<CopyReport[]> {
  return await sql.begin("isolation level repeatable read read only", async (tx) => {
    const [{ table }] = await tx`select to_regclass('teller_positions') as table`;
    if (table === null) return [nothingToCompare(POSITIONS, "Teller has written nothing to this database")];
    const positions = await readPositions(tx, recounting.rules.electionId);
    if (positions === null) {
      return [nothingToCompare(POSITIONS, "nothing of this election is in this database")];
    }
    await recounting.catchUp();
    const findings = createFindings(POSITIONS);
    const cut = cutOf(positions, recounting.recount);
    findings.compare("next offsets that the log has", true, cut !== null);
    if (cut === null) return [findings.report(null, "the tables can't be compared without")];
    const comparison = { tx, cut, recounting, rows, otherForms: await otherFormsOf(recounting) };
    return [
      findings.report(versionOf(cut)),
      await compareVotes(comparison),
      await compareWaiting(comparison),
      await comparePeople(comparison, "voters"),
      await comparePeople(comparison, "candidates"),
    ];
  });
}

async function readPositions(
  tx: Transaction,
  electionId: string,
): Promise<Record<string, Record<string, number>> | null> {
  const found = await tx<{ topic: Topic; partition: number; next: number }[]>`
    select topic, partition, next_offset::float8 as next from teller_positions
    where election_id = ${electionId} and sink = 'postgres'`;
  if (found.length === 0) return null;
  const positions: Record<string, Record<string, number>> = {};
  for (const { topic, partition, next } of found) (positions[topic] ??= {})[partition] = next;
  return positions;
}

async function compareVotes({ tx, cut, recounting, otherForms }: Comparison): Promise<CopyReport> {
  const { recount, signal, turn } = recounting;
  const findings = createFindings("votes in Postgres");
  const seen = new Set<RecountedVoter>();
  // Milliseconds of a timestamp without a zone, microseconds as their fraction.
  const cursor = tx<{ voter_id: string; candidate_id: string; ms: number; vote: number | null }[]>`
    select voter_id, candidate_id, (extract(epoch from voting_time) * 1000)::float8 as ms, vote from votes`
    .cursor(ROWS_AT_ONCE);
  for await (const some of ahead(cursor)) {
    if (signal.aborted) break;
    for (const { voter_id, candidate_id, ms, vote } of some) {
      const voter = recount.voters.get(otherForms.get(voter_id) ?? voter_id);
      if (voter === undefined || !isCounted(voter, cut, recount)) {
        findings.compare(voter_id, undefined, "a row");
        continue;
      }
      seen.add(voter);
      findings.compare(`${voter_id}.candidate_id`, idInPostgres(voter.candidateId), candidate_id);
      compareTime(findings, voter_id, voter, ms);
      findings.compare(`${voter_id}.vote`, 1, vote);
    }
    await turn();
  }
  await eachVoter(recount, turn, (voter, id) => {
    if (!seen.has(voter) && isCounted(voter, cut, recount)) findings.compare(id, "a row", undefined);
  });
  return findings.report(versionOf(cut));
}

async function compareWaiting({ tx, cut, recounting, otherForms }: Comparison): Promise<CopyReport> {
  const { recount, turn } = recounting;
  const findings = createFindings("waiting votes in Postgres");
  const found = await tx<{ voter_id: string; candidate_id: string; ms: number }[]>`
    select voter_id, candidate_id, (extract(epoch from voting_time) * 1000)::float8 as ms from teller_waiting`;
  const rows = new Map(found.map((row) => [otherForms.get(row.voter_id) ?? row.voter_id, row]));
  await eachVoter(recount, turn, (voter, id) => {
    if (!hasVoted(voter, cut) || isCounted(voter, cut, recount)) return;
    const row = rows.get(id);
    rows.delete(id);
    if (row === undefined) return findings.compare(id, "a row", undefined);
    findings.compare(`${id}.candidate_id`, idInPostgres(voter.candidateId), row.candidate_id);
    compareTime(findings, id, voter, row.ms);
  });
  for (const id of rows.keys()) findings.compare(id, undefined, "a row");
  return findings.report(versionOf(cut));
}

async function comparePeople(
  { tx, cut, recounting, rows, otherForms }: Comparison,
  table: PeopleTable,
): Promise<CopyReport> {
  const { recount, signal, turn } = recounting;
  const findings = createFindings(`${table} in Postgres`);
  const id = table === "voters" ? "voter_id" : "candidate_id";
  const seen = new Set<string>();
  const expected = (known: string) => {
    const partition = table === "voters" ? recount.voters.get(known)?.partition ?? 0 : 0;
    return rows.hashBefore(table, known, cut[TABLES[table]][partition]);
  };
  const cursor = tx.unsafe<{ id: string; hash: string }[]>(
    `select ${id} as id, ${hashInSql(table)} as hash from ${table}`,
  ).cursor(ROWS_AT_ONCE);
  for await (const some of ahead(cursor)) {
    if (signal.aborted) break;
    for (const { id, hash } of some) {
      const known = otherForms.get(id) ?? id;
      seen.add(known);
      const right = expected(known);
      if (right === undefined) findings.compare(id, undefined, "a row");
      else findings.compare(`${id}, content by its hash`, right, hash);
    }
    await turn();
  }
  if (table === "candidates") {
    for (const { candidate_id } of candidatesAt(recount, cut)) {
      if (!seen.has(candidate_id)) findings.compare(candidate_id, "a row", undefined);
    }
  } else {
    await eachVoter(recount, turn, (voter, id) => {
      if (isAccredited(voter, cut) && !seen.has(id)) findings.compare(id, "a row", undefined);
    });
  }
  return findings.report(versionOf(cut));
}

/** The same, with the next one under way while one is worked through: the database works meanwhile. */
async function* ahead<T>(source: AsyncIterable<T>): AsyncGenerator<T, void> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = iterator.next();
      yield value;
    }
  } finally {
    // Left early, what is under way is waited for, or its connection would be in the middle of it.
    await next.catch(() => {});
    await iterator.return?.();
  }
}

function compareTime(
  findings: ReturnType<typeof createFindings>,
  id: string,
  { eventTime }: RecountedVoter,
  ms: number | null,
): void {
  if (ms === eventTime) findings.compare("", eventTime, ms);
  else findings.compare(`${id}.voting_time`, iso(eventTime), ms === null ? null : iso(ms));
}

/** With the fraction of a millisecond that a difference may be in. */
function iso(ms: number): string {
  if (Math.abs(ms) > 8.64e15) return String(ms); // no calendar goes as far
  const fraction = ms % 1 === 0 ? "" : ` + ${(ms % 1).toFixed(3)} ms`;
  return new Date(Math.floor(ms)).toISOString() + fraction;
}

async function otherFormsOf({ recount, turn }: Recounting): Promise<Map<string, string>> {
  const forms = new Map<string, string>();
  const note = (id: string) => {
    const stored = idInPostgres(id);
    if (stored !== id) forms.set(stored, id);
  };
  for (const id of recount.candidates.keys()) note(id);
  await eachVoter(recount, turn, (_, id) => note(id));
  return forms;
}
