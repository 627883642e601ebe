/**
 * `GET /openapi.json`: the table of the API as OpenAPI 3.1.
 * @module
 */
import type { Handler } from "hono";
import type { NamedQuery } from "../analytics/named_queries.ts";
import { FORMATS, type ParameterType } from "../analytics/query.ts";
import { MAX_ITEMS } from "../pipeline/schemas.ts";
import { API_SCHEMAS, type ApiSchemaName, jsonSchemaOf } from "./api_schemas.ts";
import { type Operation, OPERATIONS, TAGS } from "./api_table.ts";
import { NAMED_QUERY_PARAMETERS, SQL_ANSWERS, SQL_PROBLEMS } from "./api_table_sql.ts";
import { statusOf } from "./problem.ts";

type Json = Record<string, unknown>;

const VERSION = "1";

/** Answers with the description, made once. */
export function getOpenApi(queries: readonly NamedQuery[]): Handler {
  const body = JSON.stringify(describeApi(queries));
  return (c) => c.body(body, 200, { "Content-Type": "application/json", "Cache-Control": "no-cache" });
}

/** The description; every answer and problem of the table is in it, and each named query at its own address. */
export function describeApi(queries: readonly NamedQuery[] = []): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  for (const query of queries) {
    paths[`/api/v1/queries/${query.name}.{format}`] = { get: describe(operationOf(query)) };
  }
  const names = Object.keys(API_SCHEMAS) as ApiSchemaName[];
  return {
    openapi: "3.1.0",
    info: {
      title: "Teller",
      version: VERSION,
      summary: "An election in real time: accreditation, votes, results.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        voter: { type: "http", scheme: "bearer", description: "The voter's own voting token." },
        admin: { type: "http", scheme: "bearer", description: "The administrator's token." },
        analyst: { type: "http", scheme: "bearer", description: "SQL_TOKEN, where one is set." },
      },
      schemas: Object.fromEntries(names.map((name) => [name, jsonSchemaOf(name)])),
    },
  };
}

const PARAMETER_SCHEMAS: Record<ParameterType, Json> = {
  text: { type: "string" },
  integer: { type: "integer" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  time: { type: "string", format: "date-time" },
};

/** A named query as a route of its own. */
function operationOf({ name, title, description, parameters }: NamedQuery): Operation {
  const own = Object.entries(parameters).map(([name, parameter]) => {
    const { type, minimum, default: standard } = parameter;
    const byDefault = standard === null ? "" : `; by default ${standard}`;
    const schema = { ...PARAMETER_SCHEMAS[type], ...minimum !== undefined && { minimum } };
    return [`param_${name}`, { description: `${parameter.description}${byDefault}.`, schema }] as const;
  });
  return {
    id: `query_${name}`,
    method: "get",
    path: `/api/v1/queries/${name}.{format}`,
    tag: "SQL",
    summary: `${title}: ${description}`,
    bearers: [],
    parameters: {
      format: { description: `One of ${FORMATS.join(", ")}.`, type: "string", example: FORMATS[0] },
    },
    query: { ...Object.fromEntries(own), ...NAMED_QUERY_PARAMETERS },
    answers: SQL_ANSWERS,
    problems: ["not_found", "unknown_parameter", "invalid", ...SQL_PROBLEMS],
  };
}

function describe(operation: Operation): Json {
  const { id, tag, summary, bearers, anonymous, parameters = {}, query = {}, body } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    security: [...(anonymous ? [{}] : []), ...bearers.map((bearer) => ({ [bearer]: [] }))],
    parameters: [
      ...Object.entries(parameters).map(([name, { description, type, example }]) => ({
        name,
        in: "path",
        required: true,
        description,
        schema: type === "integer" ? { type, minimum: 0 } : { type, minLength: 1 },
        example,
      })),
      ...Object.entries(query).map(([name, parameter]) => ({ name, in: "query", ...parameter })),
    ],
    ...body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: bodySchema(body) } },
      },
    },
    responses: { ...problemResponses(operation), ...responses(operation) },
  };
}

function bodySchema({ one, many }: NonNullable<Operation["body"]>): Json {
  const forms: Json[] = [];
  if (one !== undefined) forms.push(reference(one));
  if (many !== undefined) {
    forms.push({ type: "array", minItems: 1, maxItems: MAX_ITEMS, items: reference(many) });
  }
  return forms.length === 1 ? forms[0] : { oneOf: forms };
}

function responses({ answers }: Operation): Json {
  return Object.fromEntries(
    answers.map(({ status, description, schema, type = "application/json", others = [] }) => {
      const hasBody = schema !== undefined || type !== "application/json";
      const media = schema === undefined ? { schema: { type: "string" } } : { schema: reference(schema) };
      const inOtherTypes = Object.fromEntries(others.map((type) => [type, { schema: { type: "string" } }]));
      return [status, { description, ...hasBody && { content: { [type]: media, ...inOtherTypes } } }];
    }),
  );
}

/** One response for each status, which names the codes that may be in it. */
function problemResponses({ problems }: Operation): Json {
  const byStatus = Map.groupBy(problems, (code) => statusOf(code).status);
  return Object.fromEntries([...byStatus].map(([status, codes]) => {
    const schema = {
      allOf: [reference("Problem"), { type: "object", properties: { code: { enum: codes } } }],
    };
    return [status, {
      description: `${statusOf(codes[0]).title}: ${codes.join(", ")}.`,
      content: { "application/problem+json": { schema } },
    }];
  }));
}

function reference(name: ApiSchemaName): Json {
  return { $ref: `#/components/schemas/${name}` };
}
