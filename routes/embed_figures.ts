/**
 * The numbers of a view for other sites: the newest or those of a point of the past, of all votes or of one
 * region's.
 * @module
 */
import type { AsOf } from "../analytics/as_of.ts";
import type { ChartData } from "../islands/chart_data.ts";
import { knowsRegions } from "../islands/embed_options.ts";
import { regionResults } from "../islands/region_results.ts";
import type { LiveResults } from "../islands/sentence.ts";
import { PAST_IS_BUSY } from "./as_of.ts";
import type { ChartSource } from "./chart_data.ts";
import type { Asked } from "./embed_query.ts";
import type { ProblemCode } from "./problem.ts";
import { represent } from "./results.ts";
import type { Shown } from "./shown.ts";

/** What a view is made of. */
export interface Figures {
  /** Of the region where one was asked for. */
  readonly results: LiveResults;
  /** Votes over time and place; null where the view needs none, or no snapshot has been taken yet. */
  readonly charts: ChartData | null;
  /** Equal tags stand for equal figures. */
  readonly tag: string;
}

/** Why there are none, for whoever asked. */
export interface NoFigures {
  readonly problem: ProblemCode;
  readonly detail: string;
  readonly headers?: Record<string, string>;
}

/** Gives the figures that were asked for. */
export type FigureSource = (asked: Asked) => Promise<Figures | NoFigures>;

const NOT_KEPT: NoFigures = { problem: "not_kept", detail: "Nothing is kept at or before as_of." };
const NO_REGION: NoFigures = {
  problem: "not_found",
  detail: "No voter is registered in a region of this name.",
};
const NO_SPLIT: NoFigures = {
  problem: "starting",
  detail: "How a region's votes split is known once the log is open; try again soon.",
};

/** Makes the source. */
export function createFigures(
  { updates, past, regions }: Pick<Shown, "updates" | "past" | "regions">,
  chartsOf: ChartSource,
): FigureSource {
  return async ({ options: { view, region }, point }) => {
    if (region !== null) return await (point === null ? newestOf(region) : pastOf(region, point));
    const charts = knowsRegions(view)
      ? null
      : await (point === null ? chartsOf.newest() : chartsOf.at(point));
    if (charts === "busy") return PAST_IS_BUSY;
    const results = point === null ? updates.latest() : await past.resultsAt(point);
    if (results === null) return NOT_KEPT;
    const ofCharts = charts === null ? "" : ` ${charts.version} ${charts.candidates.length}`;
    return { results, charts, tag: represent(results).etag + ofCharts };
  };

  function newestOf(name: string): Figures | NoFigures {
    const all = updates.latest();
    const { candidates, regions: rows, version, as_of } = regions();
    const row = rows.find(({ state }) => state === name);
    if (row === undefined) return NO_REGION;
    if (row.votes === null) return NO_SPLIT;
    const votes = new Map(candidates.map(({ candidate_id }, i) => [candidate_id, row.votes![i]]));
    const results = regionResults({ ...all, version, as_of }, { voters: row.voters, votes });
    return { results, charts: null, tag: `${represent(all).etag} ${version} ${name}` };
  }

  async function pastOf(name: string, point: AsOf): Promise<Figures | NoFigures> {
    const charts = await chartsOf.at(point);
    if (charts === "busy") return PAST_IS_BUSY;
    const all = charts && await past.resultsAt({ version: charts.version });
    if (charts === null || all === null) return NOT_KEPT;
    const row = charts.groups.state.find(({ key }) => key === name);
    if (row === undefined) return NO_REGION;
    const votes = new Map(charts.candidates.map(({ candidate_id }, i) => [candidate_id, row.votes[i]]));
    const results = regionResults(all, { voters: row.voters, votes });
    return { results, charts: null, tag: `${represent(all).etag} ${name}` };
  }
}
