/**
 * The script of a demo election: who stands, and whom everybody votes for, as records in voting order.
 * @module
 */
import type { Traits } from "./demo_electorate.ts";
import type { NumberedRecord } from "./demo_once.ts";
import type { Choose } from "./demo_preferences.ts";
import { TOWNS } from "./demo_towns.ts";
import type { Candidate, Vote } from "./election.ts";

/** The records of one seed, but for the voters' registrations (see demo_drawing.ts). */
export interface Script {
  candidate(i: number): NumberedRecord;
  /** The vote cast at a place of the voting order, from 0, with the given event time, epoch ms. */
  voteAt(place: number, timeMs: number): NumberedRecord;
}

/** Makes the script from its parts, all of the same seed; `order` is every voter's number in voting order. */
export function createScript(parts: {
  voterId: (i: number) => string;
  candidates: readonly Required<Candidate>[];
  order: Uint32Array;
  traitsOf: (i: number) => Traits;
  choose: Choose;
}): Script {
  const { voterId, candidates, order, traitsOf, choose } = parts;
  const forms = candidates.map((candidate) => TOWNS.map(({ state }) => voteForm(candidate, state)));
  return {
    candidate(i) {
      const { candidate_id } = candidates[i];
      return { number: i, key: toUtf8(candidate_id), value: toUtf8(JSON.stringify(candidates[i])) };
    },
    voteAt(place, timeMs) {
      const i = order[place], traits = traitsOf(i);
      const [start, middle, end] = forms[choose(i, traits, (place + 0.5) / order.length)][traits.town];
      const id = voterId(i), time = new Date(timeMs).toISOString();
      return { number: i, key: toUtf8(id), value: toUtf8(start + id + middle + time + end) };
    },
  };
}

/** What stands in a vote's JSON before the voter's id, between that and the time, and behind: they need no escapes. */
function voteForm(candidate: Required<Candidate>, state: string): string[] {
  const vote: Vote = {
    voter_id: "\0",
    candidate_id: candidate.candidate_id,
    candidate_name: candidate.candidate_name,
    party_affiliation: candidate.party_affiliation,
    photo_url: candidate.photo_url,
    voting_time: "\0",
    address: { state },
    vote: 1,
  };
  return JSON.stringify(vote).split("\\u0000");
}

const encoder = new TextEncoder();
const BLOCK_BYTES = 64 * 1024;
let block = new Uint8Array(BLOCK_BYTES), used = 0;

/** UTF-8 as a part of a larger block: allocating a buffer for each record would take half of the time. */
function toUtf8(text: string): Uint8Array {
  const mayNeed = 3 * text.length;
  if (block.length - used < mayNeed) {
    block = new Uint8Array(Math.max(BLOCK_BYTES, mayNeed));
    used = 0;
  }
  const { written } = encoder.encodeInto(text, block.subarray(used));
  return block.subarray(used, used += written);
}
