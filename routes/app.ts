/**
 * The web application: which route answers what, and what becomes of everything that no route answers.
 * @module
 */
import { type Context, type Env, type Handler, Hono } from "hono";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { History } from "../analytics/history.ts";
import type { KeptGenerations } from "../analytics/kept_generations.ts";
import type { Sandbox } from "../analytics/sandbox.ts";
import { postCandidates, postVoters, postVoterToken } from "./accreditation.ts";
import { type Assets, mountAssets } from "./assets.ts";
import { createChartSource } from "./chart_data.ts";
import type { Commands } from "./commands.ts";
import { getDocs } from "./docs_page.tsx";
import { type RouteKind, securityHeaders } from "./headers.ts";
import { healthz, type Readiness, readyz } from "./health.ts";
import { getHistory } from "./history.ts";
import { links } from "./links.ts";
import { getOpenApi } from "./openapi.ts";
import { problemPage } from "./pages.tsx";
import type { Painter } from "./picture_painter.ts";
import { getPortrait } from "./portraits.ts";
import { isForBrowser, problem, type ProblemCode } from "./problem.ts";
import { getQuality } from "./quality.ts";
import { getQueries, getQuery } from "./queries.ts";
import { mountShown, ofKind, type Shown } from "./shown.ts";
import { mountSharing } from "./sharing.ts";
import { getSnapshotFile, getSnapshots } from "./snapshots.ts";
import { mountSql } from "./sql.ts";
import { ANSWER_HEADERS } from "./sql_answer.ts";
import { getSqlPage, postSqlPage, type SqlPageDeps } from "./sql_page.tsx";
import { getSqlSchema } from "./sql_schema.ts";
import { getVote, postVotes, type VotingDeps } from "./votes.ts";
import { mountWidget } from "./widget.ts";

/** What a browser's script may read of an answer from another site. */
const EXPOSED = ["ETag", "Link", "Content-Length", "Content-Range", "Accept-Ranges"];

/** What the routes need of the rest of the process. */
export interface AppDeps extends Shown {
  /** The generations that are kept. */
  past: KeptGenerations;
  /** Where readers reach this instance: no slash at its end. */
  baseUrl: string;
  history: History;
  sql: Pick<SqlPageDeps, "engine" | "namedQueries" | "access"> & Pick<Sandbox, "confinements">;
  commands: Pick<Commands, "handler">;
  voting: VotingDeps;
  readiness: () => Promise<Readiness>;
  /** The Prometheus text, and the media type that it is in. */
  metrics: { contentType: string; render(): Promise<string> };
  assets: Assets;
  painter: Painter;
  /** Who may frame pages for frames, as in TELLER_FRAME_ANCESTORS. */
  frameAncestors: string;
  /** Told of every fault that a client saw only as a 500. */
  onFailure: (fault: unknown) => void;
}

/** Makes the application; its `fetch` is what `Deno.serve` calls. */
export function createApp(deps: AppDeps): Hono {
  const {
    updates,
    past,
    baseUrl,
    history,
    sql,
    quality,
    commands,
    voting,
    readiness,
    metrics,
    assets,
    painter,
    frameAncestors,
    onFailure,
  } = deps;
  const app = new Hono();

  function refuse(c: Context, code: ProblemCode, detail: string, headers: Record<string, string> = {}) {
    return isForBrowser(c)
      ? problemPage(c, assets, deps, code, detail, headers)
      : problem(c, code, detail, headers);
  }

  app.use(securityHeaders(frameAncestors));
  app.use(links());
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      const allow = methods.join(", ");
      return refuse(c, "method_not_allowed", `This address answers ${allow}.`, { Allow: allow });
    },
  }));
  app.use("/api/v1/history", cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag"] }));
  const asking = { ...sql, told: deps, newest: history.newest, past };
  app.use("/api/v1/sql/schema", cors({ origin: "*", allowMethods: ["GET", "HEAD"] }));
  app.use("/api/v1/queries", cors({ origin: "*", allowMethods: ["GET", "HEAD"] }));
  app.use(
    "/api/v1/queries/*",
    cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ANSWER_HEADERS }),
  );
  for (const path of ["/api/v1/snapshots", "/snapshots/*"]) {
    app.use(path, cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: EXPOSED }));
  }
  app.use("/api/v1/quality", cors({ origin: "*", allowMethods: ["GET", "HEAD"] }));

  /** Mounts a route under the security headers of its kind; Hono answers HEAD from a GET route. */
  const on = (method: "get" | "post") =>
    function <Path extends string>(kind: RouteKind, path: Path, handler: Handler<Env, Path>): void {
      app[method](path, ofKind(kind), handler);
    };
  const get = on("get"), post = on("post");
  const charts = createChartSource(history, () => updates.latest().candidates, onFailure);
  mountShown(app, deps, charts, assets);
  mountSharing(app, deps, charts, assets, painter);
  mountWidget(app, assets);
  get("page", "/docs", getDocs(deps, assets));
  get("api", "/openapi.json", getOpenApi(sql.namedQueries));
  get("api", "/api/v1/history", getHistory(history));
  get("api", "/api/v1/snapshots", getSnapshots(past, baseUrl));
  get("api", "/snapshots/:file", getSnapshotFile(past));
  get("page", "/sql", getSqlPage(asking, assets));
  post("page", "/sql", postSqlPage(asking, assets));
  mountSql(app, asking);
  get("api", "/api/v1/sql/schema", getSqlSchema(sql.confinements));
  get("api", "/api/v1/queries", getQueries(sql.namedQueries, baseUrl));
  get("api", "/api/v1/queries/:file", getQuery(sql.namedQueries, asking));
  get("api", "/api/v1/quality", getQuality(quality, voting.access));
  post("private", "/api/v1/candidates", postCandidates(voting));
  post("private", "/api/v1/voters", postVoters(voting));
  post("private", "/api/v1/voters/:id/token", postVoterToken(voting));
  post("private", "/api/v1/votes", postVotes(voting));
  get("private", "/api/v1/votes/:partition{[0-9]+}/:offset{[0-9]+}", getVote(voting));
  post("private", "/api/v1/commands/:name", commands.handler);
  get("picture", "/portraits/:file", getPortrait());
  mountAssets(app, assets);
  get("ops", "/healthz", healthz());
  get("ops", "/readyz", readyz(updates, readiness));
  get("ops", "/metrics", async (c) => {
    return c.body(await metrics.render(), 200, {
      "Content-Type": metrics.contentType,
      "Cache-Control": "no-store",
    });
  });

  app.notFound((c) => refuse(c, "not_found", "Nothing is at this address."));
  app.onError((fault, c) => {
    onFailure(fault);
    return refuse(c, "internal", "The server could not answer; the reason is in its log.");
  });
  return app;
}
