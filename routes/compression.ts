/**
 * Compression of pages and their files, for whoever stands behind no proxy that does it.
 *
 * Nothing else is compressed: the live stream's events would be held back, and answers for programs keep their
 * length and their ETag.
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { compress } from "hono/compress";

/** Compresses what a page consists of, where its reader takes that. */
export function compression(): MiddlewareHandler {
  return compress({ encoding: "gzip", contentTypeFilter: /^text\/(html|css|javascript)\b/ });
}
