/**
 * Query parameters: a name that a route does not have is refused, as a misspelt one would silently do nothing.
 * @module
 */
import type { Context } from "hono";
import type { z } from "zod";
import { type InputError, readInput } from "../pipeline/schemas.ts";
import { problem } from "./problem.ts";

/** The answer to a request with parameters that the route does not have; null where it has them all. */
export function unknownParameters(c: Context, known: readonly string[]): Response | null {
  return unknownNames(c, Object.keys(c.req.query()).filter((name) => !known.includes(name)), known);
}

/** The answer to these unknown parameters; null where there are none. */
export function unknownNames(
  c: Context,
  unknown: readonly string[],
  known: readonly string[],
): Response | null {
  if (unknown.length === 0) return null;
  const names = unknown.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 64))).join(", ");
  const takes = known.length === 0 ? "none" : known.join(", ");
  return problem(c, "unknown_parameter", `Unknown query parameter: ${names}. This route takes ${takes}.`);
}

/** The answer to parameters that don't fit, each named. */
export function invalidParameters(c: Context, errors: readonly InputError[]): Response {
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join("; ");
  return problem(c, "invalid", `${detail}.`, {}, { errors });
}

/** The query's parameters by their schema, whose fields are strings as addresses have them; or the refusal. */
export function readQuery<Shape extends z.ZodRawShape>(
  c: Context,
  schema: z.ZodObject<Shape>,
): { readonly value: z.output<z.ZodObject<Shape>> } | { readonly refused: Response } {
  const unknown = unknownParameters(c, Object.keys(schema.shape));
  if (unknown !== null) return { refused: unknown };
  const given = c.req.queries();
  const twice = Object.keys(given).filter((name) => given[name].length > 1);
  if (twice.length > 0) {
    return { refused: invalidParameters(c, twice.map((path) => ({ path, message: "must be given once" }))) };
  }
  const read = readInput(schema, c.req.query());
  return "errors" in read ? { refused: invalidParameters(c, read.errors) } : read;
}
