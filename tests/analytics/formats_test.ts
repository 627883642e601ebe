/** The same query gives the same rows in every format, as readers find them that share no code with us. @module */
import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Decimal, tableFromIPC, type Vector } from "apache-arrow";
import { parse } from "csv-parse/sync";
import { type Format, FORMATS, MAX_BYTES, type Question } from "../../analytics/query.ts";
import { type Asked, openAsked } from "./sandboxes.ts";

/** Texts that some reader or other stumbles over. */
const TEXTS = [
  "",
  " ",
  "a,b;c\td",
  'say "so"',
  "two\r\nlines\n",
  "NULL",
  "\\N",
  "007",
  "</script><svg onload=alert(1)>&amp;",
  "naïve 👩‍🚀 \u2028\u202e \ufeff",
  "'quoted'",
];
/** What a spreadsheet would take for a formula. */
const FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\0=1", "\uff1d1"];

/** SQL for a text: what the gate takes no control character for is made by chr(). */
const literal = (text: string) =>
  text === ""
    ? "''"
    // deno-lint-ignore no-control-regex
    : text.split(/([\0-\x1f\ufeff])/).filter(Boolean).map((part) =>
      part.length === 1 && (part < " " || part === "\ufeff")
        ? `chr(${part.charCodeAt(0)})`
        : `'${part.replaceAll("'", "''")}'`
    ).join(" || ");

/** Columns as SQL, with their values of two rows; the third has none. */
const COLUMNS: Record<string, readonly [type: string, first: string, second: string]> = {
  tiny: ["TINYINT", "-128", "127"],
  whole: ["INTEGER", "-2147483648", "2147483647"],
  big: ["BIGINT", "9007199254740993", "-9223372036854775808"],
  safe: ["BIGINT", "9007199254740991", "-9007199254740991"],
  unsigned: ["UBIGINT", "18446744073709551615", "0"],
  huge: ["HUGEINT", "99999999999999999999999999999999999999", "-1"],
  money: ["DECIMAL(20,3)", "12345678901234567.891", "-0.010"],
  tenth: ["DOUBLE", "0.1", "-1e300"],
  moment: ["TIMESTAMP", "2026-05-07 10:00:00.123456", "1969-12-31 23:59:59.999999"],
  zoned: ["TIMESTAMPTZ", "2026-05-07 10:00:00.5+00", "0001-01-01 00:00:00+00"],
  day: ["DATE", "2026-05-07", "1582-10-15"],
  yes: ["BOOLEAN", "true", "false"],
  list: ["INTEGER[]", "[1, NULL, 3]", "[]"],
  nested: [
    "STRUCT(a BIGINT, b VARCHAR[])",
    "{'a': 9007199254740993, 'b': ['x', NULL]}",
    "{'a': NULL, 'b': []}",
  ],
  bytes: ["BLOB", "\\x00\\xFF", "a"],
};
const SQL = `
  SELECT * FROM (VALUES ${
  [1, 2].map((row) =>
    `(${
      Object.values(COLUMNS).map((column) =>
        `CAST('${String(column[row]).replaceAll("'", "''")}' AS ${column[0]})`
      )
    })`
  )
}, (${Object.keys(COLUMNS).map(() => "NULL")})) AS t(${Object.keys(COLUMNS)})`;

/** What every format holds, as JSON has it. */
const EXPECTED = [
  [
    -128,
    -2147483648,
    "9007199254740993",
    9007199254740991,
    "18446744073709551615",
    "99999999999999999999999999999999999999",
    "12345678901234567.891",
    0.1,
    "2026-05-07T10:00:00.123456Z",
    "2026-05-07T10:00:00.500Z",
    "2026-05-07",
    true,
    [1, null, 3],
    { a: "9007199254740993", b: ["x", null] },
    "AP8=",
  ],
  [
    127,
    2147483647,
    "-9223372036854775808",
    -9007199254740991,
    0,
    -1,
    -0.01,
    -1e300,
    "1969-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00.000Z",
    "1582-10-15",
    false,
    [],
    { a: null, b: [] },
    "YQ==",
  ],
  Object.keys(COLUMNS).map(() => null),
];

async function bodyOf(
  { ask }: Asked,
  sql: string,
  rest: Partial<Question>,
): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await ask(sql, rest);
  assert.ok("body" in answer, JSON.stringify(answer));
  return answer.body;
}

const textOf = (body: Uint8Array) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);

