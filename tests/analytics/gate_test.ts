/** What the gate lets through, and what it doesn't, however it is put. @module */
import assert from "node:assert/strict";
import { openLocked } from "../../analytics/duckdb_locked.ts";
import { MAX_SQL_BYTES, refusalOfText } from "../../analytics/gate.ts";
import { FUNCTIONS, PATTERN_FUNCTIONS, TABLE_FUNCTIONS } from "../../analytics/gate_functions.ts";
import { refusalOfTree } from "../../analytics/gate_tree.ts";
import { TABLE_NAMES } from "../../analytics/schema.ts";
import { sharedDuckDb } from "./captures.ts";

const PARAMETERS = { x: "1", long: "%a".repeat(1000) };

function parametersIn(sql: string): Map<string, string> {
  return new Map(Object.entries(PARAMETERS).filter(([name]) => sql.includes(`$${name}`)));
}

async function refusalsOf(queries: readonly string[]): Promise<Map<string, string | null>> {
  using engine = await openLocked([], []);
  const refusals = new Map<string, string | null>();
  for (const sql of queries) {
    refusals.set(
      sql,
      refusalOfText(sql) ??
        refusalOfTree(await engine.parse(sql), { tables: TABLE_NAMES, parameters: parametersIn(sql) }),
    );
  }
  return refusals;
}

Deno.test("a name of a WITH query lets nothing else of that name through", async () => {
  const through = await refusalsOf([
    "WITH duckdb_views AS (SELECT * FROM duckdb_views) SELECT * FROM duckdb_views",
    "SELECT * FROM duckdb_views, (WITH duckdb_views AS (SELECT 1) SELECT * FROM duckdb_views)",
    "WITH duckdb_views AS (SELECT 1) SELECT * FROM main.duckdb_views",
    "WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a",
    "WITH RECURSIVE t AS (SELECT * FROM t UNION ALL SELECT 1) SELECT * FROM t",
    `WITH "/etc/passwd" AS (SELECT * FROM "/etc/passwd") FROM "/etc/passwd"`,
    "SELECT (WITH x AS (SELECT 1) FROM x), (SELECT count(*) FROM x)",
    "DESCRIBE duckdb_settings",
    "SUMMARIZE information_schema.tables",
    "SHOW ALL TABLES",
    "FROM memory.main.results",
    "FROM system.main.duckdb_views",
    "FROM results AT (VERSION => 1)",
  ]);
  for (const [sql, refusal] of through) assert.ok(refusal, sql);
});

Deno.test("names are alike as the engine takes them to be, by the letters of ASCII alone", async () => {
  const refused = await refusalsOf([
    'WITH "duc\u212Adb_views" AS (SELECT 1) SELECT * FROM duckdb_views',
    'WITH RECURSIVE "duc\u212Adb_views" AS (SELECT 1 UNION ALL SELECT * FROM duckdb_views) FROM "duc\u212Adb_views"',
    'WITH "/x/\u00c9.csv" AS (SELECT 1) FROM "/x/\u00e9.csv"',
    'WITH "\u0130" AS (SELECT 1) FROM "i\u0307"',
    'WITH "\u1e9e" AS (SELECT 1) FROM "\u00df"',
    'WITH "\u2126" AS (SELECT 1) FROM "\u03c9"',
    'FROM "re\u017fults"',
    'FROM "cand\u0131dates"',
    "SELECT \"wee\u212A\"(DATE '2026-05-07')",
    "SELECT list_aggregate([1], '\u212Aurtosis')",
    'SELECT * FROM "main\u212A".results',
  ]);
  for (const [sql, refusal] of refused) assert.ok(refusal, sql);
  const through = await refusalsOf([
    "FROM RESULTS",
    "SELECT SUM(votes) FROM Main.Votes_By_Window",
    'WITH "\u00c9" AS (SELECT 1 AS a) FROM "\u00c9"',
    "WITH T AS (SELECT 1 AS a) FROM t",
    'SELECT 1 AS "\u212A"',
  ]);
  for (const [sql, refusal] of through) assert.equal(refusal, null, sql);
});

