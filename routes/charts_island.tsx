/**
 * A page's charts: drawn here, and what the browser goes on from.
 * @module
 */
import { CHART_VIEWS } from "../islands/Charts.tsx";
import { raceMode } from "../islands/chart_captions.ts";
import type { ChartData } from "../islands/chart_data.ts";
import { drawAll, type Drawings, type Shown } from "../islands/chart_drawings.ts";
import { type ChartPage, shownOn } from "../islands/chart_page.ts";
import { chartDocument } from "./chart_document.ts";
import { IslandData } from "./page_shell.tsx";

/** The markup of a page's charts, with their data. */
export function ChartsIsland(
  { view, of = null, data, query }: Omit<ChartPage, "of"> & { of?: string | null; query: URLSearchParams },
) {
  const mode = raceMode(query.get("race"));
  const drawn = data && drawingsOf(data, shownOn({ view, of }, mode));
  const View = CHART_VIEWS[view];
  return (
    <>
      <div id="charts">
        <View {...{ data, drawn, mode, query, of }} />
      </div>
      <IslandData id="charts-data" data={{ view, of, data }} />
    </>
  );
}

const drawnOf = new WeakMap<ChartData, Map<string, Drawings>>();

/** Drawn once for each snapshot and what is shown, however many ask. */
function drawingsOf(data: ChartData, shown: Shown): Drawings {
  const drawings = drawnOf.get(data) ?? new Map<string, Drawings>();
  drawnOf.set(data, drawings);
  const key = JSON.stringify(shown);
  const drawn = drawings.get(key) ?? drawAll(chartDocument, data, shown);
  drawings.set(key, drawn);
  return drawn;
}
