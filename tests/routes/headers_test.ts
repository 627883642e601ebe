/** What every route promises in its headers: a route without a line here fails. @module */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import { createHistory } from "../../analytics/history.ts";
import { createPainter } from "../../routes/picture_painter.ts";
import { shownOfSnapshot } from "../../routes/shown.ts";
import { createStartingApp } from "../../routes/starting.ts";
import { createLive } from "../../routes/live.ts";
import { createUpdates } from "../../pipeline/updates.ts";
import { captureOf, Folder, sharedDuckDb, START } from "../analytics/captures.ts";
import { builtAssets, openSample, resultsOf } from "./sample.ts";

const OWN = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action ";
const UNFRAMED = "; frame-ancestors 'none'";
/** Who may frame pages for frames, in these tests. */
const ANCESTORS = "https://news.example https://*.paper.example";

/** The whole policy of each kind of answer. */
const POLICIES = {
  page: `${OWN}'self'${UNFRAMED}`,
  configurator: `${OWN}'self'; frame-src 'self'${UNFRAMED}`,
  frame: `${OWN}'none'; frame-ancestors 'self' ${ANCESTORS}`,
  picture: `default-src 'none'; style-src 'unsafe-inline'${UNFRAMED}`,
  data: `default-src 'none'${UNFRAMED}`,
};

/** Who else may read an answer: scripts of every site, elements of every site, or nobody. */
type Readers = "scripts" | "elements" | "nobody";

const FOR_EVER = "public, max-age=31536000, immutable";
const SHARED = /^public, max-age=\d+,( s-maxage=\d+,)? stale-while-revalidate=\d+, stale-if-error=\d+$/;

type Line = [
  ask: string,
  status: number,
  policy: keyof typeof POLICIES,
  readers: Readers,
  caches: string | RegExp,
];

