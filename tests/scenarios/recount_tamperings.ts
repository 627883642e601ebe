/**
 * Ways to change one thing in one copy of a count. Where a copy carries hashes, they are made to fit again, as by
 * somebody who knows what he does.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { OutputTopic, StoredOutput } from "../../pipeline/log.ts";
import type { RecountSources } from "../../pipeline/recount_command.ts";
import type { Copies } from "./recount_copies.ts";
import { snapshotTamperings } from "./recount_tampered_snapshots.ts";

/** One change, and how the recount must name it. */
export interface Tampering {
  readonly name: string;
  /** Matches `COPY: WHAT` of a difference. */
  readonly named: RegExp;
  /** Changes it; gives what the recount has to look at instead, which needn't be the copies that are as they were. */
  tamper(): Promise<Partial<RecountSources>>;
  undo(): Promise<unknown>;
}

const NO_SNAPSHOT = { readSnapshot: () => Promise.resolve(null) } satisfies Partial<RecountSources>;
/** @see NO_SNAPSHOT */
export const NO_POSTGRES = { postgres: () => ({ without: "not now" }) } satisfies Partial<RecountSources>;

/** All of them. */
export async function tamperingsOf(copies: Copies): Promise<Tampering[]> {
  return [
    ...shownTamperings(copies),
    ...await snapshotTamperings(copies),
    ...await postgresTamperings(copies),
    ...await topicTamperings(copies),
  ];
}

/** Changes a value to another of its type. */
export function other(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : value === null ? "something" : `${value}1`;
}

/** Paths to every value in an object that isn't an object itself. */
export function leavesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** The object with another value at a path. */
export function changedAt<T>(object: T, path: readonly string[]): T {
  const copy = structuredClone(object);
  // deno-lint-ignore no-explicit-any -- a path leads anywhere
  const parent = path.slice(0, -1).reduce<any>((inner, key) => inner[key], copy);
  const key = path.at(-1)!;
  parent[key] = other(parent[key]);
  return copy;
}

export const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
export const nothing = () => Promise.resolve();

function shownTamperings({ results }: Copies): Tampering[] {
  const paths = [["totals", "votes"], ["totals", "waiting"], ["candidates", "0", "total_votes"], ["version"]];
  return paths.map((path) => ({
    name: `shown: ${path.join(".")}`,
    named: /results shown now/,
    tamper: () => Promise.resolve({ ...NO_SNAPSHOT, ...NO_POSTGRES, latest: () => changedAt(results, path) }),
    undo: nothing,
  }));
}

const PERSONAL =
  "voter_name date_of_birth gender nationality registration_number address_street address_city " +
  "address_state address_country address_postcode email phone_number cell_number picture";
const TABLES = ["votes", "voters", "candidates", "teller_waiting", "teller_positions"];

