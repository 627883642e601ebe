/**
 * Query parameters: a name that a route does not have is refused, as a misspelt one would silently do nothing.
 * @module
 */
import type { Context } from "hono";
import { problem } from "./problem.ts";

/** The answer to a request with parameters that the route does not have; null where it has them all. */
export function unknownParameters(c: Context, known: readonly string[]): Response | null {
  const unknown = Object.keys(c.req.query()).filter((name) => !known.includes(name));
  if (unknown.length === 0) return null;
  const names = unknown.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 64))).join(", ");
  const takes = known.length === 0 ? "none" : known.join(", ");
  return problem(c, "unknown_parameter", `Unknown query parameter: ${names}. This route takes ${takes}.`);
}
