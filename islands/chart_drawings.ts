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
/** All charts as SVG. */
export type Drawings = Record<DrawnName, Drawing>;

/** Draws one chart. */
export function drawChart(
  document: Document,
  name: DrawnName,
  data: ChartData,
  mode: RaceMode,
  size: Size,
): string {
  switch (name) {
    case "race":
      return drawRace(document, data, mode, size);
    case "age":
      return drawTurnout(document, data, "age_band", size);
    case "gender":
      return drawTurnout(document, data, "gender", size);
    case "map":
      return drawMap(document, data, size);
  }
}

/** Draws all of them. */
export function drawAll(document: Document, data: ChartData, mode: RaceMode): Drawings {
  const both = (name: DrawnName): Drawing => ({
    narrow: drawChart(document, name, data, mode, "narrow"),
    wide: drawChart(document, name, data, mode, "wide"),
  });
  return { race: both("race"), age: both("age"), gender: both("gender"), map: both("map") };
}