Deno.test("an arrow is a lambda's where one stands, and else JSON's, which is refused", async () => {
  const refused = await refusalsOf([
    `SELECT '{"a":1}' ->> 'a'`,
    `SELECT '{"a":1}' -> 'a'`,
    "SELECT candidate_name -> 'a' FROM candidates",
    "SELECT (candidate_name -> 'a') -> 'b' FROM candidates",
    "SELECT list_transform(['a'], x -> (x -> 'b'))",
    "SELECT list_transform(candidate_name -> 'a', x -> x) FROM candidates",
    "SELECT list_contains([candidate_name], candidate_name -> 'a') FROM candidates",
    "SELECT upper(candidate_name -> 'a') FROM candidates",
    "SELECT 1 FROM candidates WHERE (candidate_name -> 'a') IS NULL",
    "SELECT 1 FROM candidates ORDER BY candidate_name -> 'a'",
    "SELECT sum(1) FILTER (WHERE (candidate_name -> 'a') IS NULL) FROM candidates",
  ]);
  for (const [sql, refusal] of refused) assert.ok(refusal, sql);
  const through = await refusalsOf([
    "SELECT list_transform([1, 2], x -> x + 1)",
    "SELECT list_transform([1, 2], lambda x: x + 1)",
    "SELECT list_filter([1, 2], (x, i) -> i > 1), array_filter([1], lambda x, i: i > 1)",
    "SELECT [1, 2].list_transform(x -> x)",
    "SELECT list_transform([[1]], x -> list_transform(x, y -> y + 1))",
    "SELECT [x + y FOR x IN [1] IF x > 0] FROM (SELECT 1 AS y)",
    "SELECT [x + i FOR x, i IN [1, 2]]",
    "SELECT COLUMNS(c -> c LIKE '%votes%') FROM results",
    "SELECT COLUMNS(lambda c: c LIKE '%votes%') FROM results",
    "SELECT * EXCLUDE (share), results.* FROM results",
  ]);
  for (const [sql, refusal] of through) assert.equal(refusal, null, sql);
});

Deno.test("no way to call reaches a function that isn't allowed", async () => {
  const through = await refusalsOf([
    "SELECT getenv('HOME')",
    `SELECT "GetEnv"('HOME')`,
    "SELECT main.getenv('HOME')",
    "SELECT system.main.getenv('HOME')",
    "SELECT 'HOME'.getenv()",
    "SELECT list_transform(['HOME'], lambda x: getenv(x))",
    "SELECT [getenv(x) FOR x IN ['HOME']]",
    "SELECT sum(1) FILTER (WHERE getenv('x') IS NULL)",
    "SELECT sum(votes) OVER (ORDER BY getenv('x')) FROM votes_by_window",
    "SELECT 1 ORDER BY getenv('x')",
    "SELECT 1 LIMIT (SELECT length(getenv('x')))",
    "SELECT CASE WHEN getenv('x') IS NULL THEN 1 END",
    "SELECT * REPLACE (getenv('x') AS share) FROM results",
    "SELECT COLUMNS(lambda c: getenv(c) IS NULL) FROM results",
    "SELECT 1 FROM results JOIN candidates ON getenv('x') IS NULL",
    "SELECT 1 GROUP BY getenv('x')",
    "SELECT 1 HAVING getenv('x') IS NULL",
    "SELECT 1 QUALIFY getenv('x') IS NULL",
    "VALUES (getenv('x'))",
    "SELECT * FROM range(length(getenv('x')))",
    "SELECT 1 UNION SELECT length(getenv('x'))",
    "SELECT DISTINCT ON (getenv('x')) 1",
    "SELECT 1 WHERE EXISTS (SELECT getenv('x'))",
    "SELECT list_aggregate([1], getenv('x'))",
    "SELECT list_aggregate([1], 'reservoir_quantile', 0.5)",
    "SELECT array_aggregate([1], candidate_id) FROM results",
    "SELECT age(TIMESTAMP '2020-01-01')",
    "SELECT current_user",
    "SELECT now()",
    "SELECT * FROM results USING SAMPLE 1",
    "SELECT * FROM results TABLESAMPLE 10%",
    "SELECT 1::JSON",
    "SELECT [1]::JSON[]",
    "SELECT {'a': 1}::STRUCT(a JSON)",
    "SELECT 1::VARIANT",
    "SELECT lag(votes, -9223372036854775808) OVER () FROM votes_by_window",
    "SELECT lag(votes, votes) OVER () FROM votes_by_window",
    "SELECT 'a' ILIKE repeat('%a', 30000)",
    "SELECT 'a' ILIKE $long",
    "SELECT 'a' LIKE '%' ESCAPE '$'",
    "SELECT 'a' GLOB repeat('*a', 30000)",
    "PIVOT results ON candidate_id USING sum(total_votes)",
    "FROM (PIVOT results ON candidate_id USING sum(total_votes))",
  ]);
  for (const [sql, refusal] of through) assert.ok(refusal, sql);
});

