/**
 * The two kinds of Postgres, for tests that both must pass, and a clean slate in either.
 * @module
 */
import { openPostgres, type Sql } from "../../pipeline/postgres.ts";
import { needs } from "../services/available.ts";
import { newDatabase } from "../services/postgres.ts";

/** Declares a test twice: on an embedded Postgres and, where there is one, on a real server. */
export function onBoth(name: string, fn: (sql: Sql, notices: string[]) => Promise<void>): void {
  Deno.test(`${name} (embedded)`, async () => {
    const dir = await Deno.makeTempDir({ prefix: "teller-pglite-" });
    try {
      await withSql(null, dir, fn);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
  needs("postgres")(`${name} (server)`, async () => {
    await using database = await newDatabase();
    await withSql(database.url, "", fn);
  });
}

async function withSql(
  url: string | null,
  dir: string,
  fn: (sql: Sql, notices: string[]) => Promise<void>,
): Promise<void> {
  const notices: string[] = [];
  const ending = new AbortController();
  try {
    await using database = await openPostgres({
      url,
      dir: `${dir}/postgres`,
      onNotice: (message) => notices.push(message),
      signal: ending.signal,
    });
    await fn(database.sql, notices);
  } finally {
    ending.abort();
  }
}

/** Empties all tables that Teller fills. */
export async function empty(sql: Sql): Promise<void> {
  await sql`
    truncate candidates, voters, votes, teller_positions, teller_rules, teller_waiting, teller_written`;
}

/** The rows of `votes` as `voter → candidate`, sorted. */
export async function votesIn(sql: Sql): Promise<string[]> {
  const rows = await sql`select voter_id, candidate_id from votes`;
  return rows.map(({ voter_id, candidate_id }) => `${voter_id} → ${candidate_id}`).sort();
}
