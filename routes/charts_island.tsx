/**
 * A page's charts: drawn here, and what the browser goes on from.
 * @module
 */
import { raceMode } from "../islands/chart_captions.ts";
import type { ChartData } from "../islands/chart_data.ts";
import { drawAll, type Drawings } from "../islands/chart_drawings.ts";
import type { RaceMode } from "../islands/chart_captions.ts";
import type { ChartsData } from "../islands/Charts.tsx";
import { ChartsView } from "../islands/charts_view.tsx";
import { RaceView } from "../islands/race_view.tsx";
import { chartDocument } from "./chart_document.ts";
import { IslandData } from "./page_shell.tsx";

/** The markup of a page's charts, with their data. */
export function ChartsIsland({ view, data, query }: ChartsData & { query: URLSearchParams }) {
  const mode = raceMode(query.get("race"));
  const drawn = data && drawingsOf(data, mode);
  const View = view === "race" ? RaceView : ChartsView;
  return (
    <>
      <div id="charts">
        <View {...{ data, drawn, mode, query }} />
      </div>
      <IslandData id="charts-data" data={{ view, data }} />
    </>
  );
}

const drawnOf = new WeakMap<ChartData, Map<RaceMode, Drawings>>();

/** Drawn once for each snapshot and mode, however many ask. */
function drawingsOf(data: ChartData, mode: RaceMode): Drawings {
  const modes = drawnOf.get(data) ?? new Map<RaceMode, Drawings>();
  drawnOf.set(data, modes);
  const drawn = modes.get(mode) ?? drawAll(chartDocument, data, mode);
  modes.set(mode, drawn);
  return drawn;
}
