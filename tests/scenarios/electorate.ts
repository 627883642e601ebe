/**
 * A small electorate, as records that another producer puts into the log, and what Teller then counts.
 * @module
 */
import assert from "node:assert/strict";
import type { AppendRecord, EventLog } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Results } from "../../pipeline/results.ts";
import { startTeller } from "../services/teller.ts";
import { untilResults } from "./live.ts";

const encoder = new TextEncoder();

function recordOf(key: string, value: unknown): AppendRecord {
  return { key: encoder.encode(key), value: encoder.encode(JSON.stringify(value)) };
}

/** A record of candidates_topic. */
export function candidateOf(id: string): AppendRecord {
  const [candidate_name, party_affiliation] = [`Candidate ${id}`, `Party of ${id}`];
  return recordOf(id, { candidate_id: id, candidate_name, party_affiliation, photo_url: "" });
}

/** A record of voters_topic. */
export function voterOf(id: string): AppendRecord {
  return recordOf(id, { voter_id: id, registered_age: 42, gender: "other", address: { state: "Kent" } });
}

/** A record of votes_topic; without a time it has none. */
export function voteOf(voter: string, candidate: string, votingTime?: string): AppendRecord {
  return recordOf(voter, { voter_id: voter, candidate_id: candidate, voting_time: votingTime, vote: 1 });
}

/** Opens the embedded log of a DATA_DIR where no Teller runs. */
export function openLogIn(dir: string, partitions = 4): EventLog {
  return openEmbeddedLog({ dir, partitions, partitioner: partitionerOf("murmur2") });
}

/** Runs Teller until it has counted everything that stands in its log, and ends it as told. */
export async function countIn(
  env: Record<string, string>,
  signal: Deno.Signal = "SIGTERM",
): Promise<Results> {
  await using teller = await startTeller({ env: { TELLER_SINKS: "off", ...env } });
  const results = await untilResults(teller.url, (results) => !results.catching_up);
  assert.equal(await teller.stop(signal), signal === "SIGKILL" ? 137 : 0, teller.logs());
  return results;
}

/** Votes by candidate, of those who have any. */
export function votesOf({ candidates }: Results): Record<string, number> {
  const some = candidates.filter((one) => one.total_votes > 0);
  return Object.fromEntries(some.map((one) => [one.candidate_id, one.total_votes]).sort());
}

/** A DATA_DIR for one test. */
export async function inDataDir(test: (dataDir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "teller-scenario-" });
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
