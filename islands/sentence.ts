/**
 * The result in one sentence, as the page, its title and assistive technology say it, and how sure it is.
 * @module
 */
import { appointment, count, counted, list, percent } from "./format.ts";
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

/** When voting opens, closes or closed; null for an election that is always open. */
export function hours(results: LiveResults): string | null {
  const { opens_at, closes_at } = results.election;
  switch (phase(results)) {
    case "before":
      return `Voting opens at ${appointment(opens_at!)}.`;
    case "during":
      if (closes_at !== null) return `Voting is open and closes at ${appointment(closes_at)}.`;
      return opens_at === null ? null : `Voting opened at ${appointment(opens_at)}.`;
    case "after": {
      return `Voting closed at ${appointment(closes_at!)}.${finality(results)}`;
    }
  }
}

/** What is said of a result after closing time; nothing while votes from before may be unread. */
function finality({ catching_up, totals: { waiting } }: LiveResults): string {
  if (catching_up) return "";
  if (waiting === 0) return " This is the final result.";
  return ` Not final: ${counted(waiting, "vote")} waiting.`;
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

/** One sentence that says it all. */
export function sentence(results: LiveResults): string {
  if (!results.catching_up) return standing(results);
  const doing = isClosed(results) ? "Still counting" : "Still reading the log";
  return `${doing}. So far: ${standing(results)}`;
}

function standing(results: LiveResults): string {
  const { totals, candidates, leader } = results;
  if (candidates.length === 0) return "No candidates are registered yet.";
  if (!leader) {
    const registered = `${counted(candidates.length, "candidate")} and ${counted(totals.voters, "voter")}`;
    switch (phase(results)) {
      case "before":
        return `Voting has not begun; ${registered} are registered.`;
      case "during":
        return `No votes have been counted yet; ${registered} are registered.`;
      case "after":
        return `No votes were counted; ${registered} are registered.`;
    }
  }
  const turnout = everyoneHasVoted(results)
    ? "every registered voter has voted"
    : `turnout is ${percent(totals.votes, totals.voters)}`;
  const first = leaders(results);
  if (leader.tied) {
    const who = first.length > 3
      ? `${count(first.length)} candidates`
      : list(first.map((c) => c.candidate_name));
    return `${who} ${isOver(results) ? "have" : "are"} tied on ${
      counted(first[0].total_votes, "vote")
    } each; ${turnout}.`;
  }
  const name = `${first[0].candidate_name} (${first[0].party_affiliation})`;
  const margin = counted(leader.margin, "vote");
  if (!isDecided(results)) return `${name} leads by ${margin}; ${turnout}.`;
  if (isOver(results)) return `${name} has won by ${margin}; ${turnout}.`;
  return `${name} leads by ${margin} and, on the present register, can no longer be caught; ${turnout}.`;
}

/** The sentence as it stands alone, far from the page: it says that the election is simulated. */
export function headline(results: LiveResults): string {
  return `Simulated: ${sentence(results)}`;
}

/** How sure the first place is, with the arithmetic; null while there is nothing to be sure of. */
export function certainty(results: LiveResults): { label: string; arithmetic: string } | null {
  const { leader } = results;
  if (!leader) return null;
  const label = leader.tied ? "Tied" : isDecided(results) ? "Decided" : "Not decided";
  const { waiting } = results.totals;
  const closed = isClosed(results);
  if (results.catching_up) {
    return {
      label,
      arithmetic: closed ? "Voting is closed; counting goes on." : "The log is still being read.",
    };
  }
  if (closed && waiting === 0) return { label, arithmetic: "Voting is closed." };
  const toCome = closed ? waiting : outstanding(results);
  const sign = leader.margin > toCome ? ">" : leader.margin === toCome ? "=" : "<";
  const compared = leader.tied ? "" : `Lead ${count(leader.margin)} ${sign} `;
  const who = closed
    ? `${counted(toCome, "vote")} waiting for accreditation; voting is closed.`
    : `${counted(toCome, "voter")} still to come, on the present register.`;
  return { label, arithmetic: `${compared}${who}` };
}

/** Whether nobody on the present register is still to be counted. */
export function everyoneHasVoted({ totals }: LiveResults): boolean {
  return totals.voters > 0 && totals.votes === totals.voters;
}
