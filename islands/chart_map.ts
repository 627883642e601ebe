/**
 * The country as a grid of tiles of one size, so that a small area is seen as well as a wide one: who leads in
 * each, by how much, and the turnout.
 * @module
 */
/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { looksOf } from "./candidate_looks.ts";
import { type AreaResult, areasOf, type ChartData, standingOf, votesOf } from "./chart_data.ts";
import { mapCaption } from "./chart_captions.ts";
import { chartMessages as text } from "./chart_messages.ts";
import { frame, type Size, WIDTHS } from "./chart_frame.ts";
import { count, percent } from "./format.ts";
import { AREAS, ELSEWHERE } from "./uk_areas.ts";

/** Where the tile of what is in no area stands: the corner that the map leaves free. */
const ELSEWHERE_TILE = { name: ELSEWHERE, short: ELSEWHERE, column: 3, row: 0 };
const TILES = new Map([...AREAS, ELSEWHERE_TILE].map((tile) => [tile.name, tile]));
const COLUMNS = [0, 1, 2, 3];
const ROWS = [0, 1, 2, 3, 4];
const TILE_HEIGHT = { narrow: 82, wide: 82 };
/** What fits on a line of a tile, in em. */
const LINE: Record<Size, number> = { narrow: 6.2, wide: 11.5 };
const BAND = 5;

interface Tile {
  column: number;
  row: number;
  colour: string;
  /** From top to bottom. */
  lines: string[];
}

/** Draws the map. */
export function drawMap(document: Document, data: ChartData, size: Size): string {
  const looks = looksOf(data.candidates);
  const tiles = areasOf(data).map((area): Tile => {
    const { column, row, short } = TILES.get(area.key)!;
    const { leader, margin } = standingOf(area.votes);
    const look = leader === null ? null : looks.get(data.candidates[leader].candidate_id)!;
    return {
      column,
      row,
      colour: look?.colour ?? "var(--soft)",
      lines: [short, ...linesOf(area, look?.shortName ?? null, margin, size)],
    };
  });
  const step = TILE_HEIGHT[size];
  const tile = { x: "column", y: "row" } as const;
  const line = (index: number, dy: number, more: Plot.TextOptions) =>
    Plot.text(tiles, {
      ...tile,
      text: (d: Tile) => d.lines[index] ?? "",
      dy,
      lineWidth: LINE[size],
      textOverflow: "ellipsis",
      ...more,
    });
  return frame(document, mapCaption(data), {
    width: WIDTHS[size],
    height: ROWS.length * step,
    margin: 0,
    x: { domain: COLUMNS, axis: null, padding: 0.05 },
    y: { domain: ROWS, axis: null, padding: 0.05 },
    color: { type: "identity" },
    marks: [
      Plot.cell(tiles, { ...tile, fill: "colour", fillOpacity: 0.14 }),
      Plot.cell(tiles, { ...tile, fill: "colour", insetBottom: step * 0.95 - BAND }),
      line(0, -24, { fontWeight: 600, fontSize: size === "wide" ? 12 : 11.5 }),
      line(1, -6, { fontSize: size === "wide" ? 12 : 11 }),
      line(2, 10, {}),
      line(3, 26, { fill: "var(--soft)" }),
    ],
  });
}

function linesOf(area: AreaResult, leader: string | null, margin: number, size: Size): string[] {
  if (area.voters === 0) return [text.map.noVoters];
  const votes = votesOf(area);
  const turnout = percent(votes, area.voters);
  const standing = votes === 0
    ? [text.noVotes, ""]
    : leader === null
    ? [text.tied, ""]
    : [leader, `+${count(margin)}`];
  return [
    ...standing,
    size === "wide" ? text.map.turnout(turnout) : turnout,
  ];
}