Deno.test("what analysts write is let through", async () => {
  const through = await refusalsOf([
    "FROM results",
    "TABLE results",
    'SELECT "at" FROM main.lead_changes',
    "WITH a AS (FROM results), b AS (FROM a) SELECT * FROM a JOIN b USING (candidate_id)",
    "WITH results AS (FROM results) FROM results",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) FROM t",
    "SELECT * FROM results WHERE candidate_name ILIKE '%a%' AND total_votes BETWEEN $x AND 10",
    "SELECT * FROM results WHERE candidate_name ILIKE $x",
    "FROM results PIVOT (sum(total_votes) FOR party_affiliation IN ('A', 'B'))",
    "UNPIVOT results ON total_votes, share INTO NAME what VALUE much",
    "SELECT lag(votes, 2, 0) OVER w FROM votes_by_window WINDOW w AS (PARTITION BY state ORDER BY window_start)",
    "SELECT date_trunc('hour', window_start) + INTERVAL 1 DAY, count(*) FROM votes_by_window GROUP BY ALL ORDER BY ALL",
    "SELECT * EXCLUDE (photo_url) FROM candidates ORDER BY 1 LIMIT 10% OFFSET 1",
    "SELECT [x * 2 FOR x IN [1, 2] IF x > 1], {'a': 1}.a, MAP {'k': 1}['k']",
    "SELECT state, sum(votes) FILTER (gender = 'female') / sum(votes) FROM votes_by_window GROUP BY CUBE (state)",
    "SELECT window_start AT TIME ZONE 'Europe/London' FROM votes_by_window",
    "SELECT try_cast('x' AS INTEGER), 1::DECIMAL(10, 2), TIMESTAMP '2026-05-07 10:00:00'",
    "SELECT a.* FROM results a ASOF JOIN results b ON a.total_votes >= b.total_votes",
    "SELECT list_aggregate([1, 2], 'sum'), age(window_end, window_start) FROM votes_by_window",
    "DESCRIBE results",
    "SUMMARIZE votes_by_window",
    "SELECT '((((' || repeat('x', 3) -- ((((\n/* (((( */",
  ]);
  for (const [sql, refusal] of through) assert.equal(refusal, null, sql);
});

Deno.test("parameters have names, are given, and are all used", async () => {
  using engine = await openLocked([], []);
  const refusalOf = async (sql: string, ...names: string[]) =>
    refusalOfTree(await engine.parse(sql), {
      tables: TABLE_NAMES,
      parameters: new Map(names.map((name) => [name, "1"])),
    });
  assert.equal(await refusalOf("SELECT $a + $b", "a", "b"), null);
  assert.match((await refusalOf("SELECT $a + $b", "a"))!, /\$b is not given/);
  assert.match((await refusalOf("SELECT $a", "a", "b"))!, /no \$b/);
  assert.match((await refusalOf("SELECT ?, $1"))!, /have names/);
  assert.match((await refusalOf("SELECT $X, 'a' ILIKE $x", "X", "x"))!, /capitals/);
  assert.equal(await refusalOf("SELECT $\u00c9 || $\u00e9", "\u00c9", "\u00e9"), null);
});

Deno.test("a text is measured before any parser sees it", () => {
  assert.match(refusalOfText(`SELECT '${"é".repeat(MAX_SQL_BYTES / 2)}'`)!, /longer/);
  assert.match(refusalOfText(`SELECT ${"(".repeat(51)}1${")".repeat(51)}`)!, /deeper/);
  assert.match(refusalOfText("SELECT '\0'")!, /U\+0000/);
  assert.match(refusalOfText("SELECT '\ud800'")!, /Unicode/);
  const deep = "(".repeat(51) + "1" + ")".repeat(51);
  for (
    const hiding of [
      `SELECT E'\\'' || ${deep}`,
      `SELECT 1e'\\' ', ${deep}`,
      `SELECT E'a' -- '\n '\\' ', ${deep}`,
      `SELECT a1e'\\', ${deep}`,
      `/* /* */ ' */ SELECT ${deep}`,
      `SELECT 1 AS x$$, ${deep}`,
      `SELECT $é$ ' $é$, ${deep}`,
      `SELECT 1 -- '\r, ${deep}`,
    ]
  ) assert.match(refusalOfText(hiding) ?? "", /deeper/, hiding);
  for (
    const hidden of [`'${deep}'`, `E'\\'${deep}'`, `"${deep}"`, `$é$ ${deep} $é$`, `1 /* /* */ ${deep} */`]
  ) assert.equal(refusalOfText(`SELECT ${hidden}`), null, hidden);
  for (const unterminated of ["'", '"', "/*", "--", "$a$", "$$"]) {
    assert.equal(refusalOfText(`SELECT ${unterminated}${"(".repeat(99)}`), null, unterminated);
  }
});

Deno.test("every function that is allowed is one of this engine's", async () => {
  const known = new Set<unknown>();
  const duckDb = await sharedDuckDb();
  for await (
    const [name] of duckDb.query("SELECT DISTINCT lower(function_name) FROM duckdb_functions()", {})
  ) {
    known.add(name);
  }
  // Parts of the grammar, which the parser makes a call of or something else.
  const grammar = ["coalesce", "grouping", "ifnull", "unnest", "count_star", "row", "list_apply"];
  const unknown = [...FUNCTIONS, ...PATTERN_FUNCTIONS, ...TABLE_FUNCTIONS]
    .filter((name) => !known.has(name) && !grammar.includes(name));
  assert.deepEqual(unknown, []);
});
