/**
 * Fills an election's topics with the predecessor's people and fat votes, as fast as the log takes them.
 * @module
 */
import type { Candidate, Vote } from "../pipeline/election.ts";
import type { AppendRecord, EventLog } from "../pipeline/log.ts";
import {
  createPeople,
  fatVote,
  type Fields,
  predecessorTime,
} from "../tests/scenarios/predecessor_people.ts";
import { appendAll } from "./append_all.ts";

const SEED = 42;
const CANDIDATES = 3;
const VOTES_PER_SECOND = 50;

const people = createPeople(SEED);
const encoder = new TextEncoder();

/** The bench's voter i as the log takes it. */
export function voterRecord(i: number): AppendRecord {
  return record(people.voter(i), "voter_id");
}

/** The bench's candidate i as the log takes it. */
export function candidateRecord(i: number): AppendRecord {
  return record(people.candidate(i), "candidate_id");
}

/** The vote of voter i, 880 bytes. */
export function voteRecord(i: number, timeMs: number): AppendRecord {
  return record(
    fatVote(people.voter(i), candidates[i % 7 % CANDIDATES], predecessorTime(timeMs)),
    "voter_id",
  );
}

/** The same as Teller writes it, some 330 bytes. */
export function ownVoteRecord(i: number, timeMs: number): AppendRecord {
  const { voter_id, address: { state } } = people.voter(i);
  const { candidate_id, candidate_name, party_affiliation, photo_url = "" } = candidates[i % 7 % CANDIDATES];
  const vote: Vote = {
    voter_id,
    candidate_id,
    candidate_name,
    party_affiliation,
    photo_url,
    voting_time: new Date(timeMs).toISOString(),
    address: { state },
    vote: 1,
  };
  return record(vote, "voter_id");
}

const candidates: Candidate[] = Array.from({ length: CANDIDATES }, (_, i) => people.candidate(i));

/** Accredits candidates and voters. */
export async function fillPeople(log: EventLog, voters: number): Promise<void> {
  await log.append("candidates_topic", candidates.map((_, i) => candidateRecord(i)));
  await appendAll(log, "voters_topic", voters, voterRecord);
}

/** Lets every voter vote, in turn; `draw` makes the record of voter i's vote. */
export async function fillVotes(log: EventLog, votes: number, draw = voteRecord): Promise<void> {
  const startMs = Date.now() - votes / VOTES_PER_SECOND * 1000;
  await appendAll(log, "votes_topic", votes, (i) => draw(i, startMs + i / VOTES_PER_SECOND * 1000));
}

function record(fields: Fields | object, id: "voter_id" | "candidate_id"): AppendRecord {
  const key = String((fields as Fields)[id]);
  return { key: encoder.encode(key), value: encoder.encode(JSON.stringify(fields)) };
}
