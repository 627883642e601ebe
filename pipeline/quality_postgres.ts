/**
 * Data quality in Postgres: whether its rows are what the log says up to the sink's own positions, and the table
 * where all findings are told.
 * @module
 */
import type { Fold } from "./fold.ts";
import { OFFSETS_PER_FINDING } from "./ledger.ts";
import type { Topic } from "./log.ts";
import type { Sql, Transaction } from "./postgres.ts";
import { type Check, compared, type Offender, unknown } from "./quality.ts";
import { foldOf, standingOf } from "./receipts.ts";
import type { Registry } from "./registry.ts";
import { storedId } from "./sink_postgres_rows.ts";
import { SINK } from "./sink_postgres_write.ts";
import { flagsOf, voteCandidateOf, VOTED, voteOffsetOf } from "./voter_table.ts";

/** What the checks of Postgres compare, by their ids. */
const COMPARES = {
  postgres_votes: "Rows of votes and teller_waiting, against votes in the log up to the sink's positions",
  postgres_choices: "Candidates with another number of rows than votes in the log up to there, against none",
  postgres_voters: "Voters written, against voters accredited in the log",
  postgres_candidates: "Candidates written, against candidates accredited in the log",
  postgres_missing: "Rows that were written and no longer stand, against none",
  postgres_added: "Rows of votes, voters and candidates that Teller did not write, against none",
} as const;
type CheckId = keyof typeof COMPARES;

/** The tables whose rows are compared, and the column that names whom a row is about. */
const TABLES = { votes: "voter_id", voters: "voter_id", candidates: "candidate_id" } as const;
type Table = keyof typeof TABLES;

/** The checks where there is no database to ask. */
export function postgresUnknown(): Check[] {
  return (Object.keys(COMPARES) as CheckId[]).map((id) => unknown(id, COMPARES[id]));
}

/** What stands in the database at one moment. */
interface Found {
  readonly positions: Map<string, number>;
  readonly choices: Map<string, number>;
  readonly written: Record<Table, number>;
  readonly missing: RowOffender[];
  readonly added: RowOffender[];
}

type RowOffender = Offender & { readonly table: Table; readonly id: string };

/**
 * Compares the database with the folds. Where the sink is ahead of the folds, or behind on accreditation, what
 * depends on that is unknown: it can be told a moment later.
 * @throws {Error} where the database doesn't answer
 */
export async function postgresChecks(
  sql: Sql,
  electionId: string,
  registry: Registry,
  folds: readonly Fold[],
): Promise<Check[]> {
  const found = await sql.begin("isolation level repeatable read read only", (tx) => look(tx, electionId));
  const next = (topic: Topic, partition: number) => found.positions.get(`${topic}/${partition}`) ?? 0;
  const check = (id: CheckId, value: number, expected: number, offenders: readonly Offender[] = []) =>
    compared(id, COMPARES[id], value, expected, offenders);
  const unless = (unsure: boolean, id: CheckId, made: () => Check) =>
    unsure ? unknown(id, COMPARES[id]) : made();

  const ahead = folds.some((fold) => next("votes_topic", fold.partition) > fold.votesLedger.next);
  const choices = ahead ? new Map<string, number>() : choicesUpTo(
    registry,
    folds,
    folds.map((fold) => next("votes_topic", fold.partition)),
  );
  const total = (counts: Map<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);
  const differing = [...new Set([...choices.keys(), ...found.choices.keys()])]
    .filter((id) => choices.get(id) !== found.choices.get(id));
  const votersMoving = folds.some((fold) => next("voters_topic", fold.partition) !== fold.votersLedger.next);
  const accredited = folds.reduce((sum, fold) => sum + fold.accredited, 0);
  const named = (rows: RowOffender[]) => rows.map((row) => placed(folds, row));
  return [
    unless(ahead, "postgres_votes", () => check("postgres_votes", total(found.choices), total(choices))),
    unless(
      ahead,
      "postgres_choices",
      () => check("postgres_choices", differing.length, 0, differing.map((id) => ({ table: "votes", id }))),
    ),
    unless(votersMoving, "postgres_voters", () => check("postgres_voters", found.written.voters, accredited)),
    unless(
      next("candidates_topic", 0) !== registry.ledger.next,
      "postgres_candidates",
      () => check("postgres_candidates", found.written.candidates, registry.candidates.length),
    ),
    check("postgres_missing", found.missing.length, 0, named(found.missing)),
    check("postgres_added", found.added.length, 0, named(found.added)),
  ];
}

