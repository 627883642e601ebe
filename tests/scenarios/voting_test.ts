/**
 * A thousand voters who all press eight times at once: every vote counts once, and everybody is told the truth.
 *
 * Each press is a connection of its own, so the test and Teller have some 8,000 files open each.
 * @module
 */
import assert from "node:assert/strict";
import type { EventLog } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Results } from "../../pipeline/results.ts";
import { readAll } from "../contracts/log_records.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { startTeller } from "../services/teller.ts";
import { untilResults } from "./live.ts";

const VOTERS = 1_000;
const PRESSES = 8;
const RECEIPTS = 50;
const ADMIN_TOKEN = "the-administrator-of-a-test";
const BASE = { ADMIN_TOKEN, TELLER_SECRET: "a secret of 32 characters or more", TELLER_SINKS: "off" };
const LOG = { partitions: 4, partitioner: partitionerOf("murmur2") };

interface Voter {
  readonly voter_id: string;
  readonly token: string;
}

/** What a client was told in the end, and how often it was told to try again before. */
interface Told {
  readonly status: number;
  readonly partition: number;
  readonly offset: number;
  readonly retries: number;
}

/** A press and its answer. */
interface Press extends Told {
  readonly voter_id: string;
  readonly candidate_id: string;
}

/** A voter's first record in the log. */
interface Standing {
  readonly place: string;
  readonly candidate_id: string;
}

/** Sends a request, and again when it is told to, for as long as the answer is to try again. */
async function ask<T>(
  url: string,
  { token, body }: { token: string; body?: unknown },
): Promise<T & { status: number; retries: number }> {
  const headers = { "Authorization": `Bearer ${token}`, "Content-Type": "application/json" };
  const init = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
  for (let retries = 0;; retries++) {
    const response = await fetch(url, init);
    const answer = await response.json();
    if (response.status !== 503) return { ...answer, status: response.status, retries };
    const seconds = Number(response.headers.get("Retry-After"));
    assert.ok(seconds >= 1, `${answer.code} does not say when to try again`);
    await new Promise((resolve) => setTimeout(resolve, 1_000 * seconds));
  }
}

const candidateOf = (voter: number, press: number) => `c${(voter + press) % PRESSES}`;
const placeOf = ({ partition, offset }: { partition: number; offset: number }) => `${partition}/${offset}`;

/** Puts everybody on the register, and gives the voters with their tokens. */
async function accredit(api: string): Promise<Voter[]> {
  const candidates = Array.from({ length: PRESSES }, (_, i) => ({
    candidate_id: `c${i}`,
    candidate_name: `Candidate ${i}`,
    party_affiliation: "Independent",
  }));
  assert.equal((await ask(`${api}/candidates`, { token: ADMIN_TOKEN, body: candidates })).status, 207);
  const people = Array.from({ length: VOTERS }, (_, i) => ({
    voter_id: `voter-${i}`,
    registered_age: 18 + i % 70,
    gender: "other",
    address: { state: "Kent" },
  }));
  return (await ask<{ items: Voter[] }>(`${api}/voters`, { token: ADMIN_TOKEN, body: people })).items;
}

/** All voters press at the same time, each of her presses for another candidate. */
async function pressAllAtOnce(api: string, voters: readonly Voter[]): Promise<Press[]> {
  return await Promise.all(
    voters.flatMap(({ voter_id, token }, voter) =>
      Array.from({ length: PRESSES }, async (_, press) => {
        const ballot = { voter_id, candidate_id: candidateOf(voter, press) };
        return { ...await ask<Told>(`${api}/votes`, { token, body: ballot }), ...ballot };
      })
    ),
  );
}

/** Each voter's first record. */
async function firstRecords(open: () => Promise<EventLog>): Promise<Map<string, Standing>> {
  await using log = await open();
  const first = new Map<string, Standing>();
  for (const { key, value, ...position } of await readAll(log, "votes_topic")) {
    if (!first.has(key!)) {
      first.set(key!, { place: placeOf(position), candidate_id: JSON.parse(value!).candidate_id });
    }
  }
  return first;
}

