/**
 * All charts that Plot draws, by name: the server draws with it at once, the browser loads it when it first
 * has something new to draw.
 * @module
 */
/// <reference lib="dom" />
import type { RaceMode } from "./chart_captions.ts";
import type { ChartData } from "./chart_data.ts";
import type { Size } from "./chart_frame.ts";
import { drawMap } from "./chart_map.ts";
import { drawRace } from "./chart_race.ts";
import { drawTurnout } from "./chart_turnout.ts";

/** The charts of ChartData. */
export const DRAWN = ["race", "age", "gender", "map"] as const;
/** @see DRAWN */
export type DrawnName = typeof DRAWN[number];

/** One chart as SVG, in both sizes. */
export type Drawing = Record<Size, string>;
/** Charts as SVG. */
export type Drawings = Partial<Record<DrawnName, Drawing>>;

/** Draws one chart; `of` is a candidate whose line stands out in the race. */
export function drawChart(
  document: Document,
  name: DrawnName,
  data: ChartData,
  mode: RaceMode,
  size: Size,
  of: string | null = null,
): string {
  switch (name) {
    case "race":
      return drawRace(document, data, mode, size, of);
    case "age":
      return drawTurnout(document, data, "age_band", size);
    case "gender":
      return drawTurnout(document, data, "gender", size);
    case "map":
      return drawMap(document, data, size);
  }
}

/** What a page shows of them: its charts, how the race is shown, and whose line stands out in it. */
export interface Shown {
  readonly names: readonly DrawnName[];
  readonly mode: RaceMode;
  readonly of: string | null;
}

/** Draws what a page shows. */
export function drawAll(document: Document, data: ChartData, { names, mode, of }: Shown): Drawings {
  const both = (name: DrawnName): Drawing => ({
    narrow: drawChart(document, name, data, mode, "narrow", of),
    wide: drawChart(document, name, data, mode, "wide", of),
  });
  return Object.fromEntries(names.map((name) => [name, both(name)]));
}
