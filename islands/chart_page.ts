/**
 * Which charts stand on which page.
 * @module
 */
import type { RaceMode } from "./chart_captions.ts";
import type { ChartData } from "./chart_data.ts";
import type { Shown } from "./chart_drawings.ts";

/** What the charts of a page are made from, on the server and then in the browser. */
export interface ChartPage {
  view: "overview" | "race" | "candidate";
  /** Of a candidate's page: whose it is. */
  of: string | null;
  /** Null before the first snapshot. */
  data: ChartData | null;
}

/** What is drawn for it; a candidate's line is that of its share, whatever is chosen for the race. */
export function shownOn({ view, of }: Pick<ChartPage, "view" | "of">, mode: RaceMode): Shown {
  const names = view === "overview" ? ["race", "map", "age", "gender"] as const : ["race"] as const;
  return { names, mode: of === null ? mode : "share", of };
}
