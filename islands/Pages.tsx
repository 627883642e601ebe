/**
 * The islands that keep the pages beside the overview live: the server's markup, hydrated, fed by the live page.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import type { Regions } from "../pipeline/regions.ts";
import { CandidateView } from "./candidate_view.tsx";
import { CandidatesView, type Person } from "./candidates_view.tsx";
import { type LivePage, usePart } from "./live_page.ts";
import { address } from "./pace.ts";
import { type QualityAnswer, QualityView } from "./quality_view.tsx";
import { readTableQuery, withTableQuery } from "./region_table.ts";
import { RegionView } from "./region_view.tsx";
import { RegionsView } from "./regions_view.tsx";
import { useFetched } from "./use_fetched.ts";

/** What the server left for the island of a page. */
export type PageData =
  | { view: "regions"; regions: Regions }
  | { view: "region"; regions: Regions; name: string }
  | { view: "candidates"; people: Person[] }
  | { view: "candidate"; id: string; regions: Regions; person: Person | null }
  | { view: "quality"; report: QualityAnswer; nowMs: number };

/** The island of whichever page this is. */
export function PageIsland({ page, data }: { page: LivePage; data: PageData }) {
  switch (data.view) {
    case "regions":
      return <RegionsIsland page={page} initial={data.regions} />;
    case "region":
      return <RegionIsland page={page} initial={data.regions} name={data.name} />;
    case "candidates":
      return <CandidatesIsland page={page} people={data.people} />;
    case "candidate":
      return <CandidateIsland page={page} initial={data.regions} id={data.id} person={data.person} />;
    case "quality":
      return <QualityIsland page={page} initial={data.report} renderedMs={data.nowMs} />;
  }
}

const useResults = (page: LivePage) => usePart(page, (state) => state.shown.results);

/**
 * The regions as far as the page has moved on; the newest that were seen, should the server fall behind. While it
 * opens its log it knows less of them.
 */
function useRegions(page: LivePage, initial: Regions): Regions {
  const { version } = useResults(page);
  const isOpening = usePart(page, ({ shown }) => shown.vitals.log === "opening");
  return useFetched("/api/v1/regions", initial, isOpening ? null : version, version);
}

/**
 * Biographies are not in the live stream: the page is loaded again when it lacks one that was not to be had when it
 * came.
 */
function useBiographies(page: LivePage, isLacking: boolean): void {
  const known = usePart(
    page,
    ({ shown: { results, vitals } }) => vitals.log === "opening" ? null : results.candidates.length,
  );
  const [first] = useState(known);
  useEffect(() => {
    if (isLacking && known !== null && known !== first) location.reload();
  }, [known]);
}

function RegionsIsland({ page, initial }: { page: LivePage; initial: Regions }) {
  const regions = useRegions(page, initial);
  const [query, setQuery] = useState(() => new URLSearchParams(location.search));
  function go(asked: URLSearchParams): void {
    // The pace may have changed since that query was written.
    const changed = withTableQuery(new URLSearchParams(location.search), readTableQuery(asked));
    history.replaceState(history.state, "", address(location.pathname, changed));
    setQuery(changed);
  }
  return <RegionsView regions={regions} query={query} onQuery={go} />;
}

function RegionIsland({ page, initial, name }: { page: LivePage; initial: Regions; name: string }) {
  return <RegionView regions={useRegions(page, initial)} name={name} />;
}

function CandidatesIsland({ page, people }: { page: LivePage; people: Person[] }) {
  const results = useResults(page);
  useBiographies(page, people.length < results.candidates.length);
  return <CandidatesView results={results} people={people} />;
}

function CandidateIsland(
  { page, initial, ...of }: { page: LivePage; initial: Regions; id: string; person: Person | null },
) {
  useBiographies(page, of.person === null);
  return <CandidateView results={useResults(page)} regions={useRegions(page, initial)} {...of} />;
}

function QualityIsland(
  { page, initial, renderedMs }: { page: LivePage; initial: QualityAnswer; renderedMs: number },
) {
  const data = usePart(page, (state) => state.shown);
  const report = useFetched("/api/v1/quality", initial, data.vitals, 0);
  const [nowMs, setNow] = useState(renderedMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <QualityView data={data} report={report} nowMs={nowMs} />;
}
