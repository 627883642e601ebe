/**
 * The islands that keep the charts live: what the server drew stays until there is something newer to draw, and
 * only then is the drawing code loaded.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useMemo, useState } from "preact/hooks";
import { CandidateRaceView } from "./candidate_race_view.tsx";
import { type RaceMode, raceMode } from "./chart_captions.ts";
import type { drawAll } from "./chart_drawings.ts";
import { type ChartPage, shownOn } from "./chart_page.ts";
import { ChartsView, raceQuery } from "./charts_view.tsx";
import { type LivePage, usePart } from "./live_page.ts";
import { address } from "./pace.ts";
import { RaceView } from "./race_view.tsx";
import { useFetched } from "./use_fetched.ts";

/** Snapshots are seconds apart, and a chart needs longer to be read than a number. */
const EVERY_MS = 5_000;

/** What stands around them. */
export const CHART_VIEWS = { overview: ChartsView, race: RaceView, candidate: CandidateRaceView } as const;

/** The charts of a page, live. */
export function Charts({ page, initial }: { page: LivePage; initial: ChartPage }) {
  const { version } = usePart(page, (state) => state.shown.results);
  const data = useFetched("/charts/data.json", initial.data, version, version, EVERY_MS);
  const [query, setQuery] = useState(() => new URLSearchParams(location.search));
  const mode = raceMode(query.get("race"));
  const [first] = useState(mode);
  const [draw, setDraw] = useState<typeof drawAll | null>(null);
  const isNew = data !== initial.data || mode !== first;
  useEffect(() => {
    if (!isNew || draw !== null) return;
    import("./chart_drawings.ts").then(({ drawAll }) => setDraw(() => drawAll), () => {
      // The network: it is tried again with the next data.
    });
  }, [isNew, data, mode]);
  // Until there is something to draw with, words and tables stay with the pictures that the server drew.
  const shown = draw === null ? { data: initial.data, mode: first } : { data, mode };
  const drawn = useMemo(() => draw && data && draw(document, data, shownOn(initial, mode)), [
    draw,
    data,
    mode,
  ]);

  function setMode(mode: RaceMode): void {
    // The pace may have changed since that query was written.
    const changed = raceQuery(new URLSearchParams(location.search), mode);
    history.replaceState(history.state, "", address(location.pathname, changed));
    setQuery(changed);
  }

  const View = CHART_VIEWS[initial.view];
  return <View {...{ ...shown, drawn, query, setMode, of: initial.of }} />;
}
