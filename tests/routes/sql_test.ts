/** What analysts get at `/api/v1/sql`, from real snapshots and a real sandbox. @module */
import assert from "node:assert/strict";
import { createHistory } from "../../analytics/history.ts";
import { createAccess } from "../../routes/access.ts";
import { API_SCHEMAS } from "../../routes/api_schemas.ts";
import { openServer } from "../../routes/server.ts";
import { createSqlAccess } from "../../routes/sql_access.ts";
import { sharedDuckDb } from "../analytics/captures.ts";
import { openAsked } from "../analytics/sandboxes.ts";
import { ADMIN_TOKEN } from "./polls.ts";
import { openSample } from "./sample.ts";

const PATH = "/api/v1/sql";
const SQL = "SELECT candidate_id, total_votes FROM results";
const SQL_TOKEN = "analysts-token-1234";

async function openSql(sqlToken: string | null = null, queryMs?: number) {
  const stack = new AsyncDisposableStack();
  const asked = stack.use(await openAsked({ queryMs }));
  const { sandbox, snapshots } = asked;
  const access = createAccess({ adminToken: ADMIN_TOKEN, trustedProxies: 0, now: Date.now });
  const sample = stack.use(
    await openSample(undefined, {}, {
      history: createHistory(await sharedDuckDb(), snapshots),
      past: snapshots,
      sql: {
        engine: sandbox,
        confinements: sandbox.confinements,
        namedQueries: [],
        access: createSqlAccess(sqlToken, access),
      },
    }),
  );
  const send = async (suffix: string, init: RequestInit = {}, address = "127.0.0.1") => {
    const [file, query = ""] = suffix.split("?");
    const url = `http://localhost:8000${PATH}${file}${query && `?${query}`}`;
    return await sample.app.request(url, init, { remoteAddr: { hostname: address } });
  };
  const get = (parameters: Record<string, string>, suffix = "", headers: HeadersInit = {}) =>
    send(`${suffix}?${new URLSearchParams(parameters)}`, { headers });
  return { ...asked, app: sample.app, send, get, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const codeOf = async (response: Promise<Response>) => {
  const { status, code } = await (await response).json();
  return `${status} ${code}`;
};

Deno.test("a query is answered in the envelope, with headers that say where it comes from", async () => {
  await using sql = await openSql();
  const response = await sql.get({ query: SQL });
  assert.equal(response.status, 200);
  const { headers } = response;
  const answer = API_SCHEMAS.SqlAnswer.parse(await response.json());
  assert.deepEqual(answer.rows, [{ candidate_id: "a1", total_votes: 366 }, {
    candidate_id: "b2",
    total_votes: 358,
  }]);
  assert.deepEqual(answer.columns, [
    { name: "candidate_id", type: "VARCHAR" },
    { name: "total_votes", type: "BIGINT" },
  ]);
  assert.deepEqual([answer.row_count, answer.truncated, answer.meta.version], [2, false, 11]);
  assert.equal(headers.get("X-Query-Id"), answer.meta.query_id);
  assert.equal(headers.get("X-Truncated"), "false");
  assert.match(headers.get("Server-Timing")!, /dur=\d/);
  assert.equal(headers.get("Access-Control-Allow-Origin"), "*");
  assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
  assert.match(headers.get("Vary")!, /Accept/);
});

Deno.test("an ETag is of the version, the query, its parameters and the format", async () => {
  await using sql = await openSql();
  const question = { query: "SELECT $a AS a", param_a: "1" };
  const first = await sql.get(question);
  const etag = first.headers.get("ETag")!;
  await first.body?.cancel();
  const again = await sql.get(question, "", { "If-None-Match": etag });
  assert.deepEqual([again.status, await again.text()], [304, ""]);
  const others: [Record<string, string>, string][] = [
    [{ ...question, param_a: "2" }, ""],
    [{ ...question, query: "SELECT $a AS b" }, ""],
    [{ ...question, limit: "1" }, ""],
    [{ ...question, shape: "arrays" }, ""],
    [question, ".csv"],
  ];
  for (const [other, suffix] of others) {
    const response = await sql.get(other, suffix, { "If-None-Match": etag });
    assert.equal(response.status, 200, JSON.stringify(other));
    await response.body?.cancel();
  }
});

Deno.test("a suffix or Accept names the format", async () => {
  await using sql = await openSql();
  const typeOf = async (suffix: string, accept?: string) => {
    const response = await sql.get({ query: SQL }, suffix, accept === undefined ? {} : { Accept: accept });
    await response.body?.cancel();
    return response.headers.get("Content-Type")?.split(";")[0];
  };
  assert.equal(await typeOf(""), "application/json");
  assert.equal(await typeOf("", "text/html,*/*;q=0.8"), "application/json");
  assert.equal(await typeOf("", "text/csv"), "text/csv");
  assert.equal(
    await typeOf("", "application/json;q=0.1, application/vnd.apache.arrow.stream"),
    "application/vnd.apache.arrow.stream",
  );
  assert.equal(await typeOf(".csv", "application/json"), "text/csv");
  assert.equal(await typeOf(".ndjson"), "application/x-ndjson");
  assert.equal(await typeOf(".parquet"), "application/vnd.apache.parquet");
  assert.equal((await sql.get({ query: SQL }, ".xlsx")).status, 404);
});

Deno.test("a POST takes SQL, a form's fields or JSON, beside what the address says", async () => {
  await using sql = await openSql();
  const rowsOf = async (body: string, type: string | null, query = "shape=arrays") => {
    const headers: HeadersInit = type === null ? {} : { "Content-Type": type };
    const response = await sql.send(`?${query}`, { method: "POST", body, headers });
    const answer = await response.json();
    return answer.rows ?? answer.code;
  };
  assert.deepEqual(await rowsOf("SELECT 1", "application/sql"), [[1]]);
  assert.deepEqual(await rowsOf("SELECT 1", "text/plain; charset=utf-8"), [[1]]);
  assert.deepEqual(
    await rowsOf("query=SELECT+%24n%3A%3AINT&param_n=7", "application/x-www-form-urlencoded"),
    [[7]],
  );
  assert.deepEqual(await rowsOf('{"query":"SELECT $n::INT","param_n":7}', "application/json"), [[7]]);
  assert.deepEqual(await rowsOf("SELECT $n::INT", "application/sql", "shape=arrays&param_n=3"), [[3]]);
  assert.equal(await rowsOf("SELECT 1", "application/sql", "query=SELECT+2"), "invalid");
  assert.equal(await rowsOf("<sql/>", "application/xml"), "unsupported_media_type");
  assert.equal(await rowsOf("[1]", "application/json"), "invalid");
  assert.equal(await rowsOf("x".repeat(2 ** 18), "application/sql"), "body_too_large");
});

Deno.test("what isn't known or doesn't fit is refused, and so is what the gate doesn't let through", async () => {
  await using sql = await openSql();
  assert.equal(await codeOf(sql.get({ query: SQL, limits: "1" })), "400 unknown_parameter");
  assert.equal(await codeOf(sql.get({ query: SQL, "param_1x": "1" })), "400 unknown_parameter");
  assert.equal(await codeOf(sql.get({})), "400 invalid");
  for (const limit of ["0", "10001", "1.5", "-1", ""]) {
    assert.equal(await codeOf(sql.get({ query: SQL, limit })), "400 invalid", limit);
  }
  assert.equal(await codeOf(sql.get({ query: SQL, shape: "columns" })), "400 invalid");
  assert.equal(await codeOf(sql.send(`?query=${SQL}&query=${SQL}`)), "400 invalid");
  assert.equal(await codeOf(sql.get({ query: SQL, param_n: "1" })), "400 sql_refused");
  assert.equal(await codeOf(sql.get({ query: "" })), "400 sql_refused");
  assert.equal(await codeOf(sql.get({ query: "DROP VIEW results" })), "400 sql_refused");
  assert.equal(await codeOf(sql.get({ query: "SELECT nothing FROM results" })), "400 sql_error");
  assert.equal(await codeOf(sql.get({ query: SQL, as_of: "1" })), "404 not_kept");
});

Deno.test("parameters are given once each, and not too many", async () => {
  await using sql = await openSql();
  const post = (body: string) =>
    sql.send("", { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded" } });
  const filling = (n: number) => Array.from({ length: n }, (_, i) => `param_p${i}=1`).join("&");
  assert.equal(await codeOf(post(`query=SELECT+1&${filling(100)}`)), "400 sql_refused");
  for (const n of [101, 8_000]) {
    const { code, errors } = await (await post(`query=SELECT+1&${filling(n)}`)).json();
    assert.deepEqual([code, errors.length, errors[0].path], ["invalid", 1, "param_NAME"]);
  }
  const { errors } = await (await post(`${"query=SELECT+1&".repeat(8_000)}param_a=1&param_a=2`)).json();
  assert.deepEqual(errors.map(({ path }: { path: string }) => path), ["query", "param_a"]);
});

Deno.test("without a token only this machine asks, and not through a proxy; with one whoever bears it", async () => {
  await using sql = await openSql();
  const local = (headers: HeadersInit = {}, address?: string, host = "localhost:8000") =>
    codeOf(Promise.resolve(sql.app.request(`http://${host}${PATH}?query=x`, { headers }, {
      remoteAddr: { hostname: address ?? "127.0.0.1" },
    })));
  const through = "400 sql_refused"; // it is asked
  assert.equal(await local(), through);
  assert.equal(await local({}, "::1", "[::1]:8000"), through);
  assert.equal(await local({}, "192.0.2.1"), "403 not_local");
  assert.equal(await local({}, "127.0.0.1", "election.example"), "403 not_local");
  assert.equal(await local({ Host: "election.example" }), "403 not_local");
  for (const name of ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"]) {
    assert.equal(await local({ [name]: "127.0.0.1" }), "403 not_local");
  }
  await using guarded = await openSql(SQL_TOKEN);
  const bearing = (token: string) =>
    codeOf(guarded.send("?query=x", { headers: { Authorization: `Bearer ${token}` } }, "192.0.2.1"));
  assert.equal(await bearing(SQL_TOKEN), through);
  assert.equal(await bearing("another"), "401 unauthorized");
  assert.equal(await bearing(ADMIN_TOKEN), "401 unauthorized");
  assert.equal(await codeOf(guarded.send("?query=x")), "401 unauthorized");
  const schema = await guarded.send("/schema", {}, "192.0.2.1");
  assert.equal(schema.status, 200);
  await schema.body?.cancel();
});

Deno.test("the schema names every table as it is, the functions, the limits and what confines the engine", async () => {
  await using sql = await openSql();
  const schema = API_SCHEMAS.SqlSchema.parse(await (await sql.send("/schema")).json());
  for (const { name, columns } of schema.tables) {
    const { rows } = await (await sql.get({ query: `DESCRIBE ${name}`, shape: "arrays" })).json();
    assert.deepEqual(
      rows.map(([name, type]: string[]) => [name, type]),
      columns.map(({ name, type }) => [name, type]),
    );
  }
  assert.ok(schema.functions.includes("time_bucket"));
  assert.deepEqual(
    schema.confinements.filter(({ name }) => name === "engine").map(({ in_force }) => in_force),
    [true],
  );
});

Deno.test("a client that goes away ends its query", async () => {
  await using sql = await openSql(null, 600_000);
  let arrived = Promise.withResolvers<void>();
  await using server = openServer("127.0.0.1", 0, (request, info) => {
    arrived.resolve();
    return sql.app.fetch(request, info);
  });
  const pathOf = (query: string) => `${PATH}?${new URLSearchParams({ query })}`;
  const ask = (query: string) => fetch(`http://127.0.0.1:${server.port}${pathOf(query)}`);
  await (await ask("SELECT 1")).body?.cancel();
  arrived = Promise.withResolvers();
  const endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t";
  // By hand, as an aborted fetch may leave its connection open.
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const request = `GET ${pathOf(endless)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  await arrived.promise;
  const next = ask("SELECT 2"); // it waits for the other's end, and is put off where that takes long
  connection.close();
  let response = await next;
  while (response.status === 429) {
    await response.body?.cancel();
    response = await ask("SELECT 2");
  }
  assert.equal(response.status, 200);
  await response.body?.cancel();
});
