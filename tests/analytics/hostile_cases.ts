/**
 * The corpus of hostile SQL, with what its generators make.
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
};

const ESCAPES: Record<string, string> = { r: "\r", n: "\n", t: "\t", "\\": "\\" };

/** Every case, in the corpus' order. */
export function readHostileCases(): HostileCase[] {
  const lines = Deno.readTextFileSync(new URL("hostile_sql.tsv", import.meta.url)).split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
    const [id, , verdict, payload] = line.split("\t");
    return { id, verdict, sql: unescaped(payload) };
  });
}

function unescaped(payload: string): string {
  const made = /^\{\{(\w+):(\d+)\}\}$/.exec(payload);
  if (made !== null) return GENERATORS[made[1]](Number(made[2]));
  return payload.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code, escape) => {
    return code === undefined ? ESCAPES[escape] ?? `\\${escape}` : String.fromCharCode(parseInt(code, 16));
  });
}
