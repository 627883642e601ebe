/**
 * The corpora of hostile SQL, with what their generators make.
 * @module
 */

/** A case of the corpus. */
export interface HostileCase {
  readonly id: string;
  readonly verdict: string;
  readonly sql: string;
}

const nested = (n: number, make: (inner: string) => string, core = "1") => {
  let text = core;
  for (let i = 0; i < n; i++) text = make(text);
  return text;
};
const listed = (n: number, make: (i: number) => string, separator: string) =>
  Array.from({ length: n }, (_, i) => make(i)).join(separator);
/** As nested, without a copy of everything at each step. */
const around = (n: number, before: string, core: string, after: string) =>
  before.repeat(n) + core + after.repeat(n);

/** What `{{name:number}}` stands for. */
const GENERATORS: Record<string, (n: number) => string> = {
  nestrec: (n) =>
    nested(
      n,
      (inner) => `WITH RECURSIVE t AS (${inner} UNION ALL SELECT * FROM t) SELECT * FROM t`,
      "SELECT 1",
    ),
  nestedsubq: (n) => around(n, "SELECT * FROM (", "SELECT 1", ")"),
  nots: (n) => `SELECT ${"NOT ".repeat(n)}true`,
  casenest: (n) => `SELECT ${around(n, "CASE WHEN true THEN ", "1", " END")}`,
  liststruct: (n) => `SELECT ${around(n, "[{'a':", "1", "}]")}`,
  concatchain: (n) => `SELECT ${listed(n, () => "'a'", "||")}`,
  cteschain: (n) =>
    `WITH ${
      listed(n, (i) => `c${i} AS (SELECT * FROM ${i === 0 ? "(SELECT 1)" : `c${i - 1}`})`, ",")
    } SELECT * FROM c${n - 1}`,
  sqlbytes: (n) => `SELECT '${"x".repeat(n)}'`,
  inlist: (n) => `SELECT 1 IN (${listed(n, String, ",")})`,
  widestruct: (n) => `SELECT {${listed(n, (i) => `'k${i}':${i}`, ",")}}`,
  parens: (n) => around(n, "(", "1", ")"),
  minus: (n) => `SELECT ${"- ".repeat(n)}1`,
  plus: (n) => `SELECT ${"+ ".repeat(n)}1`,
  tildes: (n) => `SELECT ${"~ ".repeat(n)}1`,
  bangs: (n) => `SELECT 1${" !".repeat(n)}`,
  casts: (n) => `SELECT 1${"::INT".repeat(n)}`,
  isnulls: (n) => `SELECT 1${" IS NULL".repeat(n)}`,
  subscripts: (n) => `SELECT [1]${"[1]".repeat(n)}`,
  listcast: (n) => `SELECT NULL::INTEGER${"[]".repeat(n)}`,
  dotpath: (n) => `SELECT ${listed(n, () => "a", ".")}`,
  ident: (n) => `SELECT 1 AS ${"x".repeat(n)}`,
  excepts: (n) => listed(n, () => "SELECT 1", " EXCEPT "),
  andchain: (n) => `SELECT ${listed(n, () => "1=1", " AND ")}`,
  columns: (n) => `SELECT ${listed(n, () => "1", ",")}`,
  aliases: (n) => `SELECT ${listed(n, () => "1 AS a", ",")}`,
  values: (n) => `VALUES ${listed(n, () => "(1)", ",")}`,
  lambdas: (n) => `SELECT ${"x -> ".repeat(n)}1`,
  collates: (n) => `SELECT 'a'${" COLLATE c".repeat(n)}`,
  naturals: (n) => `SELECT count(*) FROM results${" NATURAL JOIN results".repeat(n)}`,
  wide: (n) => listed(n, () => "t.*", ","),
  xs: (n) => "x".repeat(n),
  cube: (n) => `SELECT count(*) FROM results GROUP BY CUBE (${listed(n, (i) => `total_votes + ${i}`, ",")})`,
};

const ESCAPES: Record<string, string> = { r: "\r", n: "\n", t: "\t", "\\": "\\" };

/** Every case, in the corpora's order. */
export function readHostileCases(): HostileCase[] {
  const lines = ["hostile_sql.tsv", "hostile_sql_more.tsv"].flatMap((file) =>
    Deno.readTextFileSync(new URL(file, import.meta.url)).split("\n")
  );
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
    const [id, , verdict, payload] = line.split("\t");
    return { id, verdict, sql: unescaped(payload) };
  });
}

function unescaped(payload: string): string {
  const made = payload.replace(/\{\{(\w+):(\d+)\}\}/g, (_, name, n) => GENERATORS[name](Number(n)));
  return made.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code, escape) => {
    return code === undefined ? ESCAPES[escape] ?? `\\${escape}` : String.fromCharCode(parseInt(code, 16));
  });
}
