/**
 * `GET /sql`, `POST /sql`: the SQL console, complete without JavaScript: a form, and the rows that were asked for.
 * @module
 */
import type { Context, Handler } from "hono";
import { type NamedQuery, parametersOf } from "../analytics/named_queries.ts";
import { AS_OF_FORM, parseAsOf } from "../analytics/as_of.ts";
import { refusalOfLength } from "../analytics/gate.ts";
import type { Generation, KeptGenerations } from "../analytics/kept_generations.ts";
import type { QueryEngine, QueryParameter } from "../analytics/query.ts";
import { TABLES } from "../analytics/schema.ts";
import { type SqlConsoleProps, SqlConsoleView } from "../islands/sql_console_view.tsx";
import {
  namedOf,
  parameterNames,
  ROWS_SHOWN,
  type SqlAccess as WhoMayAsk,
  type SqlAnswer,
  type SqlQuestion,
  type SqlRows,
  type StartingPoint,
} from "../islands/sql_question.ts";
import type { Assets } from "./assets.ts";
import type { SqlAccess } from "./sql_access.ts";
import { readForm } from "./body.ts";
import { liveDataOf, type Told } from "./live_page.tsx";
import { IslandData, renderPage } from "./page_shell.tsx";

/** What the console asks, and whom it lets ask. */
export interface SqlPageDeps {
  readonly told: Told;
  readonly engine: QueryEngine;
  readonly newest: () => Generation | null;
  readonly past: Pick<KeptGenerations, "at" | "kept">;
  readonly namedQueries: readonly NamedQuery[];
  readonly access: SqlAccess;
}

const FIRST_QUERY = `SELECT candidate_name, party_affiliation, total_votes, share
FROM results
ORDER BY total_votes DESC`;
/** How many snapshots are offered to go back to. */
const KEPT_OFFERED = 50;
/** At most as many values are shown, whatever the rows. */
const CELLS_SHOWN = 20_000;
/** A form with a query as long as any, percent-encoded. */
const FORM_BYTES = 128 * 1024;

/** Answers with the console: `query=` or `name=`, `param_NAME=` and `as_of=` are asked at once. */
export function getSqlPage(deps: SqlPageDeps, assets: Assets): Handler {
  return (c) => answerPage(c, deps, assets, new URL(c.req.url).searchParams, null);
}

/** The same for the form of those who need a token, which has no place in an address. */
export function postSqlPage(deps: SqlPageDeps, assets: Assets): Handler {
  return async (c) => {
    const read = await readForm(c, { bytes: FORM_BYTES });
    if ("refused" in read) return read.refused;
    return await answerPage(c, deps, assets, read.form, read.form.get("token"));
  };
}

async function answerPage(
  c: Context,
  deps: SqlPageDeps,
  assets: Assets,
  given: URLSearchParams,
  token: string | null,
): Promise<Response> {
  const from = deps.namedQueries.find(({ name }) => name === given.get("name")) ?? null;
  // Nothing is looked for in a query that is too long, as that takes the thread that counts: not even shown is it.
  const tooLong = refusalOfLength(given.get("query") ?? "");
  if (tooLong !== null) given.set("query", "");
  const question = questionOf(given, from);
  const access = deps.access.of(c);
  const asked = given.has("query") || from !== null;
  const answerTo = () => answer(c, deps, question, from, access, token);
  const kept = (await deps.past.kept()).slice(-KEPT_OFFERED).reverse();
  const props: SqlConsoleProps = {
    access,
    tables: TABLES,
    startingPoints: deps.namedQueries,
    kept: kept.map(({ version, asOf }) => ({ version, as_of: new Date(asOf).toISOString() })),
    from,
    question,
    answer: tooLong !== null ? { problem: tooLong } : asked ? await answerTo() : null,
  };
  const html = renderPage(assets, {
    title: from?.title ?? "SQL",
    shared: "/sql",
    script: "sql.js",
    heading: "Ask it anything",
    path: "/sql",
    data: liveDataOf(deps.told),
    children: (
      <>
        <div id="sql">
          <SqlConsoleView {...props} />
        </div>
        <IslandData id="sql-data" data={props} />
      </>
    ),
  });
  return c.html(html, 200, { "Cache-Control": "no-store" });
}

function questionOf(given: URLSearchParams, from: StartingPoint | null): SqlQuestion {
  const query = (given.get("query") ?? from?.sql ?? FIRST_QUERY).replaceAll("\r\n", "\n");
  const filling = [...given].filter(([name]) => name.startsWith("param_"));
  const parameters = Object.fromEntries(filling.map(([name, value]) => [name.slice("param_".length), value]));
  return { query, parameters, asOf: given.get("as_of")?.trim() ?? "" };
}

/** The answer, or why there is none; null where the token for it is still to be given. */
async function answer(
  c: Context,
  deps: SqlPageDeps,
  question: SqlQuestion,
  from: NamedQuery | null,
  access: WhoMayAsk,
  token: string | null,
): Promise<SqlAnswer | null> {
  const isNamed = namedOf(question, from) !== null;
  if (!isNamed && access === "closed") {
    return { problem: "Questions of your own are answered on this machine only, as no SQL_TOKEN is set." };
  }
  if (!isNamed && access === "token") {
    if (token === null) return null;
    const refused = deps.access.refused(c, token);
    if (refused !== null) return { problem: (await refused.json()).detail };
  }
  const point = question.asOf === "" ? undefined : parseAsOf(question.asOf);
  if (point === null) return { problem: `As of ${AS_OF_FORM}.` };
  const generation = point === undefined ? deps.newest() : await deps.past.at(point);
  if (generation === null) {
    return {
      problem: point === undefined
        ? "No snapshot has been taken yet; try again shortly."
        : "Nothing is kept at or before that.",
    };
  }
  const read = isNamed ? parametersOf(from!, filled(question)) : { parameters: adHocParameters(question) };
  if ("errors" in read) {
    return { problem: read.errors.map(({ path, message }) => `${path.slice(6)} ${message}.`).join(" ") };
  }
  const { sql } = isNamed ? from! : { sql: question.query };
  const said = await deps.engine.ask(
    generation,
    { sql, ...read, limit: ROWS_SHOWN, shape: "arrays", format: "json" },
    { id: crypto.randomUUID(), signal: c.req.raw.signal },
  );
  if ("refused" in said) return { problem: said.detail };
  return { rows: shownOf(JSON.parse(new TextDecoder().decode(said.body))) };
}

/** As many rows as there are cells for: the thread that counts draws each. */
function shownOf(rows: SqlRows): SqlRows {
  const fit = Math.max(1, Math.floor(CELLS_SHOWN / rows.columns.length));
  return rows.row_count <= fit ? rows : {
    ...rows,
    rows: rows.rows.slice(0, fit),
    row_count: fit,
    truncated: true,
  };
}

/** Parameters that were given: an empty field is none. */
function filled({ parameters }: SqlQuestion): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ""));
}

function adHocParameters(question: SqlQuestion): Record<string, QueryParameter> {
  const given = filled(question);
  return Object.fromEntries(
    parameterNames(question.query).filter((name) => Object.hasOwn(given, name)).map((
      name,
    ) => [name, { text: given[name] }]),
  );
}