/** Rows of a Parquet file, by DuckDB, as it writes the values. */
async function readParquet(body: Uint8Array, select = "*"): Promise<unknown[][]> {
  const path = await Deno.makeTempFile({ suffix: ".parquet" });
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await Deno.writeFile(path, body);
    await connection.run("SET TimeZone = 'UTC'");
    return await (await connection.run(`SELECT ${select} FROM read_parquet('${path}')`)).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
    await Deno.remove(path);
  }
}

Deno.test("integers, decimals, times, lists and nulls are the same in every format", async () => {
  await using asked = await openAsked();
  const json = JSON.parse(textOf(await bodyOf(asked, SQL, { format: "json", shape: "arrays" })));
  assert.deepEqual(json.rows, EXPECTED);
  assert.deepEqual(json.columns.map(({ name }: { name: string }) => name), Object.keys(COLUMNS));

  const lines = textOf(await bodyOf(asked, SQL, { format: "ndjson", shape: "objects" })).trimEnd().split(
    "\n",
  );
  assert.deepEqual(lines.map((line) => Object.values(JSON.parse(line))), EXPECTED);

  const [header, ...rows] = parse(textOf(await bodyOf(asked, SQL, { format: "csv" }))) as string[][];
  assert.deepEqual(header, Object.keys(COLUMNS));
  assert.deepEqual(
    rows.map((row) => row.map((text, i) => readCsv(text, i))),
    EXPECTED.map((row) => row.map((value, i) => value === null ? "" : digits(value, i))),
  );

  const casts = Object.entries(COLUMNS).map(([name, [type]]) => `CAST(${name} AS ${type})::VARCHAR`);
  const written = await readParquet(await bodyOf(asked, SQL, { format: "parquet" }), casts.join());
  const direct = await readDirect(casts.join());
  assert.deepEqual(written, direct);

  const table = tableFromIPC(await bodyOf(asked, SQL, { format: "arrow" }));
  assert.deepEqual(table.schema.fields.map(({ name }) => name), Object.keys(COLUMNS));
  assert.deepEqual(
    table.schema.fields.map(({ type }) => String(type)).join(),
    "Int8,Int32,Int64,Int64,Uint64,Decimal[38e0],Decimal[20e+3],Float64,Timestamp<MICROSECOND>," +
      "Timestamp<MICROSECOND, UTC>,Date32<DAY>,Bool,List<Int32>,Struct<{a:Int64, b:List<Utf8>}>,Binary",
  );
});

