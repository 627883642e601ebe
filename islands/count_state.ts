/**
 * What Results say of the count: who leads, whether that can change, whether it is over. Pure, and without a word: the
 * widget takes it along.
 * @module
 */
import type { CandidateResult, Results } from "../pipeline/results.ts";

/** Results without the locations: what the live stream sends at every change. */
export type LiveResults = Omit<Results, "locations">;

/** Whether voting was still to open, open or closed when these Results were made. */
export function phase({ election, as_of }: LiveResults): "before" | "during" | "after" {
  const { opens_at, closes_at } = election;
  const at = Date.parse(as_of);
  if (closes_at !== null && at >= Date.parse(closes_at)) return "after";
  return opens_at !== null && at < Date.parse(opens_at) ? "before" : "during";
}

/** Whether the closing time had passed when these Results were made. */
export function isClosed(results: LiveResults): boolean {
  return phase(results) === "after";
}

/** Registered voters who have not been counted yet. */
export function outstanding({ totals }: LiveResults): number {
  return totals.voters - totals.votes;
}

/** The candidates with the most votes: one, or several in a tie; none at 0 votes. */
export function leaders({ leader, candidates }: LiveResults): CandidateResult[] {
  if (!leader) return [];
  const most = candidates.find((c) => c.candidate_id === leader.candidate_id)!.total_votes;
  return candidates.filter((c) => c.total_votes === most);
}

/** Whether the first place can no longer change: never said while part of the log is unread. */
export function isDecided({ leader, catching_up }: LiveResults): boolean {
  return leader !== null && leader.decided && !catching_up;
}

/** Whether nothing is left to count: voting is closed, or never closes and everyone registered has voted. */
export function isOver(results: LiveResults): boolean {
  const { catching_up, election, totals } = results;
  if (catching_up || totals.waiting > 0) return false;
  return isClosed(results) || election.closes_at === null && everyoneHasVoted(results);
}

/** Whether nobody on the present register is still to be counted. */
export function everyoneHasVoted({ totals }: LiveResults): boolean {
  return totals.voters > 0 && totals.votes === totals.voters;
}
