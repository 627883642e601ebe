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
  raceOf,
  standingOf,
  votesOf,
} from "./chart_data.ts";
import { chartMessages as text } from "./chart_messages.ts";
import { count, counted, isolated, list, percent } from "./format.ts";
import { type LiveResults, sentence } from "./sentence.ts";

/** What a picture says in words: for assistive technology, and for a file that stands alone. */
export interface Caption {
  title: string;
  /** One sentence on what it shows, with the numbers that matter most. */
  description: string;
}

/** What the race can show, by the word in addresses. */
export const RACE_MODES = text.race.modes;
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
    ? text.noOvertaking
    : text.race.taken(counted(changes.length, "time"), isolated(name.candidate_name));
  const windows = mode === "window" && data.race
    ? ` ${text.race.windows(durationOf(paceSeconds(data)))}`
    : "";
  return { title: text.race.titles[mode], description: taken + windows };
}

/** What the race's chart says in words where one candidate's line stands out. */
export function candidateCaption(data: ChartData, id: string): Caption {
  const index = data.candidates.findIndex(({ candidate_id }) => candidate_id === id);
  const totals = raceOf(data).at(-1)?.totals ?? [];
  const all = totals.reduce((sum, n) => sum + n, 0);
  return {
    title: text.race.ofTitle,
    description: all === 0 || index === -1 ? text.noVotes : text.race.of(
      isolated(data.candidates[index].candidate_name),
      percent(totals[index], all),
      count(1 + totals.filter((n) => n > totals[index]).length),
      count(totals.length),
    ),
  };
}

/** A length of time in words: `10 seconds`, `2 minutes`. */
export function durationOf(seconds: number): string {
  if (seconds % 3600 === 0) return counted(seconds / 3600, "hour");
  return seconds % 60 === 0 ? counted(seconds / 60, "minute") : counted(seconds, "second");
}

/** What turnout is told apart by here. */
export type TurnoutBy = "age_band" | "gender";

const ORDER: Record<TurnoutBy, readonly string[]> = { age_band: AGE_BANDS, gender: GENDERS };
/** The groups with voters, in their own order: from young to old. */
export function turnoutGroups(data: ChartData, by: TurnoutBy): ChartGroup[] {
  const order = ORDER[by];
  return data.groups[by].filter(({ voters }) => voters > 0)
    .toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
}

/** What a chart of turnout says in words. */
export function turnoutCaption(data: ChartData, by: TurnoutBy): Caption {
  const title = text.turnout.titles[by];
  const [most, ...rest] = turnoutGroups(data, by).toSorted((a, b) => turnoutOf(b) - turnoutOf(a));
  const least = rest.at(-1);
  const share = (group: ChartGroup) => percent(votesOf(group), group.voters);
  // What joins the ends of a span of ages is no place to break it.
  const said = (group: ChartGroup) => text.turnout.group(group.key.replace("–", "–\u2060"), share(group));
  if (most === undefined) return { title, description: text.turnout.nobody };
  if (least === undefined) return { title, description: text.turnout.one(said(most)) };
  return {
    title,
    description: turnoutOf(most) === turnoutOf(least)
      ? text.turnout.same(share(most))
      : text.turnout.range(said(most), said(least)),
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
      text.map.candidate(isolated(data.candidates[leader!].candidate_name), counted(length, "area"))
    );
  return {
    title: text.map.title,
    description: said.length === 0 ? text.map.nobody : text.map.leading(list(said)),
  };
}

/** What votes per candidate say in words. */
export function votesCaption(results: LiveResults): Caption {
  return { title: text.votesTitle, description: sentence(results) };
}
