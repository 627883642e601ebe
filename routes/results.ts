/**
 * `GET /api/v1/results`: the newest Results, or those of a point of the past, as JSON, revalidated by ETag.
 * @module
 */
import type { Handler } from "hono";
import type { KeptGenerations } from "../analytics/kept_generations.ts";
import { phase } from "../islands/sentence.ts";
import type { Results } from "../pipeline/results.ts";
import type { Updates } from "../pipeline/updates.ts";
import { nothingKept, readAsOf } from "./as_of.ts";
import { isHeld, weakEtagOf } from "./conditional.ts";
import { unknownParameters } from "./query.ts";

interface Representation {
  body: string;
  etag: string;
}

const representations = new WeakMap<Results, Representation>();

/** The JSON and the ETag of Results, computed once per object. */
export function represent(results: Results): Representation {
  let made = representations.get(results);
  if (!made) {
    made = { body: JSON.stringify(results), etag: etagOf(results) };
    representations.set(results, made);
  }
  return made;
}

/**
 * Weak, because `as_of` and `votes_per_second` move without anything having been counted; of the former it
 * matters whether it is before, during or after the opening hours.
 */
function etagOf(results: Results): string {
  const { as_of: _, totals: { votes_per_second: __, ...totals }, ...rest } = results;
  const content = JSON.stringify({ ...rest, totals, phase: phase(results) });
  return weakEtagOf(content);
}

/** Where the Results of the past are. */
export type PastResults = Pick<KeptGenerations, "resultsAt">;

/**
 * For a CDN in front of many who poll: it asks once in two seconds, and goes on with what it has while it asks, or
 * while nobody answers. A browser asks each time.
 */
const CACHED = "public, max-age=0, s-maxage=2, stale-while-revalidate=10, stale-if-error=86400";

/** Answers with the newest Results or those of `as_of`, or 304 where the client holds them already. */
export function getResults(updates: Updates, past: PastResults): Handler {
  return async (c) => {
    const refused = unknownParameters(c, ["as_of"]);
    if (refused !== null) return refused;
    const asked = readAsOf(c);
    if (asked instanceof Response) return asked;
    const results = asked === null ? updates.latest() : await past.resultsAt(asked);
    if (results === null) return nothingKept(c);
    const { body, etag } = represent(results);
    const headers = { "ETag": etag, "Cache-Control": CACHED };
    if (isHeld(c.req.header("If-None-Match"), etag)) return c.body(null, 304, headers);
    return c.body(body, 200, { ...headers, "Content-Type": "application/json" });
  };
}