/** Holds what a voter's presses were told against the vote that stands in the log. */
function assertTruthful(presses: readonly Press[], stands: Standing): void {
  const shown = JSON.stringify({ presses, stands });
  assert.equal(presses.length, PRESSES);
  for (const press of presses) {
    assert.ok(press.status === 202 || press.status === 409, shown);
    assert.equal(placeOf(press), stands.place, shown);
  }
  const taken = presses.filter(({ status }) => status === 202);
  assert.ok(taken.length <= 1, shown);
  // Whoever was told to try again, as the outcome was unknown, may be told afterwards that her vote stands.
  const writers = taken.length === 1 ? taken : presses.filter(({ retries }) => retries > 0);
  assert.ok(writers.some(({ candidate_id }) => candidate_id === stands.candidate_id), shown);
}

/** The votes by candidate, as counted from the log. */
function votesOf(standing: Iterable<Standing>): Record<string, number> {
  const votes: Record<string, number> = {};
  for (const { candidate_id } of standing) votes[candidate_id] = (votes[candidate_id] ?? 0) + 1;
  return votes;
}

async function everybodyVotes(env: Record<string, string>, open: () => Promise<EventLog>): Promise<void> {
  const settings = { ...BASE, ...env };
  let voters: Voter[], presses: Press[], results: Results;
  {
    await using teller = await startTeller({ env: settings });
    voters = await accredit(`${teller.url}/api/v1`);
    presses = await pressAllAtOnce(`${teller.url}/api/v1`, voters);
    results = await untilResults(teller.url, ({ totals }) => totals.votes >= VOTERS);
    assert.equal(await teller.stop("SIGKILL"), 137);
  }
  const { totals, candidates } = results;
  assert.deepEqual([totals.votes, totals.duplicates, totals.rejected], [VOTERS, 0, 0]);
  const standing = await firstRecords(open);
  assert.equal(standing.size, VOTERS);
  assert.deepEqual(
    Object.fromEntries(candidates.map((one) => [one.candidate_id, one.total_votes])),
    votesOf(standing.values()),
  );
  const byVoter = Map.groupBy(presses, ({ voter_id }) => voter_id);
  for (const [voter_id, stands] of standing) assertTruthful(byVoter.get(voter_id)!, stands);

  // What was told still holds after the crash.
  await using again = await startTeller({ env: settings });
  const api = `${again.url}/api/v1`;
  await Promise.all(voters.map(async ({ voter_id, token }) => {
    const told = await ask<Told>(`${api}/votes`, { token, body: { voter_id, candidate_id: "c0" } });
    assert.deepEqual([told.status, placeOf(told)], [409, standing.get(voter_id)!.place]);
  }));
  await Promise.all(
    voters.slice(0, RECEIPTS).map(async ({ voter_id, token }) => {
      const url = `${api}/votes/${standing.get(voter_id)!.place}`;
      assert.equal((await ask<{ state: string }>(url, { token })).state, "counted");
    }),
  );
  assert.equal(await again.stop(), 0);
}

Deno.test("1,000 voters, 8 simultaneous votes each: 1,000 count, every answer names the vote that stands", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await everybodyVotes({ DATA_DIR: dir }, () => Promise.resolve(openEmbeddedLog({ dir, ...LOG })));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

needs("shared kafka")("the same on Kafka", async () => {
  const brokers = await sharedKafka();
  const topicPrefix = newPrefix();
  const dir = await Deno.makeTempDir();
  try {
    await everybodyVotes(
      { DATA_DIR: dir, KAFKA_BROKERS: brokers.join(","), TELLER_TOPIC_PREFIX: topicPrefix },
      () => openKafkaLog({ brokers, ssl: false, sasl: null, topicPrefix, ...LOG }),
    );
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
