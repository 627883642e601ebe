/** The SQL console's page, whatever its form is sent. @module */
import assert from "node:assert/strict";
import { MAX_SQL_BYTES } from "../../analytics/gate.ts";
import type { Generation } from "../../analytics/kept_generations.ts";
import type { Answer, Question, Refusal } from "../../analytics/query.ts";
import { MAX_PARAMETERS } from "../../islands/sql_question.ts";
import { createAccess } from "../../routes/access.ts";
import { createSqlAccess } from "../../routes/sql_access.ts";
import { ADMIN_TOKEN } from "./polls.ts";
import { openSample } from "./sample.ts";

const SQL_TOKEN = "analysts-token-1234";
/** What the engine says where nothing else is said. */
const SAID = "So the engine says.";

/** Pages, and what the engine was asked for them. */
async function openConsole(
  sqlToken: string | null,
  said: Answer | Refusal = { refused: "sql_error", detail: SAID },
) {
  const asked: Question[] = [];
  const access = createAccess({ adminToken: ADMIN_TOKEN, trustedProxies: 0, now: Date.now });
  const sample = await openSample(undefined, {}, {
    history: {
      newest: () => ({}) as Generation,
      at: () => Promise.resolve(null),
      ask: () => assert.fail("no history is asked for"),
      standings: () => assert.fail("no standings are asked for"),
    },
    sql: {
      engine: {
        ask(_, question) {
          asked.push(question);
          return Promise.resolve(said);
        },
      },
      confinements: [],
      namedQueries: [],
      access: createSqlAccess(sqlToken, access),
    },
  });
  async function page(path: string, init: RequestInit = {}): Promise<string> {
    const peer = { remoteAddr: { hostname: "127.0.0.1" } };
    const response = await sample.app.request(`http://localhost:8000${path}`, init, peer);
    assert.equal(response.status, 200);
    return await response.text();
  }
  return {
    asked,
    get: (fields: Record<string, string>) => page(`/sql?${new URLSearchParams(fields)}`),
    post: (body: string) =>
      page("/sql", {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      }),
    [Symbol.dispose]: sample[Symbol.dispose],
  };
}

Deno.test("the token is taken from the form, and not from an address", async () => {
  using sql = await openConsole(SQL_TOKEN);
  const fields = { query: "SELECT 1", token: SQL_TOKEN };
  assert.ok(!(await sql.get(fields)).includes(SAID));
  assert.equal(sql.asked.length, 0);
  assert.ok((await sql.post(String(new URLSearchParams(fields)))).includes(SAID));
});

Deno.test("a query that is too long is neither looked through, nor shown, nor asked", async () => {
  using sql = await openConsole(null);
  for (const piece of ["/*a", "'", "$a,", "\u00e9"]) {
    const page = await sql.post(`query=${piece.repeat(40_000)}`);
    assert.ok(page.includes(`The query is longer than ${MAX_SQL_BYTES} bytes.`), piece);
    assert.ok(!page.includes(piece.repeat(9)), piece);
  }
  assert.equal(sql.asked.length, 0);
});

Deno.test("a query with very many parameters gets a bounded number of fields", async () => {
  using sql = await openConsole(null);
  const query = Array.from({ length: 4_000 }, (_, i) => `$p${i}`).join();
  const page = await sql.get({ query });
  assert.equal([...page.matchAll(/ name="param_/g)].length, MAX_PARAMETERS);
});

Deno.test("an answer of very many columns is shown in fewer rows, and says that there are more", async () => {
  const answerOf = (rows: number, columns: number): Answer => {
    const json = {
      columns: Array.from({ length: columns }, (_, i) => ({ name: `c${i}`, type: "INTEGER" })),
      rows: Array.from({ length: rows }, () => Array(columns).fill(1)),
      row_count: rows,
      truncated: false,
      meta: { elapsed_ms: 1, version: 7, as_of: "2026-05-07T10:00:00.000Z" },
    };
    const body = new TextEncoder().encode(JSON.stringify(json));
    return { body, rowCount: rows, truncated: false, elapsedMs: 1 };
  };
  const shown = async (rows: number, columns: number) => {
    using sql = await openConsole(null, answerOf(rows, columns));
    const page = await sql.get({ query: "SELECT 1" });
    return [[...page.matchAll(/<td/g)].length, page.includes("there are more")];
  };
  assert.deepEqual(await shown(500, 40), [20_000, false]);
  assert.deepEqual(await shown(500, 1_000), [20_000, true]);
  assert.deepEqual(await shown(2, 30_000), [30_000, true]);
});

Deno.test("a parameter may be called as what every object has", async () => {
  using sql = await openConsole(null);
  const page = await sql.get({ query: "SELECT $toString, $constructor, $__proto__", "param___proto__": "7" });
  assert.doesNotMatch(page, /native code/);
  const [{ parameters }] = sql.asked;
  assert.deepEqual(Object.entries(parameters), [["__proto__", { text: "7" }]]);
});
