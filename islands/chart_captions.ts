/**
 * What each chart is called and says in words, and what can be chosen in it; drawing is another matter.
 * @module
 */
import { AGE_BANDS, GENDERS } from "../pipeline/election.ts";
import {
  areasOf,
  type ChartData,
  type ChartGroup,
  overtakings,
  paceSeconds,
  standingOf,
  votesOf,
} from "./chart_data.ts";
import { counted, list, percent } from "./format.ts";
import { type LiveResults, sentence } from "./sentence.ts";

/** What a picture says in words: for assistive technology, and for a file that stands alone. */
export interface Caption {
  title: string;
  /** One sentence on what it shows, with the numbers that matter most. */
  description: string;
}

/** What the race can show, by the word in addresses. */
export const RACE_MODES = {
  lead: "Lead",
  votes: "Votes",
  share: "Share",
  window: "Votes per window",
} as const;
/** @see RACE_MODES */
export type RaceMode = keyof typeof RACE_MODES;

/** The mode of that name; anything else is the lead. */
export function raceMode(name: string | null | undefined): RaceMode {
  return name != null && Object.hasOwn(RACE_MODES, name) ? name as RaceMode : "lead";
}

/** What the race's chart says in words. */
export function raceCaption(data: ChartData, mode: RaceMode): Caption {
  const changes = overtakings(data);
  const last = changes.at(-1);
  const name = last && data.candidates.find(({ candidate_id }) => candidate_id === last.candidate_id);
  const taken = name === undefined
    ? "The lead has not changed hands."
    : `The lead has changed hands ${counted(changes.length, "time")}, last to ${name.candidate_name}.`;
  const every = durationOf(paceSeconds(data));
  const titles: Record<RaceMode, string> = {
    lead: "The race: lead over the second, in votes",
    votes: "The race: votes counted",
    share: "The race: share of votes",
    window: `The race: votes per ${every}`,
  };
  return { title: titles[mode], description: taken };
}

/** A length of time in words: `10 seconds`, `2 minutes`. */
export function durationOf(seconds: number): string {
  if (seconds % 3600 === 0) return counted(seconds / 3600, "hour");
  return seconds % 60 === 0 ? counted(seconds / 60, "minute") : counted(seconds, "second");
}

/** What turnout is told apart by here. */
export type TurnoutBy = "age_band" | "gender";

const TITLES: Record<TurnoutBy, string> = { age_band: "Turnout by age", gender: "Turnout by gender" };
const ORDER: Record<TurnoutBy, readonly string[]> = { age_band: AGE_BANDS, gender: GENDERS };
/** The groups with voters, in their own order: from young to old. */
export function turnoutGroups(data: ChartData, by: TurnoutBy): ChartGroup[] {
  const order = ORDER[by];
  return data.groups[by].filter(({ voters }) => voters > 0)
    .toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
}

/** What a chart of turnout says in words. */
export function turnoutCaption(data: ChartData, by: TurnoutBy): Caption {
  const [most, ...rest] = turnoutGroups(data, by).toSorted((a, b) => turnoutOf(b) - turnoutOf(a));
  const least = rest.at(-1);
  const said = ({ key, voters, ...group }: ChartGroup) =>
    `${key.replace("–", "–\u2060")} (${percent(votesOf({ key, voters, ...group }), voters)})`;
  return {
    title: TITLES[by],
    description: most && least
      ? `Highest: ${said(most)}; lowest: ${said(least)}.`
      : most
      ? `${said(most)}.`
      : "Nobody is registered yet.",
  };
}

/** The turnout of a group, from 0 to 1. */
export function turnoutOf(group: ChartGroup): number {
  return group.voters === 0 ? 0 : votesOf(group) / group.voters;
}

/** What the map says in words. */
export function mapCaption(data: ChartData): Caption {
  const areas = areasOf(data).filter((area) => area.voters > 0);
  const leads = Map.groupBy(areas, ({ votes }) => standingOf(votes).leader);
  const said = [...leads].filter(([leader]) => leader !== null).sort(([, a], [, b]) => b.length - a.length)
    .map(([leader, { length }]) =>
      `${data.candidates[leader!].candidate_name} in ${counted(length, "area")}`
    );
  return {
    title: "Who leads where",
    description: said.length === 0 ? "Nobody leads anywhere yet." : `Leading: ${list(said)}.`,
  };
}

/** What votes per candidate say in words. */
export function votesCaption(results: LiveResults): Caption {
  return { title: "Votes per candidate", description: sentence(results) };
}
