/**
 * An example of each route as a curl command, made of what the API's table and schemas give as examples.
 * @module
 */
import { jsonSchemaOf } from "./api_schemas.ts";
import type { Operation } from "./api_table.ts";

/** The lines that set what the examples take. */
export const CURL_VARIABLES = `TELLER=http://localhost:8000
JSON="Content-Type: application/json"
ADMIN="Authorization: Bearer $(cat data/admin_token)"
VOTER="Authorization: Bearer <her voting token>"`;

/** The example of a route. */
export function curlOf(operation: Operation): string {
  const { method, bearers, anonymous, body, answers, query = {} } = operation;
  const isStream = answers.some(({ type }) => type === "text/event-stream");
  const token = anonymous ? [] : bearers.slice(0, 1);
  const headers = [...token.map((bearer) => bearer.toUpperCase()), ...body ? ["JSON"] : []];
  const lines = [`curl ${isStream ? "-N " : ""}$TELLER${examplePathOf(operation)}`];
  if (headers.length > 0) lines.push(headers.map((header) => `-H "$${header}"`).join(" "));
  const asked = Object.entries(query).filter(([, { example }]) => example !== undefined);
  for (const [name, { example }] of asked) lines.push(`-G --data-urlencode '${name}=${example}'`);
  if (body !== undefined) {
    const json = JSON.stringify(exampleBodyOf(operation), null, 2);
    lines.push(`-d '${json.replaceAll("\n", "\n  ")}'`);
  } else if (method === "post") lines.push("-X POST");
  return lines.join(" \\\n  ");
}

/** The path with an example for each {parameter}. */
export function examplePathOf({ path, parameters = {} }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => String(parameters[name].example));
}

/** The first example of the body that the route takes; undefined where it takes none. */
export function exampleBodyOf({ body }: Operation): unknown {
  if (body?.one === undefined) return undefined;
  return (jsonSchemaOf(body.one).examples as unknown[])[0];
}
