/**
 * The result in one sentence, as the page, its title and assistive technology say it, and how sure it is.
 * @module
 */
import { count, counted, list, percent } from "./format.ts";
import type { CandidateResult, Results } from "../pipeline/results.ts";

/** Results without the locations: what the live stream sends at every change. */
export type LiveResults = Omit<Results, "locations">;

/** Whether the closing time had passed when these Results were made. */
export function isClosed({ election, as_of }: LiveResults): boolean {
  return election.closes_at !== null && Date.parse(as_of) >= Date.parse(election.closes_at);
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

/** One sentence that says it all. */
export function sentence(results: LiveResults): string {
  const { totals, candidates, leader } = results;
  if (candidates.length === 0) return "No candidates are registered yet.";
  if (!leader) {
    return `No votes have been counted yet: ${counted(candidates.length, "candidate")} and ` +
      `${counted(totals.voters, "voter")} are registered.`;
  }
  const first = leaders(results);
  const turnout = everyoneHasVoted(results)
    ? "every registered voter has voted"
    : `turnout is ${percent(totals.votes, totals.voters)}`;
  if (leader.tied) {
    const who = first.length > 3
      ? `${count(first.length)} candidates`
      : list(first.map((c) => c.candidate_name));
    return `${who} are tied on ${counted(first[0].total_votes, "vote")} each; ${turnout}.`;
  }
  const [{ candidate_name, party_affiliation }] = first;
  const name = `${candidate_name} (${party_affiliation})`;
  const margin = counted(leader.margin, "vote");
  if (!leader.decided) return `${name} leads by ${margin}; ${turnout}.`;
  if (isClosed(results) || everyoneHasVoted(results)) return `${name} has won by ${margin}; ${turnout}.`;
  return `${name} leads by ${margin} and can no longer be caught; ${turnout}.`;
}

/** The sentence as it stands alone, far from the page: it says that the election is simulated. */
export function headline(results: LiveResults): string {
  return `Simulated: ${sentence(results)}`;
}

/** How sure the result is, with the arithmetic; empty while there is nothing to be sure of. */
export function certainty(results: LiveResults): { label: string; arithmetic: string } | null {
  const { leader } = results;
  if (!leader) return null;
  const toCome = outstanding(results);
  const margin = count(leader.margin);
  if (isClosed(results)) {
    return { label: leader.tied ? "Tied" : "Decided", arithmetic: "Voting is closed." };
  }
  if (leader.tied) {
    return {
      label: "Tied",
      arithmetic: `${counted(toCome, "voter")} still to come, on the present register.`,
    };
  }
  const sign = leader.decided ? ">" : leader.margin === toCome ? "=" : "<";
  return {
    label: leader.decided ? "Decided" : "Not decided",
    arithmetic: `Lead ${margin} ${sign} ${counted(toCome, "voter")} still to come, on the present register.`,
  };
}

/** Whether nobody on the present register is still to be counted. */
export function everyoneHasVoted({ totals }: LiveResults): boolean {
  return totals.voters > 0 && totals.votes === totals.voters;
}
