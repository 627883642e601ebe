/**
 * Every copy of the count, held against a plain count of the log: what Teller showed, a fold from the first
 * record, Postgres, and the derived topics.
 * @module
 */
import { aggregatesOf, type AggregateTopic } from "../../pipeline/aggregates.ts";
import type { EventLog } from "../../pipeline/log.ts";
import type { Sql } from "../../pipeline/postgres.ts";
import type { Rules } from "../../pipeline/record.ts";
import type { Results } from "../../pipeline/results.ts";
import { startStream, type Stream } from "../../pipeline/stream.ts";
import { lasting } from "../scenarios/live.ts";
import type { PlainCount } from "./plain_count.ts";

/** The copies, at rest. */
export interface Copies {
  readonly log: EventLog;
  /** What the log is folded by. */
  readonly rules: Rules;
  /** What Teller showed at last. */
  readonly results: Results;
  /** Null: nothing was to be written for others. */
  readonly sql: Sql | null;
}

/** What differs from the plain count, a line each; none where all copies are equal. */
export async function differencesOf(copies: Copies, plain: PlainCount): Promise<string[]> {
  return [
    ...ofResults(copies.results, plain),
    ...copies.sql === null ? [] : await ofPostgres(copies.sql, plain),
    ...await ofLog(copies, plain),
  ];
}

function ofResults({ totals, candidates }: Results, plain: PlainCount): string[] {
  const shown = Object.fromEntries(candidates.map((one) => [one.candidate_id, one.total_votes]));
  const expected: Record<string, number> = Object.fromEntries(Object.keys(shown).map((id) => [id, 0]));
  for (const { candidate } of plain.votes.values()) expected[candidate]++;
  return [
    ...unequal("results: votes", totals.votes, plain.votes.size),
    ...unequal("results: voters", totals.voters, plain.voters.size),
    ...unequal("results: rejected", totals.rejected, plain.rejected),
    ...unequal("results: waiting", totals.waiting, 0),
    ...unequal("results: votes by candidate", shown, expected),
  ];
}

async function ofPostgres(sql: Sql, plain: PlainCount): Promise<string[]> {
  const differences: string[] = [];
  const rows = await sql`select voter_id, candidate_id from votes`;
  const inTable = new Map(rows.map((row) => [row.voter_id, row.candidate_id]));
  for (const voter of new Set([...inTable.keys(), ...plain.votes.keys()])) {
    const [row, vote] = [inTable.get(voter), plain.votes.get(voter)?.candidate];
    differences.push(...unequal(`postgres: vote of ${voter}`, row, vote));
  }
  const [{ voters }] = await sql`select count(*)::int as voters from voters`;
  return [...differences, ...unequal("postgres: voters", voters, plain.voters.size)];
}

/** Folds the log from its first record, and holds Results and topics against that. */
async function ofLog({ log, rules, results, sql }: Copies, plain: PlainCount): Promise<string[]> {
  const ending = new AbortController();
  const { title } = results.election;
  const stream = startStream({ log, rules, title, now: Date.now, signal: ending.signal });
  const caughtUp = Promise.withResolvers<Results>();
  stream.updates.subscribe((made) => made.catching_up || caughtUp.resolve(made));
  stream.done.catch(caughtUp.reject);
  const again = await caughtUp.promise;
  ending.abort();
  await stream.done;
  return [
    ...unequal("folded from the first record", lasting(results), lasting(again)),
    ...sql === null ? [] : await ofTopics(log, stream, plain),
  ];
}

async function ofTopics(log: EventLog, { registry, folds }: Stream, plain: PlainCount): Promise<string[]> {
  const differences: string[] = [];
  for (const [topic, aggregate] of Object.entries(aggregatesOf(registry, folds))) {
    const standing: Record<string, unknown> = {};
    for await (const { key, value } of log.scan(topic as AggregateTopic)) {
      standing[text(key!)] = JSON.parse(text(value!));
    }
    differences.push(...unequal(topic, sorted(standing), sorted(Object.fromEntries(aggregate))));
  }
  const places = new Set<string>();
  for await (const { headers } of log.scan("votes_rejected")) {
    places.add(`${headers.topic}/${headers.partition}/${headers.offset}`);
  }
  return [...differences, ...unequal("votes_rejected", places.size, plain.rejected)];
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const sorted = (one: Record<string, unknown>) => Object.fromEntries(Object.entries(one).sort());

function unequal(name: string, found: unknown, expected: unknown): string[] {
  const [is, shouldBe] = [JSON.stringify(found), JSON.stringify(expected)];
  return is === shouldBe ? [] : [`${name}: ${is}, not ${shouldBe}`];
}
