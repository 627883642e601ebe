/**
 * What bars, table and card show: the candidates of the whole election or of one region, in their order, and what is
 * to be said of the first. Pure.
 * @module
 */
import { isDecided, isOver, leaders, type LiveResults, phase } from "../islands/sentence.ts";
import { compareCodePoints } from "../pipeline/election.ts";
import type { Regions } from "../pipeline/regions.ts";
import { words } from "./words.ts";

/** A candidate and her votes. */
export interface Ranked {
  readonly candidate_id: string;
  readonly candidate_name: string;
  readonly party_affiliation: string;
  readonly total_votes: number;
}

/** Where the candidates stand. */
export interface Standing {
  /** By votes, then candidate_id. */
  readonly candidates: readonly Ranked[];
  /** Those with the most votes: one, or several in a tie; none at 0 votes. */
  readonly first: readonly Ranked[];
  /** Over the second; 0 in a tie. */
  readonly margin: number;
  /** What the first is, in a word. */
  readonly mark: string;
  readonly isFinal: boolean;
  readonly votes: number;
  readonly voters: number;
}

/** Where they stand in the whole election. */
export function standingOf(results: LiveResults): Standing {
  const { candidates, leader, totals } = results;
  const over = isOver(results);
  return {
    candidates,
    first: leaders(results),
    margin: leader?.margin ?? 0,
    mark: leader?.tied ? words.tied : over && isDecided(results) ? words.won : words.leading,
    isFinal: over && phase(results) === "after",
    votes: totals.votes,
    voters: totals.voters,
  };
}

/** Where they stand in a region; null where there is no region of that name, "unknown" where only its sum is known. */
export function standingIn({ candidates, regions }: Regions, name: string): Standing | "unknown" | null {
  const region = regions.find(({ state }) => state === name);
  if (!region) return null;
  const { votes, count, voters } = region;
  if (votes === null) return "unknown";
  const ranked = candidates.map((candidate, i) => ({ ...candidate, total_votes: votes[i] }))
    .sort((a, b) => b.total_votes - a.total_votes || compareCodePoints(a.candidate_id, b.candidate_id));
  const most = ranked[0]?.total_votes ?? 0;
  const first = most === 0 ? [] : ranked.filter(({ total_votes }) => total_votes === most);
  return {
    candidates: ranked,
    first,
    margin: first.length === 1 ? most - (ranked[1]?.total_votes ?? 0) : 0,
    mark: first.length > 1 ? words.tied : words.leading,
    isFinal: false,
    votes: count,
    voters,
  };
}
