/**
 * The two kinds of Postgres, for tests that both must pass, and a clean slate in either.
 * @module
 */
import assert from "node:assert/strict";
import { openPostgres, type Sql } from "../../pipeline/postgres.ts";
import { migrate } from "../../pipeline/postgres_schema.ts";
import { needs } from "../services/available.ts";
import { newDatabase } from "../services/postgres.ts";

/** Checks a promise; finds what the one before left behind, the first one an empty database. */
export type Check = (sql: Sql) => Promise<void>;

/** Declares tests for both: steps on one embedded Postgres and, where there is a server, on one database there. */
export function onBoth(promises: Record<string, Check>): void {
  Deno.test("on an embedded Postgres", async (t) => {
    const dir = await Deno.makeTempDir({ prefix: "teller-pglite-" });
    try {
      await check(t, null, dir, promises);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
  needs("postgres")("on a Postgres server", async (t) => {
    await using database = await newDatabase();
    await check(t, database.url, "", promises);
  });
}

async function check(
  t: Deno.TestContext,
  url: string | null,
  dir: string,
  promises: Record<string, Check>,
): Promise<void> {
  const ending = new AbortController();
  try {
    await using database = await openPostgres({
      url,
      dir: `${dir}/postgres`,
      onNotice: assert.fail,
      signal: ending.signal,
    });
    for (const [name, promise] of Object.entries(promises)) await t.step(name, () => promise(database.sql));
  } finally {
    ending.abort();
  }
}

/** Brings the tables up to date and empties them. */
export async function emptied(sql: Sql): Promise<void> {
  await migrate(sql);
  await sql`
    truncate candidates, voters, votes, teller_positions, teller_rules, teller_waiting, teller_written,
      quality_findings`;
}

/** The rows of `votes` as `voter → candidate`, sorted. */
export async function votesIn(sql: Sql): Promise<string[]> {
  const rows = await sql`select voter_id, candidate_id from votes`;
  return rows.map(({ voter_id, candidate_id }) => `${voter_id} → ${candidate_id}`).sort();
}
