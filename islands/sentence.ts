/**
 * The result in one sentence, as the page, its title and assistive technology say it, and how sure it is.
 * @module
 */
import { appointment, count, counted, isolated, list, percent } from "./format.ts";
import { messages } from "./messages.ts";
import type { CandidateResult, Results } from "../pipeline/results.ts";

const text = messages.sentence;
/** More than these in a tie are a number. */
const MAX_TIED_NAMES = 3;

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
      return text.opens(appointment(opens_at!));
    case "during":
      if (closes_at !== null) return text.closes(appointment(closes_at));
      return opens_at === null ? null : text.opened(appointment(opens_at));
    case "after": {
      const final = finality(results);
      return text.closed(appointment(closes_at!)) + (final === null ? "" : ` ${final}`);
    }
  }
}

/** What is said of a result after closing time; nothing while votes from before may be unread. */
function finality({ catching_up, totals: { waiting } }: LiveResults): string | null {
  if (catching_up) return null;
  return waiting === 0 ? text.final : text.notFinal(counted(waiting, "vote"));
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
  return (isClosed(results) ? text.counting : text.reading)(standing(results));
}

function standing(results: LiveResults): string {
  const { totals, candidates, leader } = results;
  if (candidates.length === 0) return text.noCandidates;
  if (!leader) {
    const none = { before: text.notBegun, during: text.noneYet, after: text.none }[phase(results)];
    return none(counted(candidates.length, "candidate"), counted(totals.voters, "voter"));
  }
  const turnout = everyoneHasVoted(results)
    ? text.everyone
    : text.turnout(percent(totals.votes, totals.voters));
  const first = leaders(results);
  if (leader.tied) {
    const who = first.length > MAX_TIED_NAMES
      ? counted(first.length, "candidate")
      : list(first.map((c) => isolated(c.candidate_name)));
    const said = isOver(results) ? text.endedTied : text.tied;
    return said(who, counted(first[0].total_votes, "vote"), turnout);
  }
  const said = !isDecided(results) ? text.leads : isOver(results) ? text.won : text.uncatchable;
  const who = text.candidate(isolated(first[0].candidate_name), isolated(first[0].party_affiliation));
  return said(who, counted(leader.margin, "vote"), turnout);
}

/** The sentence as it stands alone, far from the page: it says that the election is simulated. */
export function headline(results: LiveResults): string {
  return text.simulated(sentence(results));
}

/** How sure the first place is, with the arithmetic; null while there is nothing to be sure of. */
export function certainty(results: LiveResults): { label: string; arithmetic: string } | null {
  const { leader } = results;
  if (!leader) return null;
  const words = messages.certainty;
  const label = leader.tied ? words.tied : isDecided(results) ? words.decided : words.notDecided;
  const { waiting } = results.totals;
  const closed = isClosed(results);
  if (results.catching_up) return { label, arithmetic: closed ? words.countingOn : words.reading };
  if (closed && waiting === 0) return { label, arithmetic: words.closed };
  const left = closed ? waiting : outstanding(results);
  const toCome = closed ? words.waiting(counted(left, "vote")) : words.toCome(counted(left, "voter"));
  if (leader.tied) return { label, arithmetic: toCome };
  const sign = leader.margin > left ? ">" : leader.margin === left ? "=" : "<";
  return { label, arithmetic: words.compared(count(leader.margin), sign, toCome) };
}

/** Whether nobody on the present register is still to be counted. */
export function everyoneHasVoted({ totals }: LiveResults): boolean {
  return totals.voters > 0 && totals.votes === totals.voters;
}
