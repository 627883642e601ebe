/**
 * What Postgres' tables add up to, as the predecessor's dashboard asks them, beside the count that Teller shows.
 * @module
 */
import assert from "node:assert/strict";
import type { Sql } from "../../pipeline/postgres.ts";
import type { Results } from "../../pipeline/results.ts";

const SETTLE_TIMEOUT_MS = 60_000;

/** The parts of Results that the three tables can be added up to. */
export type TableCount = {
  voters: number;
  candidates: number;
  votes: Record<string, number>;
  waiting: number;
};

/** The same parts of Results. */
export function tableCountOf({ totals, candidates }: Results): TableCount {
  const votes = candidates.filter((one) => one.total_votes > 0);
  return {
    voters: totals.voters,
    candidates: totals.candidates,
    votes: Object.fromEntries(votes.map((one) => [one.candidate_id, one.total_votes]).sort()),
    waiting: totals.waiting,
  };
}

/** Adds the tables up. */
export async function countTables(sql: Sql): Promise<TableCount> {
  const [rows] = await sql`
    select (select count(*)::int from voters) as voters, (select count(*)::int from candidates) as candidates,
      (select count(*)::int from teller_waiting) as waiting`;
  const votes = await sql`select candidate_id, sum(vote)::int as votes from votes group by 1 order by 1`;
  return {
    voters: rows.voters,
    candidates: rows.candidates,
    votes: Object.fromEntries(votes.map((row) => [row.candidate_id, row.votes]).sort()),
    waiting: rows.waiting,
  };
}

/** Waits until the tables cover the offsets of these Results. */
export async function untilFilled(sql: Sql, { offsets }: Pick<Results, "offsets">): Promise<void> {
  const wanted = Object.values(offsets).flatMap(Object.values).reduce((a, b) => a + b, 0);
  const deadline = Date.now() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const over = Date.now() > deadline;
    // Before the first migration there is no such table.
    const [{ there }] = await sql`select to_regclass('teller_positions') is not null as there`;
    const sum = there ? (await sql`select sum(next_offset)::float8 as n from teller_positions`)[0].n : 0;
    if (sum >= wanted) return;
    assert.ok(!over, `Postgres stands at ${sum} of ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