/** The promises, by method and path as mounted. */
const PROMISES: Record<string, Line> = {
  "GET /": ["/", 200, "page", "nobody", "no-cache"],
  "GET /race": ["/race", 200, "page", "nobody", "no-cache"],
  "GET /regions": ["/regions", 200, "page", "nobody", "no-cache"],
  "GET /regions/:name": ["/regions/Kent", 200, "page", "nobody", "no-cache"],
  "GET /candidates": ["/candidates", 200, "page", "nobody", "no-cache"],
  "GET /candidates/:id": ["/candidates/a1", 200, "page", "nobody", "no-cache"],
  "GET /quality": ["/quality", 200, "page", "nobody", "no-cache"],
  "GET /docs": ["/docs", 200, "page", "nobody", "no-cache"],
  "GET /sql": ["/sql", 200, "page", "nobody", "no-store"],
  "POST /sql": ["/sql", 415, "page", "nobody", "no-store"],
  "GET /embed": ["/embed", 200, "configurator", "nobody", "no-cache"],
  "GET /embed/v1/:view": ["/embed/v1/bars", 200, "frame", "elements", SHARED],
  "GET /img/v1/:file": ["/img/v1/map.svg", 200, "picture", "scripts", SHARED],
  "GET /oembed": ["/oembed?url=http://localhost/race", 200, "data", "scripts", SHARED],
  "GET /widget/:file": ["/widget/v1.js", 200, "data", "scripts", SHARED],
  "GET /portraits/:file": ["/portraits/a1.svg", 200, "picture", "elements", FOR_EVER],
  "GET /assets/:file": ["/assets/style.css", 200, "data", "scripts", FOR_EVER],
  "GET /charts/:file": ["/charts/race.svg", 200, "data", "scripts", "no-cache"],
  "GET /charts/data.json": ["/charts/data.json", 200, "data", "scripts", "no-cache"],
  "GET /api/v1/results": ["/api/v1/results", 200, "data", "scripts", SHARED],
  "GET /api/v1/live": ["/api/v1/live", 200, "data", "scripts", "no-cache, no-transform"],
  "GET /api/v1/regions": ["/api/v1/regions", 200, "data", "scripts", "no-cache"],
  "GET /api/v1/history": ["/api/v1/history", 200, "data", "scripts", "no-cache"],
  "GET /api/v1/snapshots": ["/api/v1/snapshots", 200, "data", "scripts", "no-cache"],
  "GET /snapshots/:file": ["/snapshots/public.parquet", 200, "data", "scripts", FOR_EVER],
  "GET /api/v1/sql": ["/api/v1/sql", 400, "data", "scripts", "no-store"],
  "POST /api/v1/sql": ["/api/v1/sql", 400, "data", "scripts", "no-store"],
  "GET /api/v1/:sql{sql\\.[a-z]+}": ["/api/v1/sql.csv", 400, "data", "scripts", "no-store"],
  "POST /api/v1/:sql{sql\\.[a-z]+}": ["/api/v1/sql.csv", 400, "data", "scripts", "no-store"],
  "GET /api/v1/sql/schema": ["/api/v1/sql/schema", 200, "data", "scripts", "no-cache"],
  "GET /api/v1/queries": ["/api/v1/queries", 200, "data", "scripts", "no-cache"],
  "GET /api/v1/queries/:file": ["/api/v1/queries/none.json", 404, "data", "scripts", "no-store"],
  "GET /api/v1/quality": ["/api/v1/quality", 200, "data", "scripts", "no-store"],
  "GET /openapi.json": ["/openapi.json", 200, "data", "elements", "no-cache"],
  "POST /api/v1/candidates": ["/api/v1/candidates", 401, "data", "nobody", "no-store"],
  "POST /api/v1/voters": ["/api/v1/voters", 401, "data", "nobody", "no-store"],
  "POST /api/v1/voters/:id/token": ["/api/v1/voters/v1/token", 401, "data", "nobody", "no-store"],
  "POST /api/v1/votes": ["/api/v1/votes", 401, "data", "nobody", "no-store"],
  "GET /api/v1/votes/:partition{[0-9]+}/:offset{[0-9]+}": [
    "/api/v1/votes/0/0",
    401,
    "data",
    "nobody",
    "no-store",
  ],
  "POST /api/v1/commands/:name": ["/api/v1/commands/demo", 404, "data", "nobody", "no-store"],
  "GET /healthz": ["/healthz", 200, "data", "nobody", "no-store"],
  "GET /readyz": ["/readyz", 200, "data", "nobody", "no-store"],
  "GET /metrics": ["/metrics", 200, "data", "nobody", "no-store"],
};

const ORIGIN = "https://elsewhere.example";

