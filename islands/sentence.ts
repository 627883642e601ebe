/**
 * The result in one sentence, as the page, its title and assistive technology say it, and how sure it is.
 * @module
 */
import { appointment, count, counted, isolated, list, percent } from "./format.ts";
import { messages } from "./messages.ts";
import {
  everyoneHasVoted,
  isClosed,
  isDecided,
  isOver,
  leaders,
  type LiveResults,
  outstanding,
  phase,
} from "./count_state.ts";

export { everyoneHasVoted, isClosed, isDecided, isOver, leaders, type LiveResults, outstanding, phase };

const text = messages.sentence;
/** More than these in a tie are a number. */
const MAX_TIED_NAMES = 3;

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
