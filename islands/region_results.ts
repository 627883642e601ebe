/**
 * The results of one region in the form of the results of all, so that whatever shows these shows those too.
 * @module
 */
import { compareCodePoints, ratio } from "../pipeline/election.ts";
import type { LiveResults } from "./sentence.ts";

/** What is known of a region. */
export interface RegionVotes {
  /** Accredited. */
  readonly voters: number;
  /** By candidate_id. */
  readonly votes: ReadonlyMap<string, number>;
}

/** The results of that region alone: its votes, voters and turnout, and who leads there. */
export function regionResults(results: LiveResults, { voters, votes }: RegionVotes): LiveResults {
  const total = [...votes.values()].reduce((sum, n) => sum + n, 0);
  const candidates = results.candidates
    .map((candidate) => {
      const total_votes = votes.get(candidate.candidate_id) ?? 0;
      return { ...candidate, total_votes, share: ratio(total_votes, total) };
    })
    .sort((a, b) => b.total_votes - a.total_votes || compareCodePoints(a.candidate_id, b.candidate_id));
  const margin = candidates.length < 2 ? total : candidates[0].total_votes - candidates[1].total_votes;
  return {
    ...results,
    totals: { ...results.totals, voters, votes: total, turnout: ratio(total, voters) },
    // Nothing is decided in a region: only the sum of all elects.
    leader: total === 0
      ? null
      : { candidate_id: candidates[0].candidate_id, margin, tied: margin === 0, decided: false },
    candidates,
  };
}
