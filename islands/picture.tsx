/**
 * Draws a view as a picture that stands alone: for a page that takes nothing else, and previews of links.
 * @module
 */
/// <reference lib="dom" />
import { mapCaption, raceCaption } from "./chart_captions.ts";
import type { ChartData } from "./chart_data.ts";
import type { Size } from "./chart_frame.ts";
import { drawMap } from "./chart_map.ts";
import { chartMessages } from "./chart_messages.ts";
import { drawRace } from "./chart_race.ts";
import type { View } from "./embed_options.ts";
import type { Formats } from "./locale_format.ts";
import { EDGE, FONTS, frameOf, type Picture, Words } from "./picture_frame.tsx";
import { drawBars, drawCard, type Drawn, drawTable } from "./picture_results.tsx";

/** Views of the present state, and how each is drawn. */
export const DRAW_RESULTS: Partial<Record<View, (drawn: Drawn) => Picture>> = {
  bars: drawBars,
  table: drawTable,
  card: drawCard,
};

/** What a chart is drawn from. */
export interface DrawnChart {
  readonly view: "race" | "map";
  readonly data: ChartData;
  /** The election's. */
  readonly title: string;
  readonly formats: Formats;
  readonly size: Size;
}

/** Draws a view of votes over time or over the country. */
export function drawChartPicture(
  document: Document,
  { view, data, title, formats, size }: DrawnChart,
): Picture {
  const chart = view === "race" ? drawRace(document, data, "share", size) : drawMap(document, data, size);
  const caption = view === "race" ? raceCaption(data, "share") : mapCaption(data);
  const [, width, height] = / viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(chart) ?? [];
  const inner = { width: Number(width ?? 560), height: Number(height ?? 20) };
  const side = view === "race" ? 0 : EDGE; // the race has its axis there
  return frameOf({
    width: inner.width + 2 * side,
    height: 30 + inner.height,
    title,
    sentence: `Simulated: ${caption.title}. ${caption.description}`,
    footer: formats.moment(data.as_of),
    children: (
      <>
        <Words x={EDGE} y={14} width={inner.width} size={14} soft>{caption.title}</Words>
        {chart === ""
          ? <Words x={EDGE} y={40} width={inner.width} size={14}>{chartMessages.noVotes}</Words>
          : <g dangerouslySetInnerHTML={{ __html: placed(chart, side, inner) }} />}
      </>
    ),
  });
}

/** A chart of Plot as a part of another picture. Cutting it at its edges would take most of a PNG's time. */
function placed(chart: string, x: number, { width, height }: { width: number; height: number }): string {
  const root = `<svg x="${x}" y="26" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `overflow="visible" fill="var(--ink)" font-size="12" font-family="${FONTS}" text-anchor="middle"`;
  return chart.replace(/^<svg[^>]*?(?=>)/, () => root);
}