/** What DuckDB itself makes of the same query, in the words in which the Parquet file is read back. */
async function readDirect(select: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const rows = await (await connection.run(`SELECT ${select} FROM (${SQL})`)).getRows();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const isNested = (i: number) => ["list", "nested"].includes(Object.keys(COLUMNS)[i]);
const readCsv = (text: string, i: number) => isNested(i) && text !== "" ? JSON.parse(text) : text;
/** A value as CSV has it: decimals with all their digits. */
const digits = (value: unknown, i: number) =>
  isNested(i) ? value : Object.keys(COLUMNS)[i] === "money" && value === -0.01 ? "-0.010" : String(value);

/** The values of an Arrow column, whole numbers and decimals as bigints; times as what is stored. */
function stored(vector: Vector): (bigint | null)[] {
  const { values, length, type } = vector.data[0];
  return Array.from({ length }, (_, row) => {
    if (vector.get(row) === null) return null;
    if (!String(type).startsWith("Decimal")) return BigInt(values[row]);
    const words = new BigUint64Array(values.buffer, values.byteOffset + row * 16, 2);
    assert.equal((type as Decimal).bitWidth, 128);
    return BigInt.asIntN(128, words[0] | words[1] << 64n);
  });
}

Deno.test("an Arrow reader finds every digit, every microsecond and every null", async () => {
  await using asked = await openAsked();
  const table = tableFromIPC(await bodyOf(asked, SQL, { format: "arrow" }));
  const column = (name: string) => stored(table.getChild(name)!);
  assert.deepEqual(column("big"), [9007199254740993n, -(2n ** 63n), null]);
  assert.deepEqual(column("unsigned"), [2n ** 64n - 1n, 0n, null]);
  assert.deepEqual(column("huge"), [10n ** 38n - 1n, -1n, null]);
  assert.deepEqual(column("money"), [12345678901234567891n, -10n, null]);
  const micros = (iso: string, rest: bigint) => BigInt(Date.parse(iso)) * 1000n + rest;
  assert.deepEqual(column("moment"), [micros("2026-05-07T10:00:00.123Z", 456n), -1n, null]);
  assert.deepEqual(column("zoned"), [
    micros("2026-05-07T10:00:00.500Z", 0n),
    micros("0001-01-01T00:00:00Z", 0n),
    null,
  ]);
  assert.deepEqual(column("day"), [
    BigInt(Date.parse("2026-05-07") / 86_400_000),
    BigInt(Date.parse("1582-10-15") / 86_400_000),
    null,
  ]);
  const values = (name: string) => [...table.getChild(name)!];
  assert.deepEqual(values("tenth"), [0.1, -1e300, null]);
  assert.deepEqual(values("yes"), [true, false, null]);
  assert.deepEqual(values("list").map((list) => list && [...list]), [[1, null, 3], [], null]);
  const nested = values("nested").map((row) => row && { a: row.a, b: row.b && [...row.b] });
  assert.deepEqual(nested, [{ a: 9007199254740993n, b: ["x", null] }, { a: null, b: [] }, null]);
  assert.deepEqual(values("bytes").map((bytes) => bytes && [...bytes]), [[0, 255], [97], null]);
});

Deno.test("awkward texts come out as they are, but for formulas in CSV", async () => {
  await using asked = await openAsked();
  const texts = [...TEXTS, ...FORMULAS];
  const sql = `SELECT * FROM (VALUES ${
    texts.map((text, i) => `(${i}, ${literal(text)})`)
  }) AS t(i, text) ORDER BY i`;
  const read: Record<Format, (body: Uint8Array<ArrayBuffer>) => unknown[] | Promise<unknown[]>> = {
    json: (body) => JSON.parse(textOf(body)).rows.map(([, text]: string[]) => text),
    ndjson: (body) => textOf(body).trimEnd().split("\n").map((line) => JSON.parse(line)[1]),
    csv: (body) => (parse(textOf(body)) as string[][]).slice(1).map(([, text]) => text),
    arrow: (body) => [...tableFromIPC(body).getChild("text")!],
    parquet: async (body) => (await readParquet(body)).map(([, text]) => text),
  };
  for (const format of FORMATS) {
    const found = await read[format](await bodyOf(asked, sql, { format }));
    const expected = format === "csv" ? [...TEXTS, ...FORMULAS.map((text) => `'${text}`)] : texts;
    assert.deepEqual(found, expected, format);
  }
});

Deno.test("an answer without rows, and one with two columns of a name, are read in every format", async () => {
  await using asked = await openAsked();
  const none = "SELECT total_votes, [1] AS l FROM results WHERE false";
  const twice = "SELECT 1 AS a, 2 AS a";
  const body = (sql: string, format: Format) => bodyOf(asked, sql, { format, shape: "objects" });
  assert.deepEqual(JSON.parse(textOf(await body(none, "json"))).rows, []);
  assert.equal(textOf(await body(none, "ndjson")), "");
  assert.equal(textOf(await body(none, "csv")), "total_votes,l\r\n");
  assert.equal(tableFromIPC(await body(none, "arrow")).schema.fields.length, 2);
  assert.deepEqual(await readParquet(await body(none, "parquet")), []);
  const { columns, rows: [row] } = JSON.parse(textOf(await body(twice, "json")));
  const names = columns.map(({ name }: { name: string }) => name);
  assert.equal(new Set(names).size, 2);
  assert.deepEqual(row, Object.fromEntries(names.map((name: string, i: number) => [name, i + 1])));
  assert.equal(textOf(await body(twice, "csv")).split("\r\n")[0], names.join());
  assert.deepEqual(tableFromIPC(await body(twice, "arrow")).schema.fields.map(({ name }) => name), names);
  assert.deepEqual(await readParquet(await body(twice, "parquet")), [[1, 2]]);
});

Deno.test("columns of one name get others, whatever the others are called", async () => {
  await using asked = await openAsked();
  const namesOf = async (sql: string) => {
    const json = JSON.parse(textOf(await bodyOf(asked, sql, { format: "json", shape: "objects" })));
    const names: string[] = json.columns.map(({ name }: { name: string }) => name);
    assert.deepEqual(Object.keys(json.rows[0]), names);
    for (const format of ["arrow", "parquet"] as const) await bodyOf(asked, sql, { format });
    return names;
  };
  assert.deepEqual(await namesOf('SELECT 1 AS a, 2 AS a, 3 AS "a:1"'), ["a", "a:2", "a:1"]);
  assert.deepEqual(await namesOf("SELECT 1 AS constructor, 2 AS constructor"), [
    "constructor",
    "constructor:1",
  ]);
  assert.deepEqual(await namesOf('SELECT 1 AS "__proto__", 2 AS "__proto__", 3 AS a, 4 AS a, 5 AS a'), [
    "__proto__",
    "__proto__:1",
    "a",
    "a:1",
    "a:2",
  ]);
});

Deno.test("a field that the library would lose is refused", async () => {
  await using asked = await openAsked();
  for (
    const sql of [
      "SELECT {'__proto__': 1} AS s",
      "SELECT [{'a': {'__proto__': {'b': 2}}}] AS s",
      "SELECT map(['a'], [{'__proto__': 1}]) AS s",
      "SELECT row(1, 2)",
      "SELECT [(1, 'x')]",
    ]
  ) {
    const said = await asked.ask(sql);
    assert.match("detail" in said ? said.detail : "", /__proto__/, sql);
  }
  assert.deepEqual(await asked.rows("SELECT {'constructor': 1, 'toString': 2}, map(['__proto__'], [1])"), [
    [{ constructor: 1, toString: 2 }, [{ key: "__proto__", value: 1 }]],
  ]);
});

Deno.test("times that no Date holds are told to the microsecond, and infinity is none of them", async () => {
  await using asked = await openAsked();
  assert.deepEqual(
    await asked.rows(`
      SELECT 'infinity'::TIMESTAMP, '-infinity'::TIMESTAMP, 'infinity'::DATE, '-infinity'::DATE,
             '294247-01-10 04:00:54.775806'::TIMESTAMP, '275760-09-13 00:00:00'::TIMESTAMP,
             '275760-09-13 00:00:00.000001'::TIMESTAMP, '290309-12-22 (BC) 00:00:00'::TIMESTAMP,
             '5881580-07-10'::DATE, '5877642-06-25 (BC)'::DATE, '12026-05-07'::DATE`),
    [[
      "infinity",
      "-infinity",
      "infinity",
      "-infinity",
      "+294247-01-10T04:00:54.775806Z",
      "+275760-09-13T00:00:00.000Z",
      "+275760-09-13T00:00:00.000001Z",
      "-290308-12-22T00:00:00.000Z",
      "+5881580-07-10",
      "-5877641-06-25",
      "+012026-05-07",
    ]],
  );
});

Deno.test("columns that take too much room by their names or types are refused in every format", async () => {
  await using asked = await openAsked();
  const wide = (n: number) => `SELECT ${Array(n).fill("t.*").join()} FROM`;
  const long = [
    `${wide(50)} (SELECT 1 AS "${"x".repeat(16_000)}") t`,
    `${wide(10)} (SELECT 1 AS "${"\u7968".repeat(4_000)}") t`,
    `${wide(50)} (SELECT {'${"x".repeat(16_000)}': 1} AS s) t`,
  ];
  for (const format of FORMATS) {
    for (const sql of long) {
      const said = await asked.ask(sql, { format });
      assert.equal("refused" in said && said.refused, "sql_error", format);
      assert.match(
        "detail" in said ? said.detail : "",
        /names and types are too long/,
        `${format} ${sql.slice(-60)}`,
      );
    }
    await bodyOf(asked, `${wide(100)} results t`, { format });
  }
});

Deno.test("room is taken by bytes, and by what stands for nothing in a struct", async () => {
  await using asked = await openAsked();
  const fields = Array.from({ length: 300 }, (_, i) => `f${i} BIGINT`).join();
  for (const format of ["arrow", "parquet"] as const) {
    for (
      const sql of [
        "SELECT repeat('\u7968', 1000) || range AS text FROM range(5000)",
        `SELECT NULL::STRUCT(${fields}) AS s FROM range(10000)`,
        "SELECT range::HUGEINT AS a, range::DECIMAL(38, 0) AS b, range::DECIMAL(38, 0) AS c FROM range(10000)",
      ]
    ) {
      const full = await asked.ask(sql, { format });
      assert.ok("body" in full, JSON.stringify(full));
      assert.ok(full.body.length <= 1.5 * MAX_BYTES, `${format} ${full.body.length} ${sql.slice(0, 40)}`);
    }
  }
});

Deno.test("rows beyond the limits are left out, and the answer says so", async () => {
  await using asked = await openAsked();
  const wide = "SELECT repeat('é', 1000) AS text FROM range(5000)";
  for (const format of FORMATS) {
    const few = await asked.ask("SELECT * FROM range(100)", { format, limit: 100 });
    assert.ok("body" in few && !few.truncated && few.rowCount === 100, format);
    const many = await asked.ask("SELECT * FROM range(100)", { format, limit: 99 });
    assert.ok("body" in many && many.truncated && many.rowCount === 99, format);
    const full = await asked.ask(wide, { format });
    assert.ok("body" in full && full.truncated && full.rowCount > 100, format);
    assert.ok(full.body.length <= (format === "arrow" ? 2 : 1) * MAX_BYTES, format);
  }
});
