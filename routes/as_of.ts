/**
 * `as_of=`: the point of the past that a request asks about.
 * @module
 */
import type { Context } from "hono";
import { z } from "zod";
import { AS_OF_FORM, type AsOf, parseAsOf } from "../analytics/as_of.ts";
import { problem } from "./problem.ts";

/** The parameter as a field of an input. */
export const asOfParameter = z.string().transform((text, input): AsOf => {
  const point = parseAsOf(text);
  if (point !== null) return point;
  input.issues.push({ code: "custom", message: AS_OF_FORM, input: text });
  return z.NEVER;
});

/** The parameter in the description of the API. */
export const AS_OF = {
  description:
    "A version, or a time: what is newest at or before it is answered. By default the newest of all.",
  schema: { type: "string" },
};

/** The point that the request names, null where it names none, or the answer to one that is none. */
export function readAsOf(c: Context): AsOf | null | Response {
  const given = c.req.queries("as_of") ?? [];
  if (given.length === 0) return null;
  const point = given.length === 1 ? parseAsOf(given[0]) : null;
  if (point !== null) return point;
  const message = given.length === 1 ? AS_OF_FORM : "must be given once";
  return problem(c, "invalid", `as_of ${message}.`, {}, { errors: [{ path: "as_of", message }] });
}

/** The answer where nothing is kept at or before the point. */
export function nothingKept(c: Context): Response {
  return problem(c, "not_kept", "Nothing is kept at or before as_of; /api/v1/snapshots lists what is.");
}

/** What is said where the past can't be looked up, because many ask about it, or it failed. */
export const PAST_IS_BUSY = {
  problem: "overloaded",
  detail: "The past can't be looked up just now; try again shortly.",
  headers: { "Retry-After": "5" },
} as const;

/** The answer in that case. */
export function pastIsBusy(c: Context): Response {
  return problem(c, PAST_IS_BUSY.problem, PAST_IS_BUSY.detail, PAST_IS_BUSY.headers);
}