async function look(tx: Transaction, electionId: string): Promise<Found> {
  const positions = await tx<{ place: string; next: number }[]>`
    select topic || '/' || partition as place, next_offset::float8 as next from teller_positions
    where election_id = ${electionId} and sink = ${SINK}`;
  const choices = await tx<{ id: string; rows: number }[]>`
    select candidate_id as id, sum(rows)::float8 as rows from (
      select candidate_id, count(*) as rows from votes v
      where exists (select from teller_written where table_name = 'votes' and id = v.voter_id) group by 1
      union all select candidate_id, count(*) from teller_waiting group by 1
    ) as counts group by 1`;
  const written = await tx<{ name: Table; rows: number }[]>`
    select table_name as name, count(*)::float8 as rows from teller_written group by 1`;
  const missing: RowOffender[] = [], added: RowOffender[] = [];
  for (const [table, id] of Object.entries(TABLES) as [Table, string][]) {
    const gone = await tx<{ id: string }[]>`
      select id from teller_written w where table_name = ${table}
        and not exists (select from ${tx(table)} where ${tx(id)} = w.id) limit ${OFFSETS_PER_FINDING}`;
    missing.push(...gone.map((row) => ({ table, id: row.id })));
    const strange = await tx<{ id: string }[]>`
      select ${tx(id)} as id from ${tx(table)} t where not exists
        (select from teller_written where table_name = ${table} and id = t.${tx(id)})
      limit ${OFFSETS_PER_FINDING}`;
    added.push(...strange.map((row) => ({ table, id: row.id })));
  }
  const rows = (table: Table) => written.find(({ name }) => name === table)?.rows ?? 0;
  return {
    positions: new Map(positions.map(({ place, next }) => [place, next])),
    choices: new Map(choices.map(({ id, rows }) => [id, rows])),
    written: { votes: rows("votes"), voters: rows("voters"), candidates: rows("candidates") },
    missing,
    added,
  };
}

/** Votes in the log before the given next offsets by candidate, counting or waiting: one for each voter. */
function choicesUpTo(
  registry: Registry,
  folds: readonly Fold[],
  nextOffsets: readonly number[],
): Map<string, number> {
  const choices = new Map<string, number>();
  folds.forEach(({ voters, unaccredited }, i) => {
    // Counts by candidate's number, which begins below 0: see `Fold.unaccredited`.
    const rowsOf = new Float64Array(unaccredited.length + registry.candidates.length);
    for (let voter = 0; voter < voters.size; voter++) {
      if (!(flagsOf(voters, voter) & VOTED) || voteOffsetOf(voters, voter) >= nextOffsets[i]) continue;
      rowsOf[unaccredited.length + voteCandidateOf(voters, voter)]++;
    }
    for (const [at, votes] of rowsOf.entries()) {
      if (votes === 0) continue;
      const number = at - unaccredited.length;
      const id = storedId(
        number >= 0 ? registry.candidates[number].candidate_id : unaccredited[-1 - number].candidateId,
      );
      choices.set(id, (choices.get(id) ?? 0) + votes);
    }
  });
  return choices;
}

/** Names the record that a row of `votes` is about, where the fold knows it. */
function placed(folds: readonly Fold[], row: RowOffender): Offender {
  if (row.table !== "votes") return row;
  const { vote } = standingOf(foldOf(folds, row.id), row.id);
  return vote === null ? row : { ...row, topic: "votes_topic", ...vote };
}

/** Writes every check to `quality_findings`, as it stands now. */
export async function writeFindings(
  sql: Sql,
  electionId: string,
  checks: readonly Check[],
  now: number,
): Promise<void> {
  const rows = checks.map(({ id, compares, value, expected, status, offenders }) => ({
    check_id: id,
    compares,
    value,
    expected,
    status,
    offenders: offenders.map(({ id: _, ...place }) => place),
  }));
  await sql`
    insert into quality_findings (election_id, check_id, compares, value, expected, status, offenders, as_of)
    select ${electionId}, r.*, ${new Date(now).toISOString()}::timestamptz from jsonb_to_recordset(${
    sql.json(rows)
  }) as r(
      check_id text, compares text, value float8, expected float8, status text, offenders jsonb
    )
    on conflict (election_id, check_id) do update set
      compares = excluded.compares, value = excluded.value, expected = excluded.expected,
      status = excluded.status, offenders = excluded.offenders, as_of = excluded.as_of`;
}
