/**
 * The numbers of each chart as a table: for the page beside the chart, and for a file to download.
 * @module
 */
import { ratio } from "../pipeline/election.ts";
import type { Results } from "../pipeline/results.ts";
import { type TurnoutBy, turnoutGroups } from "./chart_captions.ts";
import { areasOf, type ChartData, type ChartGroup, raceOf, standingOf, votesOf } from "./chart_data.ts";
import { chartMessages } from "./chart_messages.ts";

/** A part of a whole, as which shares and turnout stand in a table: percentages need more than files tell. */
export interface Ratio {
  part: number;
  whole: number;
}

/** What a cell can hold; null: nothing is to be said. Times are ISO 8601 UTC. */
export type Cell = string | number | Ratio | null;

/** One column: its name in files, its heading on pages, and how its cells are written there. */
export interface Column {
  name: string;
  heading: string;
  kind: "text" | "count" | "ratio" | "time";
}

/** A table. */
export interface ChartTable {
  columns: Column[];
  rows: Cell[][];
}

/** A table's rows as files have them: ratios from 0 to 1, of four decimals. */
export function fileRows({ rows }: ChartTable): (string | number | null)[][] {
  return rows.map((row) =>
    row.map((cell) => typeof cell === "object" && cell !== null ? ratio(cell.part, cell.whole) : cell)
  );
}

const headings: Record<string, string> = chartMessages.columns;
const column = (name: string, kind: Column["kind"]): Column => ({
  name,
  heading: headings[name] ?? name,
  kind,
});

/** Votes and shares of all candidates. */
export function votesTable({ candidates, totals }: Pick<Results, "candidates" | "totals">): ChartTable {
  return {
    columns: [
      column("candidate_id", "text"),
      column("candidate_name", "text"),
      column("party_affiliation", "text"),
      column("total_votes", "count"),
      column("share", "ratio"),
    ],
    rows: candidates.map((one) => [
      one.candidate_id,
      one.candidate_name,
      one.party_affiliation,
      one.total_votes,
      { part: one.total_votes, whole: totals.votes },
    ]),
  };
}

/** The race for a file: a row for each stretch and candidate. */
export function raceTable(data: ChartData): ChartTable {
  const moments = raceOf(data);
  return {
    columns: [
      column("window_start", "time"),
      column("window_end", "time"),
      column("candidate_id", "text"),
      column("candidate_name", "text"),
      column("votes", "count"),
      column("total_votes", "count"),
      column("share", "ratio"),
    ],
    rows: moments.slice(1).flatMap(({ at, totals, stretch }, i) => {
      const all = totals.reduce((sum, n) => sum + n, 0);
      return data.candidates.map(({ candidate_id, candidate_name }, candidate) => [
        moments[i].at.toISOString(),
        at.toISOString(),
        candidate_id,
        candidate_name,
        stretch[candidate],
        totals[candidate],
        { part: totals[candidate], whole: all },
      ]);
    }),
  };
}

/** The race for a page: a row for each stretch, with everybody's running totals. */
export function raceTotalsTable(data: ChartData): ChartTable {
  return {
    columns: [
      column("window_end", "time"),
      ...data.candidates.map(({ candidate_id, candidate_name }): Column => ({
        name: candidate_id,
        heading: candidate_name,
        kind: "count",
      })),
    ],
    rows: raceOf(data).slice(1).map(({ at, totals }) => [at.toISOString(), ...totals]),
  };
}

/** One candidate's part of the race: a row for each stretch. */
export function candidateRaceTable(data: ChartData, id: string): ChartTable {
  const index = data.candidates.findIndex(({ candidate_id }) => candidate_id === id);
  return {
    columns: [
      column("window_end", "time"),
      column("votes", "count"),
      column("total_votes", "count"),
      column("share", "ratio"),
    ],
    rows: index === -1 ? [] : raceOf(data).slice(1).map(({ at, totals, stretch }) => [
      at.toISOString(),
      stretch[index],
      totals[index],
      { part: totals[index], whole: totals.reduce((sum, n) => sum + n, 0) },
    ]),
  };
}

/** Turnout by age band or gender. */
export function turnoutTable(data: ChartData, by: TurnoutBy): ChartTable {
  return {
    columns: [
      column(by, "text"),
      column("voters", "count"),
      column("votes", "count"),
      column("turnout", "ratio"),
    ],
    rows: turnoutGroups(data, by).map((group) => [group.key, ...turnoutCells(group)]),
  };
}

/** Who leads where: each area, and below it its counties. */
export function mapTable(data: ChartData): ChartTable {
  const cells = (group: ChartGroup) => {
    const { leader, margin } = standingOf(group.votes);
    const name = leader === null ? null : data.candidates[leader].candidate_name;
    const none = votesOf(group) === 0 ? chartMessages.noVotes : chartMessages.tied;
    return [...turnoutCells(group), name ?? none, margin];
  };
  return {
    columns: [
      column("area", "text"),
      column("state", "text"),
      column("voters", "count"),
      column("votes", "count"),
      column("turnout", "ratio"),
      column("leader", "text"),
      column("margin", "count"),
    ],
    rows: areasOf(data).flatMap((area) => [
      [area.key, null, ...cells(area)],
      ...area.counties.map((county) => [area.key, county.key, ...cells(county)]),
    ]),
  };
}

function turnoutCells(group: ChartGroup): Cell[] {
  const votes = votesOf(group);
  return [group.voters, votes, { part: votes, whole: group.voters }];
}
