/**
 * The routes of SQL in the table of the API.
 * @module
 */
import { FORMATS, MAX_ROWS, SHAPES } from "../analytics/query.ts";
import { type ApiAnswer, BODY, type Operation, TOKEN } from "./api_operation.ts";
import { AS_OF } from "./as_of.ts";
import { MEDIA_TYPES } from "./sql_answer.ts";

/** How a query in SQL is answered. */
export const SQL_ANSWERS: readonly ApiAnswer[] = [
  {
    status: 200,
    description: "The rows, with an ETag; X-Truncated says whether there were more.",
    schema: "SqlAnswer",
    others: Object.values(MEDIA_TYPES).slice(1).map((type) => type.split(";")[0]),
  },
  { status: 304, description: "If-None-Match names this answer." },
];

/** Why a query in SQL that is well-formed may go unanswered. */
export const SQL_PROBLEMS = [
  "no_snapshot_yet",
  "not_kept",
  "sql_busy",
  "sql_ended",
  "sql_error",
  "sql_refused",
  "sql_too_long",
  "sql_unavailable",
] as const;

const ASKING = ["unknown_parameter", "invalid", "not_local", ...TOKEN] as const;

/** What every named query takes besides its own parameters. */
export const NAMED_QUERY_PARAMETERS = {
  limit: {
    description: `At most as many rows; by default ${MAX_ROWS}.`,
    schema: { type: "integer", minimum: 1, maximum: MAX_ROWS },
  },
  shape: {
    description: "How a row is written in JSON; by default objects.",
    schema: { type: "string", enum: SHAPES },
  },
  as_of: AS_OF,
};

const QUERY_PARAMETERS: Operation["query"] = {
  query: {
    description: "The SELECT. param_NAME=… stands for $NAME in it.",
    schema: { type: "string" },
    example: "SELECT candidate_name, total_votes FROM results",
  },
  ...NAMED_QUERY_PARAMETERS,
};

const SUFFIXED = {
  description: `One of ${FORMATS.map((format) => `sql.${format}`).join(", ")}.`,
  type: "string",
  example: "sql.csv",
} as const;

/** Every route of SQL. */
export const SQL_OPERATIONS: readonly Operation[] = [
  {
    id: "askSql",
    method: "get",
    path: "/api/v1/sql",
    tag: "SQL",
    summary: "One SELECT of one's own; the format is one that Accept names",
    bearers: ["analyst"],
    anonymous: true,
    query: QUERY_PARAMETERS,
    answers: SQL_ANSWERS,
    problems: [...ASKING, ...SQL_PROBLEMS],
  },
  {
    id: "postSql",
    method: "post",
    path: "/api/v1/sql",
    tag: "SQL",
    summary: "The same, in a body: JSON, a form's fields, or the SELECT alone as application/sql",
    bearers: ["analyst"],
    anonymous: true,
    body: { one: "SqlQuestion" },
    answers: SQL_ANSWERS,
    problems: [...BODY, ...ASKING, ...SQL_PROBLEMS],
  },
  {
    id: "askSqlAs",
    method: "get",
    path: "/api/v1/{sql}",
    tag: "SQL",
    summary: "The same, in the format of the suffix",
    bearers: ["analyst"],
    anonymous: true,
    parameters: { sql: SUFFIXED },
    query: QUERY_PARAMETERS,
    answers: SQL_ANSWERS,
    problems: ["not_found", ...ASKING, ...SQL_PROBLEMS],
  },
  {
    id: "postSqlAs",
    method: "post",
    path: "/api/v1/{sql}",
    tag: "SQL",
    summary: "The same in a body, in the format of the suffix",
    bearers: ["analyst"],
    anonymous: true,
    parameters: { sql: SUFFIXED },
    body: { one: "SqlQuestion" },
    answers: SQL_ANSWERS,
    problems: ["not_found", ...BODY, ...ASKING, ...SQL_PROBLEMS],
  },
  {
    id: "getSqlSchema",
    method: "get",
    path: "/api/v1/sql/schema",
    tag: "SQL",
    summary: "The tables and functions that SQL may use, its limits, and what confines it on this system",
    bearers: [],
    answers: [{ status: 200, description: "The schema.", schema: "SqlSchema" }],
    problems: ["unknown_parameter"],
  },
  {
    id: "listQueries",
    method: "get",
    path: "/api/v1/queries",
    tag: "SQL",
    summary: "The named queries, with their parameters and their SQL",
    bearers: [],
    answers: [{ status: 200, description: "The queries.", schema: "Queries" }],
    problems: ["unknown_parameter"],
  },
  {
    id: "runQuery",
    method: "get",
    path: "/api/v1/queries/{file}",
    tag: "SQL",
    summary: "What a named query answers, in the format of the suffix",
    bearers: [],
    parameters: {
      file: {
        description: `Its name, and one of ${FORMATS.map((format) => `.${format}`).join(", ")}.`,
        type: "string",
        example: "turnout_by_state.json",
      },
    },
    query: NAMED_QUERY_PARAMETERS,
    answers: SQL_ANSWERS,
    problems: ["not_found", "unknown_parameter", "invalid", ...SQL_PROBLEMS],
  },
];
