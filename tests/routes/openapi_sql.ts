/**
 * Asks the routes of SQL for every answer that is described. The engine says what it is told to: its own tests make
 * it say so by itself.
 * @module
 */
import type { Hono } from "hono";
import { createHistory } from "../../analytics/history.ts";
import { parseNamedQuery } from "../../analytics/named_queries.ts";
import { type Answer, type Refusal, REFUSALS } from "../../analytics/query.ts";
import { createAccess } from "../../routes/access.ts";
import { createSqlAccess } from "../../routes/sql_access.ts";
import { captureOf, Folder, sharedDuckDb, START } from "../analytics/captures.ts";
import type { Contract } from "./openapi_contract.ts";
import { openSample } from "./sample.ts";

const TOKEN = "analysts-token-1234";
const QUERY = parseNamedQuery("one", "-- title: One\n-- description: One.\nSELECT 1 AS one");
const ROWS = {
  ok: true,
  columns: [{ name: "one", type: "INTEGER" }],
  rows: [{ one: 1 }],
  row_count: 1,
  truncated: false,
  meta: { query_id: "q", elapsed_ms: 1, version: 11, as_of: new Date(START).toISOString() },
};
const ANSWERED: Answer = {
  body: new TextEncoder().encode(JSON.stringify(ROWS)),
  rowCount: 1,
  truncated: false,
  elapsedMs: 1,
};

/** How each route is asked for one; `more` are further parameters. */
const ASK: Record<string, (more?: Record<string, string>) => [path: string, init: RequestInit]> = {
  askSql: (more = {}) => [`/api/v1/sql?${new URLSearchParams({ query: "SELECT 1 AS one", ...more })}`, {}],
  askSqlAs: (
    more = {},
  ) => [`/api/v1/sql.json?${new URLSearchParams({ query: "SELECT 1 AS one", ...more })}`, {}],
  postSql: (more = {}) => ["/api/v1/sql", posted({ query: "SELECT 1 AS one", ...more })],
  postSqlAs: (more = {}) => ["/api/v1/sql.json", posted({ query: "SELECT 1 AS one", ...more })],
  runQuery: (more = {}) => [`/api/v1/queries/one.json?${new URLSearchParams(more)}`, {}],
};
const OF_ONES_OWN = Object.keys(ASK).filter((id) => id !== "runQuery");

const posted = (body: unknown, type = "application/json"): RequestInit => ({
  method: "POST",
  body: typeof body === "string" ? body : JSON.stringify(body),
  headers: { "Content-Type": type },
});

/** Every answer but that to a body that is too slow. */
export async function askSql(contract: Contract): Promise<void> {
  using folder = new Folder();
  await using snapshots = await folder.open();
  let said: Answer | Refusal = ANSWERED;
  const history = createHistory(await sharedDuckDb(), snapshots);
  const open = (sqlToken: string | null) =>
    openSample(undefined, {}, {
      history,
      past: snapshots,
      sql: {
        engine: { ask: () => Promise.resolve(said) },
        confinements: [],
        namedQueries: [QUERY],
        access: createSqlAccess(
          sqlToken,
          createAccess({ adminToken: "x".repeat(16), trustedProxies: 0, now: Date.now }),
        ),
      },
    });
  using local = await open(null);
  using guarded = await open(TOKEN);

  async function ask(id: string, more = {}, headers = {}, app: Hono = local.app, address = "127.0.0.1") {
    const [path, init] = ASK[id](more);
    const all = { ...init, headers: { ...init.headers, ...headers } };
    return await app.request(`http://localhost:8000${path}`, all, { remoteAddr: { hostname: address } });
  }

  for (const id of Object.keys(ASK)) await contract.check(id, await ask(id)); // before the first snapshot
  await snapshots.save(captureOf(1, START));
  for (const id of Object.keys(ASK)) {
    const response = await ask(id);
    const held = { "If-None-Match": response.headers.get("ETag")! };
    await contract.check(id, response);
    await contract.check(id, await ask(id, {}, held));
    for (const more of [{ limit: "0" }, { limits: "1" }, { as_of: "1" }]) {
      await contract.check(id, await ask(id, more));
    }
    for (const refused of REFUSALS) {
      said = { refused, detail: "So it is." };
      await contract.check(id, await ask(id));
    }
    said = ANSWERED;
  }
  for (const id of OF_ONES_OWN) {
    await contract.check(id, await ask(id, {}, {}, local.app, "192.0.2.1"));
    const address = `192.0.2.${10 + OF_ONES_OWN.indexOf(id)}`;
    const guess = () => ask(id, {}, { Authorization: "Bearer wrong" }, guarded.app, address);
    await contract.check(id, await guess());
    let response = await guess();
    while (response.status === 401) response = await guess();
    await contract.check(id, response);
  }
  const send = async (id: string, path: string, init: RequestInit = {}) => {
    const env = { remoteAddr: { hostname: "127.0.0.1" } };
    await contract.check(id, await local.app.request(`http://localhost:8000${path}`, init, env));
  };
  for (const [id, path] of [["postSql", "/api/v1/sql"], ["postSqlAs", "/api/v1/sql.json"]]) {
    await send(id, path, posted("{"));
    await send(id, path, posted("x", "image/png"));
    await send(id, path, posted(" ".repeat(2 ** 20), "application/sql"));
  }
  await send("askSqlAs", "/api/v1/sql.xls");
  await send("postSqlAs", "/api/v1/sql.xls", posted({}));
  await send("runQuery", "/api/v1/queries/two.json");
  for (const [id, path] of [["listQueries", "/api/v1/queries"], ["getSqlSchema", "/api/v1/sql/schema"]]) {
    await send(id, path);
    await send(id, `${path}?limits=1`);
  }
}
