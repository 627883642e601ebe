/**
 * Voters and votes in Teller's own form, and the requests with which they are handed in over HTTP.
 * @module
 */
import type { AppendRecord, EventLog } from "../pipeline/log.ts";
import { openKafkaLog } from "../pipeline/log_kafka.ts";
import { partitionerOf } from "../pipeline/partitioner.ts";
import { appendAll } from "./append_all.ts";

const CANDIDATES = 3;
/** Of both topics. */
export const PARTITIONS = 4;
const encoder = new TextEncoder();

/** What benchmarks set, as voting tokens depend on it and arrays need it. */
export const SECRETS = {
  ADMIN_TOKEN: "the-administrator-of-the-bench",
  TELLER_SECRET: "a secret for the bench's elections alone",
} as const;

/** Voter i's id: a UUID that is the same in every run. */
export function voterId(i: number): string {
  return `00000000-0000-4000-8000-${i.toString(16).padStart(12, "0")}`;
}

/** Whom voter i votes for. */
export function candidateId(i: number): string {
  return `candidate-${i % CANDIDATES}`;
}

/** Her vote as Teller writes it. */
export function voteRecord(i: number, votedAt: number): AppendRecord {
  const candidate = i % CANDIDATES;
  return {
    key: encoder.encode(voterId(i)),
    value: encoder.encode(JSON.stringify({
      voter_id: voterId(i),
      candidate_id: candidateId(i),
      candidate_name: `Candidate ${candidate}`,
      party_affiliation: `Party ${candidate}`,
      photo_url: "",
      voting_time: new Date(votedAt).toISOString(),
      address: { state: stateOf(i) },
      vote: 1,
    })),
  };
}

/** Accredits the candidates and this many voters. */
export async function accredit(log: EventLog, voters: number): Promise<void> {
  await log.append("candidates_topic", Array.from({ length: CANDIDATES }, (_, i) => candidateRecord(i)));
  await appendAll(log, "voters_topic", voters, voterRecord);
}

/** Lets voters vote, fifty a second until now. */
export async function vote(log: EventLog, votes: number): Promise<void> {
  const startedAt = Date.now() - votes * 20;
  await appendAll(log, "votes_topic", votes, (i) => voteRecord(i, startedAt + i * 20));
}

/** Opens an election on a broker. */
export function openBenchLog(broker: string, topicPrefix: string): Promise<EventLog> {
  return openKafkaLog({
    brokers: [broker],
    ssl: false,
    sasl: null,
    topicPrefix,
    partitions: PARTITIONS,
    partitioner: partitionerOf("murmur2"),
  });
}

function stateOf(i: number): string {
  return `County ${i % 48}`;
}

function candidateRecord(i: number): AppendRecord {
  return record(candidateId(i), {
    candidate_id: candidateId(i),
    candidate_name: `Candidate ${i}`,
    party_affiliation: `Party ${i}`,
  });
}

function voterRecord(i: number): AppendRecord {
  return record(voterId(i), {
    voter_id: voterId(i),
    registered_age: 18 + i % 80,
    gender: i % 2 === 0 ? "female" : "male",
    address: { state: stateOf(i) },
  });
}

function record(key: string, fields: object): AppendRecord {
  return { key: encoder.encode(key), value: encoder.encode(JSON.stringify(fields)) };
}
