/**
 * History: votes per stretch of event time, and what they add up to, from a generation's Parquet.
 * @module
 */
import type { AsOf } from "./as_of.ts";
import type { DuckDb } from "./duckdb.ts";
import type { Generation, KeptGenerations } from "./kept_generations.ts";
import { lookUpStandings, type Standings } from "./standings.ts";

/** What votes can be told apart by; in SQL, over `votes` and `candidates`. */
const KEYS = {
  candidate: "candidate_id",
  state: "state",
  age_band: "age_band",
  gender: "gender",
  party: "coalesce(party_affiliation, '')",
} as const;

/** @see KEYS */
export type HistoryKey = keyof typeof KEYS;
/** Every HistoryKey. */
export const HISTORY_KEYS = Object.keys(KEYS) as HistoryKey[];

/** At most as many rows are given. */
export const MAX_HISTORY_ROWS = 10_000;
const MAX_WAITING = 16;
const MAX_REMEMBERED = 16;

/** What is asked; times are epoch ms. */
export interface HistoryQuestion {
  /** Stretches that begin at it or later; null: all. */
  readonly from: number | null;
  /** Stretches that begin before it; null: all. */
  readonly to: number | null;
  /** A stretch's length: a multiple of the windows' width, at which they begin. */
  readonly everyMs: number;
  /** Null: all votes together. */
  readonly by: HistoryKey | null;
}

/** Votes of one stretch, of one key; there is no row where there were none. */
export interface HistoryRow {
  /** Epoch ms. */
  readonly start: number;
  readonly key: string | null;
  readonly votes: number;
  /** Of these, the late ones. */
  readonly late: number;
  /** All votes of that key until the stretch's end, also those before `from`. */
  readonly total: number;
}

/** The rows by start, then key in code-point order; or why there are none. */
export type HistoryAnswer = readonly HistoryRow[] | "too_many_rows" | "busy";

/** Answers questions about the past. */
export interface History {
  /** The newest generation; null where there is none yet. */
  newest(): Generation | null;
  /** The newest generation at or before a point; null where none is kept. */
  at(point: AsOf): Promise<Generation | null>;
  ask(generation: Generation, question: HistoryQuestion): Promise<HistoryAnswer>;
  /** Who stands where at that generation. */
  standings(generation: Generation): Promise<Standings | "busy">;
}

/** The generations that are asked. */
export interface HistorySource extends Pick<KeptGenerations, "at" | "hold"> {
  newest(): Generation | null;
}

/** Makes a History over the generations that are kept. */
export function createHistory(duckDb: DuckDb, { newest, at, hold }: HistorySource): History {
  // Anybody may ask: one query runs at a time, few wait, and what many ask at once is looked up once.
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const remembered = new Map<string, Promise<unknown>>();

  async function look(generation: Generation, question: HistoryQuestion): Promise<HistoryAnswer> {
    if (generation.votes.length === 0) return [];
    const { from, to, everyMs, by } = question;
    const parameters = {
      votes: generation.votes,
      ...by === "party" && { candidates: [generation.candidates] },
      everyMs,
      from,
      to,
    };
    const rows: HistoryRow[] = [];
    for await (const [start, key, votes, late, total] of duckDb.query(sqlOf(by), parameters)) {
      rows.push({
        start: start as number,
        key: key as string | null,
        votes: votes as number,
        late: late as number,
        total: total as number,
      });
    }
    return rows.length > MAX_HISTORY_ROWS ? "too_many_rows" : rows;
  }

  function once<T>(generation: Generation, question: string, lookUp: () => Promise<T>): Promise<T | "busy"> {
    const name = `${generation.sha256} ${question}`;
    const known = remembered.get(name);
    if (known !== undefined) return known as Promise<T>;
    if (waiting >= MAX_WAITING) return Promise.resolve("busy");
    waiting++;
    const held = hold(generation);
    const answer = queue.then(lookUp).finally(() => {
      waiting--;
      held[Symbol.dispose]();
    });
    queue = answer.catch(() => {}); // whoever asked is told
    if (remembered.size === MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    remembered.set(name, answer);
    answer.catch(() => remembered.delete(name));
    return answer;
  }

  return {
    newest,
    at,
    ask(generation, question) {
      const { from, to, everyMs, by } = question;
      return once(generation, JSON.stringify([from, to, everyMs, by]), () => look(generation, question));
    },
    standings: (generation) => once(generation, "standings", () => lookUpStandings(duckDb, generation)),
  };
}

function sqlOf(by: HistoryKey | null): string {
  const key = by === null ? "NULL::VARCHAR" : KEYS[by];
  const candidates = by === "party" ? "LEFT JOIN read_parquet($candidates) USING (candidate_id)" : "";
  return `
    WITH stretches AS (
      SELECT epoch_ms(window_start) // $everyMs::BIGINT * $everyMs::BIGINT AS start, ${key} AS key,
             sum(votes)::BIGINT AS votes, sum(late)::BIGINT AS late
      FROM read_parquet($votes) ${candidates}
      GROUP BY ALL
    ), totals AS (
      SELECT *, sum(votes) OVER (PARTITION BY key ORDER BY start)::BIGINT AS total FROM stretches
    )
    SELECT * FROM totals
    WHERE start >= coalesce($from::BIGINT, start) AND start < coalesce($to::BIGINT, start + 1)
    ORDER BY start, key
    LIMIT ${MAX_HISTORY_ROWS + 1}`;
}
