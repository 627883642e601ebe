/**
 * The routes that show the count: the same whether the log is open, or a snapshot's Results are all there is yet.
 * @module
 */
import type { Hono, MiddlewareHandler } from "hono";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import type { Candidate } from "../pipeline/election.ts";
import type { QualityReport } from "../pipeline/quality_loop.ts";
import { type Regions, regionsOfResults } from "../pipeline/regions.ts";
import type { Updates } from "../pipeline/updates.ts";
import { OPENING, type Vitals } from "../pipeline/vitals.ts";
import type { Assets } from "./assets.ts";
import { getCandidate, getCandidates } from "./candidates_pages.tsx";
import type { ChartSource } from "./chart_data.ts";
import { getChart, getChartData } from "./charts.tsx";
import type { RouteKind } from "./headers.ts";
import type { Live } from "./live.ts";
import { getOverview, getRace } from "./pages.tsx";
import { getQualityPage } from "./quality_page.tsx";
import { getRegion, getRegions, getRegionsJson } from "./regions_pages.tsx";
import { getResults, type PastResults } from "./results.ts";

/** What they show. */
export interface Shown {
  readonly updates: Updates;
  readonly live: Live;
  readonly past: PastResults;
  readonly vitals: () => Vitals;
  readonly regions: () => Regions;
  /** The candidates with all that is on record of them. */
  readonly candidates: () => readonly Candidate[];
  /** The newest report of the data-quality checks. */
  readonly quality: () => QualityReport;
}

/** What is shown while a snapshot's Results are all there is. */
export function shownOfSnapshot(updates: Updates, live: Live, past: PastResults): Shown {
  return {
    updates,
    live,
    past,
    vitals: () => OPENING,
    regions: () => regionsOfResults(updates.latest()),
    candidates: () => [],
    quality: () => ({ status: "unknown", version: 0, asOf: Date.parse(updates.latest().as_of), checks: [] }),
  };
}

/** Lets scripts of other sites read what these routes answer, be it that the server is starting. */
export function openShown(app: Hono): void {
  app.use("/api/v1/results", cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag"] }));
  app.use("/api/v1/live", cors({ origin: "*", allowMethods: ["GET", "HEAD"] }));
  app.use("/api/v1/regions", cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag"] }));
  app.use("/charts/*", cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag"] }));
}

/**
 * Mounts them, and compresses every page that is mounted after; `securityHeaders` and `openShown` must have been
 * before.
 */
export function mountShown(app: Hono, shown: Shown, charts: ChartSource, assets: Assets): void {
  const { updates, live, past } = shown;
  app.use(compress({ contentTypeFilter: /^text\/html\b/ }));
  const page = ofKind("page");
  app.get("/", page, getOverview(shown, charts, assets));
  app.get("/race", page, getRace(shown, charts, assets));
  app.get("/regions", page, getRegions(shown, assets));
  app.get("/regions/:name", page, getRegion(shown, assets));
  app.get("/candidates", page, getCandidates(shown, assets));
  app.get("/candidates/:id", page, getCandidate(shown, charts, assets));
  app.get("/quality", page, getQualityPage(shown, assets));
  app.get("/api/v1/results", ofKind("api"), getResults(updates, past));
  app.get("/api/v1/live", ofKind("api"), live.handler);
  app.get("/api/v1/regions", ofKind("api"), getRegionsJson(shown));
  app.get("/charts/data.json", ofKind("api"), getChartData(charts));
  app.get("/charts/:file", ofKind("api"), getChart(updates, charts));
}

/** Says under which security headers a route answers. */
export function ofKind(kind: RouteKind): MiddlewareHandler {
  return (c, next) => {
    c.set("kind", kind);
    return next();
  };
}
