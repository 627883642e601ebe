/**
 * What a recount says of the aggregated topics, whose last record of a key is a sum at that record's own offsets.
 * @module
 */
import type { OutputTopic } from "./log.ts";
import type { Recount, RecountedVoter } from "./recount.ts";
import {
  candidatesAt,
  type Count,
  type Cut,
  eachVoter,
  isAccredited,
  isCounted,
  type Turn,
} from "./recount_cut.ts";

/** A topic whose last record of a key is a sum. */
export type SumTopic = Exclude<OutputTopic, "votes_rejected">;
/** A record's JSON object. */
export type SumRecord = Record<string, unknown>;

/** Under which key a counted vote is summed, and what a record says besides the sum. */
interface Sum {
  keyOf(voter: RecountedVoter, recount: Recount): string;
  record(key: string, votes: number, recount: Recount): SumRecord;
}

const SUMS: Record<SumTopic, Sum> = {
  aggregated_votes_per_candidate: {
    keyOf: ({ candidateId }) => candidateId,
    record(key, total_votes, { candidates }) {
      const { offset: _, ...candidate } = candidates.get(key) ?? { offset: 0 };
      return { ...candidate, total_votes };
    },
  },
  aggregated_turnout_by_location: {
    keyOf: ({ state }) => state,
    record: (state, count) => ({ state, count }),
  },
  aggregated_turnout_by_age: {
    keyOf: ({ age }) => age === null ? "unknown" : String(age),
    record: (key, total_votes) => ({ registered_age: key === "unknown" ? null : Number(key), total_votes }),
  },
  aggregated_turnout_by_gender: {
    keyOf: ({ gender }) => gender,
    record: (gender, total_votes) => ({ gender, total_votes }),
  },
  aggregated_party_wise_votes: {
    keyOf: ({ candidateId }, { candidates }) => candidates.get(candidateId)!.party_affiliation,
    record: (party_affiliation, total_votes) => ({ party_affiliation, total_votes }),
  },
  aggregated_votes_by_region: {
    keyOf: ({ city }) => city,
    record: (city, total_votes) => ({ city, total_votes }),
  },
};

/** The topics' names. */
export const SUM_TOPICS = Object.keys(SUMS) as SumTopic[];

/** Every record that must stand at a cut, by topic and key. */
export function recordsAt(
  recount: Recount,
  cut: Cut,
  count: Count,
): Record<SumTopic, Map<string, SumRecord>> {
  const parties = new Map<string, number>();
  for (const { candidate_id, party_affiliation } of candidatesAt(recount, cut)) {
    const votes = count.byCandidate.get(candidate_id)!;
    if (votes > 0) parties.set(party_affiliation, (parties.get(party_affiliation) ?? 0) + votes);
  }
  const states = new Map(
    [...count.votersByState.keys()].map((state) => [state, count.byState.get(state) ?? 0]),
  );
  const records = (topic: SumTopic, sums: ReadonlyMap<string, number>) =>
    new Map([...sums].map(([key, votes]) => [key, SUMS[topic].record(key, votes, recount)]));
  return {
    aggregated_votes_per_candidate: records("aggregated_votes_per_candidate", count.byCandidate),
    aggregated_turnout_by_location: records("aggregated_turnout_by_location", states),
    aggregated_turnout_by_age: records("aggregated_turnout_by_age", count.byAge),
    aggregated_turnout_by_gender: records("aggregated_turnout_by_gender", count.byGender),
    aggregated_party_wise_votes: records("aggregated_party_wise_votes", parties),
    aggregated_votes_by_region: records("aggregated_votes_by_region", count.byCity),
  };
}

/**
 * What each of the given keys' records must say at a cut of its own; null where no such record may stand there.
 * Goes once over all voters, however many different cuts there are.
 */
export async function recordsAtTheirCuts(
  recount: Recount,
  cuts: Readonly<Record<SumTopic, ReadonlyMap<string, Cut>>>,
  turn: Turn,
): Promise<Record<SumTopic, Map<string, SumRecord | null>>> {
  const votes = new Map<SumTopic, Map<string, number>>(SUM_TOPICS.map((topic) => [topic, new Map()]));
  // Candidates have a record from their accreditation on, and states from their first accredited voter's.
  for (const [id, cut] of cuts.aggregated_votes_per_candidate) {
    const candidate = recount.candidates.get(id);
    if (candidate !== undefined && candidate.offset < cut.candidates_topic[0]) {
      votes.get("aggregated_votes_per_candidate")!.set(id, 0);
    }
  }
  const states = votes.get("aggregated_turnout_by_location")!;
  await eachVoter(recount, turn, (voter) => {
    const stateCut = cuts.aggregated_turnout_by_location.get(voter.state);
    if (stateCut !== undefined && !states.has(voter.state) && isAccredited(voter, stateCut)) {
      states.set(voter.state, 0);
    }
    if (voter.votedAt < 0 || !recount.candidates.has(voter.candidateId)) return;
    for (const topic of SUM_TOPICS) {
      const key = SUMS[topic].keyOf(voter, recount);
      const cut = cuts[topic].get(key);
      if (cut === undefined || !isCounted(voter, cut, recount)) continue;
      const sums = votes.get(topic)!;
      sums.set(key, (sums.get(key) ?? 0) + 1);
    }
  });
  const records = SUM_TOPICS.map((topic) => {
    const keys = [...cuts[topic].keys()];
    const sums = votes.get(topic)!;
    return [
      topic,
      new Map(
        keys.map((key) => [key, sums.has(key) ? SUMS[topic].record(key, sums.get(key)!, recount) : null]),
      ),
    ];
  });
  return Object.fromEntries(records);
}
