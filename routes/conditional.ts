/**
 * Conditional requests: whether the client holds the answer already.
 * @module
 */

import { createHash } from "node:crypto";

/** The weak ETag of an answer, of what in it matters. */
export function weakEtagOf(content: string): string {
  return `W/"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
}

/** If-None-Match by RFC 9110 §13.1.2. By hand, because Hono's `etag()` would hash every answer again. */
export function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = etag.replace(/^W\//, "");
  return ifNoneMatch.split(",").some((held) => {
    const tag = held.trim();
    return tag === "*" || tag.replace(/^W\//, "") === opaque;
  });
}
