/**
 * Holds the three kinds of copies of the count against each other: the aggregated topics, Postgres' tables and
 * the Results of the API.
 * @module
 */
import assert from "node:assert/strict";
import type { EventLog, OutputTopic } from "../../pipeline/log.ts";
import type { AggregateTopic } from "../../pipeline/aggregates.ts";
import type { Sql } from "../../pipeline/postgres.ts";
import type { Results } from "../../pipeline/results.ts";
import { countTables, tableCountOf } from "./postgres_count.ts";

type Row = Record<string, unknown>;

/** What each aggregated topic should hold by key, as sums over `votes`. */
const SUMS: Record<AggregateTopic, { readonly key: string; readonly query: string }> = {
  aggregated_votes_per_candidate: {
    key: "candidate_id",
    query: `select candidate_id, candidate_name, party_affiliation, photo_url,
      coalesce(sum(vote), 0)::int as total_votes
      from candidates left join votes using (candidate_id) group by candidate_id`,
  },
  aggregated_turnout_by_location: {
    key: "state",
    query: `select address_state as state, coalesce(sum(vote), 0)::int as count
      from voters left join votes using (voter_id) group by 1`,
  },
  aggregated_turnout_by_age: sumBy("registered_age", "registered_age", "voters using (voter_id)"),
  aggregated_turnout_by_gender: sumBy("gender", "gender", "voters using (voter_id)"),
  aggregated_party_wise_votes: sumBy(
    "party_affiliation",
    "party_affiliation",
    "candidates using (candidate_id)",
  ),
  aggregated_votes_by_region: sumBy("city", "address_city", "voters using (voter_id)"),
};

function sumBy(key: string, column: string, joined: string) {
  return {
    key,
    query: `select ${column} as ${key}, sum(vote)::int as total_votes from votes join ${joined} group by 1`,
  };
}

/** A topic's records as JSON by key, the last of each, having seen to it that no version goes back. */
export async function standing(log: EventLog, topic: OutputTopic): Promise<Record<string, Row>> {
  const decoder = new TextDecoder();
  const last: Record<string, Row> = {};
  const versions: Record<string, number> = {};
  for await (const { key, value, headers } of log.scan(topic)) {
    const name = decoder.decode(key!);
    assert.ok(Number(headers.version) >= (versions[name] ?? 0), `${topic}: ${name} goes back`);
    versions[name] = Number(headers.version);
    last[name] = JSON.parse(decoder.decode(value!));
  }
  return last;
}

/** Compares them at rest, where every sink has written what the Results stand for. */
export async function assertCopiesAgree(log: EventLog, sql: Sql, results: Results): Promise<void> {
  assert.deepEqual(await countTables(sql), tableCountOf(results));
  for (const [topic, { key, query }] of Object.entries(SUMS)) {
    const rows: Row[] = [...await sql.unsafe(query)];
    const sums = Object.fromEntries(rows.map((row) => [String(row[key]), { ...row }]));
    assert.deepEqual(await standing(log, topic as AggregateTopic), sums, topic);
  }
  assert.deepEqual(
    await standing(log, "aggregated_votes_per_candidate"),
    Object.fromEntries(results.candidates.map(({ share: _, ...one }) => [one.candidate_id, one])),
  );
  assert.deepEqual(
    await standing(log, "aggregated_turnout_by_location"),
    Object.fromEntries(results.locations.map(({ state, count }) => [state, { state, count }])),
  );
}
