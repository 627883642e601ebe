/**
 * `GET` and `POST /api/v1/sql`: a question of one's own in SQL, answered in the format that a suffix or Accept names.
 * @module
 */
import type { Context, Handler, Hono } from "hono";
import { accepts } from "hono/accepts";
import { cors } from "hono/cors";
import { z } from "zod";
import type { AsOf } from "../analytics/as_of.ts";
import { type Format, FORMATS, MAX_ROWS, type Question, SHAPES } from "../analytics/query.ts";
import { MAX_PARAMETERS } from "../islands/sql_question.ts";
import { readInput } from "../pipeline/schemas.ts";
import { asOfParameter } from "./as_of.ts";
import { readForm, readJson, readText } from "./body.ts";
import { problem } from "./problem.ts";
import { invalidParameters, unknownNames } from "./query.ts";
import { ofKind } from "./shown.ts";
import type { SqlAccess } from "./sql_access.ts";
import { ANSWER_HEADERS, answerQuestion, MEDIA_TYPES, type SqlAnswerDeps } from "./sql_answer.ts";

/** What answers questions of one's own, and whom. */
export interface SqlDeps extends SqlAnswerDeps {
  readonly access: SqlAccess;
}

/** How the rows are to be, by parameter; each is a string, as addresses have them. */
const parameters = {
  query: z.string("is required: a SELECT"),
  limit: z.string().refine(
    (text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= MAX_ROWS,
    `must be a whole number from 1 to ${MAX_ROWS}`,
  ).transform(Number).default(MAX_ROWS),
  shape: z.enum(SHAPES, `must be one of ${SHAPES.join(", ")}`).default("objects"),
  as_of: asOfParameter.optional(),
};
const KNOWN = Object.keys(parameters);
/** What stands for a `$name`. */
const FILLING = /^param_([A-Za-z_]\w{0,62})$/;
/** A body that holds a query as long as any, percent-encoded. */
const BODY_BYTES = 128 * 1024;

/** Name and text of everything that was said, in the address or the body. */
type Fields = readonly (readonly [name: string, text: string])[];

/** Mounts the route, without a suffix and with one. */
export function mountSql(app: Hono, deps: SqlDeps): void {
  for (const path of ["/api/v1/sql", "/api/v1/:sql{sql\\.[a-z]+}"]) {
    app.use(
      path,
      cors({
        origin: "*",
        allowMethods: ["GET", "HEAD", "POST"],
        allowHeaders: ["Authorization", "Content-Type", "If-None-Match"],
        exposeHeaders: ANSWER_HEADERS,
      }),
    );
    app.get(path, ofKind("api"), getSql(deps));
    app.post(path, ofKind("api"), postSql(deps));
  }
}

/** Answers a question in the address. */
function getSql(deps: SqlDeps): Handler {
  return (c) => deps.access.refused(c) ?? answerFields(c, deps, inAddress(c));
}

/** Answers a question whose parts are in the address, the body, or both. */
function postSql(deps: SqlDeps): Handler {
  return async (c) => {
    const refused = deps.access.refused(c);
    if (refused !== null) return refused;
    const read = await readFields(c);
    return "refused" in read ? read.refused : await answerFields(c, deps, [...inAddress(c), ...read.fields]);
  };
}

const inAddress = (c: Context): Fields => [...new URL(c.req.url).searchParams];

/** What a body says: a form's fields, the members of a JSON object, or nothing but the query. */
async function readFields(
  c: Context,
): Promise<{ readonly fields: Fields } | { readonly refused: Response }> {
  const limits = { bytes: BODY_BYTES };
  switch (c.req.header("Content-Type")?.split(";")[0].trim().toLowerCase()) {
    case "application/x-www-form-urlencoded": {
      const read = await readForm(c, limits);
      return "refused" in read ? read : { fields: [...read.form] };
    }
    case "application/json": {
      const read = await readJson(c, limits);
      if ("refused" in read) return read;
      const members = readInput(z.record(z.string(), scalar), read.json);
      if ("errors" in members) return { refused: invalidParameters(c, members.errors) };
      return { fields: Object.entries(members.value) };
    }
    case "application/sql":
    case "text/plain":
    case undefined: {
      const read = await readText(c, limits);
      if ("refused" in read) return read;
      return { fields: read.text === "" ? [] : [["query", read.text]] };
    }
    default: {
      const detail = "The body must be SQL, a form's fields or JSON, and say so by its Content-Type.";
      const types = "application/sql, text/plain, application/x-www-form-urlencoded, application/json";
      return { refused: problem(c, "unsupported_media_type", detail, { "Accept": types }) };
    }
  }
}

const scalar = z.union([z.string(), z.number(), z.boolean()], "must be a text, a number or a boolean")
  .transform(String);

async function answerFields(
  c: Context,
  deps: SqlDeps,
  fields: Fields,
): Promise<Response> {
  const suffix = c.req.param("sql")?.slice("sql.".length);
  const format = suffix === undefined ? accepted(c) : FORMATS.find((format) => format === suffix);
  if (format === undefined) {
    return problem(c, "not_found", `There is no such format: the suffixes are ${FORMATS.join(", ")}.`);
  }
  const read = readQuestion(c, fields);
  if ("refused" in read) return read.refused;
  const { asOf, ...question } = read;
  const answer = await answerQuestion(c, deps, { ...question, format }, asOf);
  if (suffix === undefined) answer.headers.append("Vary", "Accept");
  return answer;
}

function readQuestion(
  c: Context,
  fields: Fields,
): (Omit<Question, "format"> & { readonly asOf: AsOf | undefined }) | { readonly refused: Response } {
  const names = fields.map(([name]) => name);
  const unknown = names.filter((name) => !KNOWN.includes(name) && !FILLING.test(name));
  const refused = unknownNames(c, unknown, [...KNOWN, "param_NAME"]);
  if (refused !== null) return { refused };
  const filling = fields.filter(([name]) => FILLING.test(name));
  if (filling.length > MAX_PARAMETERS) {
    const message = `may be given ${MAX_PARAMETERS} times at most`;
    return { refused: invalidParameters(c, [{ path: "param_NAME", message }]) };
  }
  const met = new Set<string>();
  const twice = new Set(names.filter((name) => met.size === met.add(name).size));
  if (twice.size > 0) {
    const errors = [...twice].map((path) => ({ path, message: "must be given once" }));
    return { refused: invalidParameters(c, errors) };
  }
  const said = fields.filter(([name]) => KNOWN.includes(name));
  const read = readInput(z.object(parameters), Object.fromEntries(said));
  if ("errors" in read) return { refused: invalidParameters(c, read.errors) };
  const { query, limit, shape, as_of } = read.value;
  return {
    sql: query,
    parameters: Object.fromEntries(filling.map(([name, text]) => [FILLING.exec(name)![1], { text }])),
    limit,
    shape,
    asOf: as_of,
  };
}

/** The first format that the client would rather have; JSON where it names none that there is. */
function accepted(c: Context): Format {
  const types = FORMATS.map((format) => MEDIA_TYPES[format].split(";")[0]);
  const type = accepts(c, { header: "Accept", supports: types, default: types[0] });
  return FORMATS[types.indexOf(type)];
}