function routesOf(app: Hono): string[] {
  return [
    ...new Set(
      app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`),
    ),
  ];
}

/** Asks as a script of another site would, with a cookie that nobody set. */
async function check(app: Hono, route: string, ask: string, [, status, policy, readers, caches]: Line) {
  const [method] = route.split(" ");
  const headers = { Origin: ORIGIN, Cookie: "session=1" };
  const response = await app.request(ask, { method, headers }, { remoteAddr: { hostname: "127.0.0.1" } });
  await response.body?.cancel();
  const said = (name: string) => response.headers.get(name);
  assert.equal(response.status, status, route);
  assert.equal(said("Content-Security-Policy"), POLICIES[policy], route);
  assert.equal(
    said("Cross-Origin-Resource-Policy"),
    readers === "nobody" ? "same-origin" : "cross-origin",
    route,
  );
  assert.equal(said("Access-Control-Allow-Origin"), readers === "scripts" ? "*" : null, route);
  assert.equal(said("Access-Control-Allow-Credentials"), null, route);
  assert.equal(said("X-Content-Type-Options"), "nosniff", route);
  assert.equal(said("Referrer-Policy"), "strict-origin-when-cross-origin", route);
  assert.equal(said("Set-Cookie"), null, route);
  if (typeof caches === "string") assert.equal(said("Cache-Control"), caches, route);
  else assert.match(said("Cache-Control") ?? "", caches, route);
}

/** An app that has a snapshot, and in which every route answers. */
async function openAll() {
  const stack = new AsyncDisposableStack();
  const snapshots = stack.use(await stack.use(new Folder()).open());
  await snapshots.save(captureOf(1, START));
  const history = createHistory(await sharedDuckDb(), snapshots);
  const sample = stack.use(
    await openSample(undefined, {}, {
      history,
      past: snapshots,
      frameAncestors: ANCESTORS,
      commands: { handler: (c) => c.notFound() },
    }),
  );
  const assets = await builtAssets();
  const [{ files }] = await snapshots.kept();
  const parquet = files.find(({ role }) => role === "candidates")!;
  return {
    app: sample.app,
    asks: (line: Line) =>
      line[0].replace("/assets/style.css", assets.url("style.css"))
        .replace("public.parquet", `${parquet.sha256}.parquet`),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("every route keeps its promises, and there is no route without them", async () => {
  await using all = await openAll();
  assert.deepEqual(routesOf(all.app).sort(), Object.keys(PROMISES).sort());
  for (const [route, line] of Object.entries(PROMISES)) await check(all.app, route, all.asks(line), line);
});

Deno.test("what answers until the log is open keeps the same promises", async () => {
  await using all = await openAll();
  const updates = createUpdates(resultsOf([3, 2, 1]));
  const shown = shownOfSnapshot(updates, createLive(updates, {}), { resultsAt: () => Promise.resolve(null) });
  using painter = createPainter();
  const app = createStartingApp({ assets: await builtAssets(), painter, frameAncestors: ANCESTORS }, shown);
  const routes = routesOf(app);
  assert.ok(routes.includes("GET /embed/v1/:view") && routes.includes("GET /widget/:file"));
  // Charts come with the first snapshot that is taken.
  const waiting: Record<string, [status: number, caches: string]> = {
    "GET /charts/:file": [503, "no-store"],
    "GET /charts/data.json": [204, "no-store"],
    "GET /img/v1/:file": [503, "no-store"],
  };
  for (const route of routes) {
    const [ask, status, policy, readers, caches] = PROMISES[route];
    const [statusNow, cachesNow] = waiting[route] ?? [status, caches];
    await check(app, route, all.asks(PROMISES[route]), [ask, statusNow, policy, readers, cachesNow]);
  }
  shown.live.close();
});

Deno.test("an address that is none is treated as a page by people, as data by programs; neither can be framed", async () => {
  await using all = await openAll();
  await check(all.app, "GET *", "/nothing", ["", 404, "data", "elements", "no-store"]);
  const response = await all.app.request("/nothing", { headers: { Accept: "text/html" } });
  assert.equal(response.headers.get("Content-Security-Policy"), POLICIES.page);
  await response.body?.cancel();
});

Deno.test("a frame that has nothing to show can be framed too, by the same sites", async () => {
  await using all = await openAll();
  for (const ask of ["/embed/v1/pie", "/embed/v1/bars?limit=x", "/embed/v1/bars?as_of=1"]) {
    const response = await all.app.request(ask);
    assert.ok(response.status >= 400, ask);
    assert.equal(response.headers.get("Content-Security-Policy"), POLICIES.frame, ask);
    await response.body?.cancel();
  }
});

Deno.test("pages for frames can be framed by whom the setting names", async () => {
  for (
    const [setting, said] of [
      ["*", `${OWN}'none'`],
      ["none", `${OWN}'none'; frame-ancestors 'self'`],
      ["https://news.example", `${OWN}'none'; frame-ancestors 'self' https://news.example`],
    ]
  ) {
    using sample = await openSample(undefined, {}, { frameAncestors: setting });
    const { headers, body } = await sample.app.request("/embed/v1/card");
    assert.equal(headers.get("Content-Security-Policy"), said);
    await body?.cancel();
  }
});
