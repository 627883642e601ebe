/**
 * `GET /api/v1/results`: the newest Results as JSON, revalidated by ETag.
 * @module
 */
import { createHash } from "node:crypto";
import type { Handler } from "hono";
import { phase } from "../islands/sentence.ts";
import type { Results } from "../pipeline/results.ts";
import type { Updates } from "../pipeline/updates.ts";
import { isHeld } from "./conditional.ts";
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
  const hash = createHash("sha256").update(content).digest("base64url");
  return `W/"${hash.slice(0, 22)}"`;
}

/** Answers with the newest Results, or 304 where the client holds them already. */
export function getResults(updates: Updates): Handler {
  return (c) => {
    const refused = unknownParameters(c, []);
    if (refused !== null) return refused;
    const { body, etag } = represent(updates.latest());
    const headers = { "ETag": etag, "Cache-Control": "no-cache" };
    if (isHeld(c.req.header("If-None-Match"), etag)) return c.body(null, 304, headers);
    return c.body(body, 200, { ...headers, "Content-Type": "application/json" });
  };
}
