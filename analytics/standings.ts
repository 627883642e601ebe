/**
 * Standings: who stands where at one generation, told apart by place, age and gender, and how the lead changed.
 * @module
 */
import type { DuckDb } from "./duckdb.ts";
import type { Generation } from "./kept_generations.ts";

/** What accredited voters can be told apart by. */
export const GROUPINGS = ["state", "age_band", "gender"] as const;
/** @see GROUPINGS */
export type Grouping = typeof GROUPINGS[number];

/** The voters of one group, and their votes. */
export interface Group {
  readonly key: string;
  /** Accredited. */
  readonly voters: number;
  /** Counted votes by candidate_id; candidates without one are left out. */
  readonly votes: ReadonlyMap<string, number>;
}

/** A candidate comes to have more votes than every other. */
export interface LeadChange {
  /** The end of the window in whose running totals it shows first, epoch ms. */
  readonly at: number;
  readonly candidateId: string;
  /** Lead over the second at that end. */
  readonly margin: number;
}

/** All of it, at one generation. */
export interface Standings {
  /** By key, in code-point order. */
  readonly groups: Readonly<Record<Grouping, readonly Group[]>>;
  /** The first one is the first lead of all; a tie changes nothing. */
  readonly leadChanges: readonly LeadChange[];
  /**
   * The windows that a picture of the whole should show, from the start of the first to the end of the last, in
   * epoch ms: stragglers from long before, at most a thousandth of all votes, are not among them.
   */
  readonly span: { readonly from: number; readonly to: number } | null;
}

/** More changes than these are nothing that a reader could follow: the first ones are given. */
const MAX_LEAD_CHANGES = 1_000;
/** The lead is looked for among as many candidates, those with the most votes. */
const MAX_LEADERS = 50;

/** Looks up the standings of a generation. */
export async function lookUpStandings(duckDb: DuckDb, generation: Generation): Promise<Standings> {
  const { votes, votersByGroup, facts: { rules: { windowMs } } } = generation;
  const groups = await lookUpGroups(duckDb, votes, votersByGroup);
  if (votes.length === 0) return { groups, leadChanges: [], span: null };
  const leadChanges: LeadChange[] = [];
  for await (const [start, candidateId, margin] of duckDb.query(LEAD_CHANGES, { votes })) {
    leadChanges.push({
      at: start as number + windowMs,
      candidateId: candidateId as string,
      margin: margin as number,
    });
  }
  let span: Standings["span"] = null;
  for await (const [first, last] of duckDb.query(SPAN, { votes })) {
    if (first !== null) span = { from: first as number, to: last as number + windowMs };
  }
  return { groups, leadChanges, span };
}

async function lookUpGroups(
  duckDb: DuckDb,
  votes: readonly string[],
  votersByGroup: string,
): Promise<Standings["groups"]> {
  const found = { state: new Map(), age_band: new Map(), gender: new Map() } as Record<
    Grouping,
    Map<string, { key: string; voters: number; votes: Map<string, number> }>
  >;
  for await (const [grouping, key, voters] of duckDb.query(VOTERS, { voters: [votersByGroup] })) {
    const group = { key: key as string, voters: voters as number, votes: new Map() };
    found[grouping as Grouping].set(group.key, group);
  }
  if (votes.length > 0) {
    for await (const [grouping, key, candidateId, n] of duckDb.query(VOTES, { votes })) {
      found[grouping as Grouping].get(key as string)?.votes.set(candidateId as string, n as number);
    }
  }
  return {
    state: [...found.state.values()],
    age_band: [...found.age_band.values()],
    gender: [...found.gender.values()],
  };
}

const each = (select: (grouping: Grouping) => string) => GROUPINGS.map(select).join(" UNION ALL ");

const VOTERS =
  each((grouping) =>
    `SELECT '${grouping}' AS grouping, ${grouping} AS key, sum(voters)::BIGINT AS voters
   FROM read_parquet($voters) GROUP BY ALL`
  ) + " ORDER BY grouping, key";

const VOTES = each((grouping) =>
  `SELECT '${grouping}', ${grouping}, candidate_id, sum(votes)::BIGINT
   FROM read_parquet($votes) GROUP BY ALL`
);

const SPAN = `
  WITH windows AS (
    SELECT epoch_ms(window_start) AS start, sum(votes) AS votes FROM read_parquet($votes) GROUP BY ALL
  ), running AS (
    SELECT start, sum(votes) OVER (ORDER BY start) AS total, sum(votes) OVER () AS whole FROM windows
  )
  SELECT min(start)::BIGINT, max(start)::BIGINT FROM running WHERE total * 1000 > whole`;

const LEAD_CHANGES = `
  WITH cells AS (
    SELECT epoch_ms(window_start) AS start, candidate_id, sum(votes)::BIGINT AS votes
    FROM read_parquet($votes) GROUP BY ALL
  ), candidates AS (
    SELECT candidate_id FROM cells GROUP BY ALL ORDER BY sum(votes) DESC, candidate_id LIMIT ${MAX_LEADERS}
  ), running AS (
    SELECT start, candidate_id, sum(coalesce(votes, 0)) OVER (PARTITION BY candidate_id ORDER BY start) AS total
    FROM (SELECT DISTINCT start FROM cells) CROSS JOIN candidates LEFT JOIN cells USING (start, candidate_id)
  ), standings AS (
    SELECT start, arg_max(candidate_id, total) AS leader, max(total, 2) AS best FROM running GROUP BY ALL
  ), leads AS (
    SELECT start, leader, best[1] - coalesce(best[2], 0) AS margin FROM standings
  ), changes AS (
    SELECT start, leader, margin::BIGINT AS margin, lag(leader) OVER (ORDER BY start) AS before
    FROM leads WHERE margin > 0
  )
  SELECT start, leader, margin FROM changes WHERE leader IS DISTINCT FROM before
  ORDER BY start LIMIT ${MAX_LEAD_CHANGES}`;
