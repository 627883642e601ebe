/**
 * `GET /api/v1/queries`: the named queries; `GET /api/v1/queries/NAME.FORMAT`: the answer of one.
 * @module
 */
import type { Env, Handler } from "hono";
import { z } from "zod";
import { type NamedQuery, parametersOf } from "../analytics/named_queries.ts";
import { FORMATS, MAX_ROWS, SHAPES } from "../analytics/query.ts";
import { asOfParameter } from "./as_of.ts";
import { problem } from "./problem.ts";
import { invalidParameters, readQuery } from "./query.ts";
import { answerQuestion, type SqlAnswerDeps } from "./sql_answer.ts";

/** Answers with the list. */
export function getQueries(queries: readonly NamedQuery[], baseUrl: string): Handler {
  const list = queries.map(({ name, title, description, parameters, sql }) => ({
    name,
    title,
    description,
    parameters: Object.entries(parameters).map(([name, parameter]) => ({ name, ...parameter })),
    sql,
    url: `${baseUrl}/api/v1/queries/${name}.json`,
  }));
  return (c) => {
    const read = readQuery(c, z.object({}));
    return "refused" in read ? read.refused : c.json({ queries: list }, 200, { "Cache-Control": "no-cache" });
  };
}

const rest = {
  limit: z.string().refine(
    (text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= MAX_ROWS,
    `must be a whole number from 1 to ${MAX_ROWS}`,
  ).transform(Number).optional(),
  shape: z.enum(SHAPES, `must be one of ${SHAPES.join(", ")}`).optional(),
  as_of: asOfParameter.optional(),
};

/** Answers with what a query gives; `param_NAME=` stands for its `$NAME`. */
export function getQuery(
  queries: readonly NamedQuery[],
  deps: SqlAnswerDeps,
): Handler<Env, "/api/v1/queries/:file"> {
  return async (c) => {
    const [, name, suffix] = /^([a-z][a-z0-9_]*)\.([a-z]+)$/.exec(c.req.param("file")) ?? [];
    const query = queries.find((query) => query.name === name);
    const format = FORMATS.find((format) => format === suffix);
    if (query === undefined || format === undefined) {
      const detail =
        `Nothing is at this address: /api/v1/queries lists the names, each with one of the suffixes ` +
        `${FORMATS.join(", ")}.`;
      return problem(c, "not_found", detail);
    }
    const parameters = Object.keys(query.parameters).map((name) => [`param_${name}`, z.string().optional()]);
    const read = readQuery(
      c,
      z.object({ ...rest, ...Object.fromEntries(parameters) as Record<string, z.ZodOptional> }),
    );
    if ("refused" in read) return read.refused;
    const given = Object.entries(c.req.query()).filter(([name]) => name.startsWith("param_"));
    const filled = parametersOf(
      query,
      Object.fromEntries(given.map(([name, text]) => [name.slice(6), text])),
    );
    if ("errors" in filled) return invalidParameters(c, filled.errors);
    const { limit = MAX_ROWS, shape = "objects", as_of } = read.value;
    return await answerQuestion(c, deps, { sql: query.sql, ...filled, limit, shape, format }, as_of);
  };
}