async function postgresTamperings({ sql }: Copies): Promise<Tampering[]> {
  for (const table of TABLES) await sql.unsafe(`create table saved_${table} as table ${table}`).simple();
  const of = (copy: string, statements: Record<string, RegExp>) =>
    Object.entries(statements).map(([statement, named]): Tampering => ({
      name: statement,
      named: new RegExp(`^${copy}.* in Postgres: .*${named.source}`),
      async tamper() {
        const { count } = await sql.unsafe(statement);
        assert.ok(count > 0, `no row: ${statement}`);
        return NO_SNAPSHOT;
      },
      async undo() {
        for (const table of TABLES) {
          await sql.unsafe(`truncate ${table}; insert into ${table} select * from saved_${table}`).simple();
        }
      },
    }));
  const people = (table: string, id: string, columns: string) =>
    of(
      table,
      Object.fromEntries(
        columns.split(" ").map((
          column,
        ) => [
          `update ${table} set ${column} = ${column} || '?' where ${table.slice(0, -1)}_id = '${id}'`,
          RegExp(id),
        ]),
      ),
    );
  return [
    ...of("votes", {
      "update votes set candidate_id = 'candidate-1' where voter_id = 'voter-7'": /voter-7\.candidate_id/,
      "update votes set voting_time = voting_time + interval '1 ms' where voter_id = 'voter-8'":
        /voter-8\.voting_time/,
      "update votes set voting_time = voting_time - interval '1 us' where voter_id = 'voter-9'":
        /voter-9\.voting_time/,
      "update votes set voting_time = 'infinity' where voter_id = 'voter-9'": /voter-9\.voting_time/,
      "update votes set voting_time = null where voter_id = 'voter-9'": /voter-9\.voting_time/,
      "update votes set vote = 2 where voter_id = 'voter-10'": /voter-10\.vote/,
      "update votes set vote = null where voter_id = 'voter-10'": /voter-10\.vote/,
      "update votes set voter_id = 'voter-115' where voter_id = 'voter-10'": /voter-10$/,
      "delete from votes where voter_id = 'voter-11'": /voter-11$/,
      "insert into votes values ('voter-115', 'candidate-1', '2026-05-07 09:00:00', 1)": /voter-115$/,
      "insert into votes values ('a stranger', 'candidate-1', '2026-05-07 09:00:00', 1)": /a stranger$/,
      "insert into votes select voter_id, candidate_id, voting_time, 1 from teller_waiting limit 1":
        /voter-1\d\d$/,
    }),
    ...of("waiting votes", {
      "delete from teller_waiting where voter_id = 'voter-121'": /voter-121$/,
      "update teller_waiting set candidate_id = 'candidate-9' where voter_id = 'voter-121'":
        /voter-121\.candidate_id/,
      "update teller_waiting set voting_time = now() where voter_id = 'voter-121'": /voter-121\.voting_time/,
      "insert into teller_waiting values ('voter-3', 'candidate-1', now())": /voter-3$/,
      "insert into teller_waiting values ('a stranger', 'candidate-1', now())": /a stranger$/,
    }),
    ...people("voters", "voter-20", PERSONAL),
    ...people(
      "candidates",
      "candidate-2",
      "candidate_name party_affiliation biography campaign_platform photo_url",
    ),
    ...of("voters", {
      "update voters set registered_age = registered_age + 1 where voter_id = 'voter-20'": /voter-20/,
      "update voters set email = null where voter_id = 'voter-20'": /voter-20/,
      "delete from voters where voter_id = 'voter-21'": /voter-21$/,
      "insert into voters (voter_id) values ('a stranger')": /a stranger$/,
    }),
    ...of("candidates", {
      "delete from candidates where candidate_id = 'candidate-3'": /candidate-3$/,
      "insert into candidates (candidate_id) values ('a stranger')": /a stranger$/,
    }),
    ...of("(votes|waiting votes|voters|candidates|positions)", {
      "update teller_positions set next_offset = 0 where topic = 'votes_topic' and partition = 1": /voter/,
      "update teller_positions set next_offset = 1 where topic = 'voters_topic' and partition = 2": /voter/,
      "update teller_positions set next_offset = 2 where topic = 'candidates_topic'": /candidate-3/,
      "update teller_positions set next_offset = next_offset + 1 where topic = 'votes_topic' and partition = 0":
        /next offsets/,
      "update teller_positions set next_offset = -1 where topic = 'votes_topic' and partition = 0":
        /next offsets/,
      "delete from teller_positions where topic = 'votes_topic' and partition = 3": /next offsets/,
      "insert into teller_positions select election_id, sink, topic, 4, 0 from teller_positions where topic = 'votes_topic' limit 1":
        /next offsets/,
    }),
  ];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Written as any producer could: the last record of a key is what stands. */
async function topicTamperings({ log }: Copies): Promise<Tampering[]> {
  const tamperings: Tampering[] = [];
  const topics: [OutputTopic, key: string][] = [
    ["aggregated_votes_per_candidate", "candidate-1"],
    ["aggregated_turnout_by_location", "Kent"],
    ["aggregated_turnout_by_age", "19"],
    ["aggregated_turnout_by_gender", "female"],
    ["aggregated_party_wise_votes", "Party 2"],
    ["aggregated_votes_by_region", "Deal"],
  ];
  for (const [topic, key] of topics) {
    const standing = await lastOf(log, topic, key);
    const value = JSON.parse(decoder.decode(standing.value!)) as Record<string, unknown>;
    const headers = standing.headers;
    const emit = (key: Uint8Array, value: unknown, headers: Record<string, string>) =>
      log.emit(topic, [{
        key,
        value: value === null ? null : encoder.encode(JSON.stringify(value)),
        headers,
      }]);
    const change = (name: string, named: string, value: unknown, headers: Record<string, string>) =>
      tamperings.push({
        name: `${topic}: ${name}`,
        named: RegExp(`^${topic}: ${named}`),
        async tamper() {
          await emit(standing.key!, value, headers);
          return { ...NO_SNAPSHOT, ...NO_POSTGRES };
        },
        undo: () => log.emit(topic, [standing]),
      });
    for (const path of leavesOf(value)) change(`another ${path}`, key, changedAt(value, path), headers);
    change("one vote less", key, {
      ...value,
      [Object.keys(value).at(-1)!]: Number(Object.values(value).at(-1)) - 1,
    }, headers);
    change("no such record", key, null, headers);
    change("another version", `${key}, header version`, value, {
      ...headers,
      version: String(Number(headers.version) - 1),
    });
    change("offsets past the end", `${key}, header offsets`, value, {
      ...headers,
      offsets: headers.offsets.replace(/"0":\d+/, '"0":100000'),
    });
    change("another election", `${key}, header election`, value, { ...headers, election: "another" });
    const offsets = JSON.parse(headers.offsets);
    offsets.votes_topic = { 0: 0, 1: 0, 2: 0, 3: 0 };
    const version = Object.values(offsets).flatMap((of) => Object.values(of as Record<string, number>))
      .reduce((a, b) => a + b, 0);
    change("older offsets", `${key}, at its own offsets`, value, {
      ...headers,
      offsets: JSON.stringify(offsets),
      version: String(version),
    });
    tamperings.push({
      name: `${topic}: one too many`,
      named: RegExp(`^${topic}: nobody`),
      async tamper() {
        await emit(encoder.encode("nobody"), value, headers);
        return { ...NO_SNAPSHOT, ...NO_POSTGRES };
      },
      undo: () => emit(encoder.encode("nobody"), null, headers),
    });
  }
  return tamperings;
}

async function lastOf(log: Copies["log"], topic: OutputTopic, key: string): Promise<StoredOutput> {
  let last: StoredOutput | undefined;
  for await (const record of log.scan(topic)) if (decoder.decode(record.key!) === key) last = record;
  assert.ok(last !== undefined, `${topic} has no ${key}`);
  return last;
}
