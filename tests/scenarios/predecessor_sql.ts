/**
 * The count by SQL: DuckDB over what kcat reads back, as predecessor_count.sql says.
 * @module
 */
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import type { CandidateResult, LocationResult, Results } from "../../pipeline/results.ts";

/** What SQL finds; the names are those of Results. */
export interface SqlCount {
  readonly totals: Omit<Results["totals"], "turnout" | "votes_per_second">;
  readonly candidates: Omit<CandidateResult, "photo_url" | "share">[];
  readonly locations: Omit<LocationResult, "turnout">[];
  readonly rejections: { topic: string; reason: string; records: number }[];
  readonly watermark: string;
  readonly version: number;
  /** By topic and partition. */
  readonly offsets: Results["offsets"];
}

/** What the count depends on besides the records. */
export interface SqlRules {
  readonly opensMs: number;
  readonly graceMs: number;
  readonly topicPrefix: string;
  /** The topic that holds every key once, where kcat's own partitioner put it. */
  readonly homesTopic: string;
}

const COUNT = fileURLToPath(new URL("./predecessor_count.sql", import.meta.url));

/** Counts a dump that `dumpByKcat` wrote. */
export async function countBySql(dump: string, rules: SqlRules): Promise<SqlCount> {
  using duckdb = await openDuckDb();
  const { rows } = duckdb;
  await duckdb.run(`
    SET VARIABLE dump = '${dump}';
    SET VARIABLE prefix = '${rules.topicPrefix}';
    SET VARIABLE homes = '${rules.homesTopic}';
    SET VARIABLE opens_ms = ${rules.opensMs};
    SET VARIABLE grace_ms = ${rules.graceMs}`);
  await duckdb.run(await Deno.readTextFile(COUNT));
  const [{ ms }] = await rows<{ ms: string }>("FROM watermark");
  const next = await rows<NextOffset>("FROM next_offsets");
  return {
    totals: (await rows<SqlCount["totals"]>("FROM totals"))[0],
    candidates: await rows("FROM votes_per_candidate"),
    locations: await rows("FROM locations"),
    rejections: await rows("FROM rejections"),
    watermark: new Date(Number(ms)).toISOString(),
    version: next.reduce((sum, { next }) => sum + next, 0),
    offsets: byTopic(next),
  };
}

/** The latest log timestamp in a dump, epoch ms. */
export async function latestTimestamp(dump: string): Promise<number> {
  using duckdb = await openDuckDb();
  const [{ ms }] = await duckdb.rows<{ ms: string }>(
    `SELECT max(ts) AS ms FROM read_ndjson('${dump}', columns = {ts: 'BIGINT'})`,
  );
  return Number(ms);
}

async function openDuckDb() {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  return {
    run: (sql: string) => connection.run(sql),
    rows: async <Row>(sql: string) =>
      (await connection.runAndReadAll(sql)).getRowObjectsJson() as unknown as Row[],
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

interface NextOffset {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

function byTopic(rows: NextOffset[]): Results["offsets"] {
  const offsets: Results["offsets"] = {};
  for (const { topic, partition, next } of rows) (offsets[topic] ??= {})[partition] = next;
  return offsets;
}
