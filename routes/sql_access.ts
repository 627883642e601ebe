/**
 * Who may ask questions of their own in SQL: whoever bears SQL_TOKEN, or, where none is set, whoever is at this machine.
 * @module
 */
import type { Context } from "hono";
import { sameToken } from "../pipeline/tokens.ts";
import type { Access } from "./access.ts";
import { problem } from "./problem.ts";

/** Decides on questions of one's own; named queries are open to all. */
export interface SqlAccess {
  /** `open`: without a token; `token`: with one; `closed`: not from there. */
  of(c: Context): "open" | "token" | "closed";
  /** The answer to a request that may not ask; null where it may. `token` by default is the one that it bears. */
  refused(c: Context, token?: string | null): Response | null;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const LOOPBACK_PEER = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;

/** Makes the decision; `sqlToken` is null where none is set. */
export function createSqlAccess(sqlToken: string | null, access: Access): SqlAccess {
  return {
    of(c) {
      if (sqlToken !== null) return "token";
      return isAtThisMachine(c) ? "open" : "closed";
    },
    refused(c, token = access.bearer(c)) {
      if (sqlToken !== null) {
        return access.blocked(c) ?? (sameToken(sqlToken, token ?? "") ? null : access.unauthorized(c));
      }
      if (isAtThisMachine(c)) return null;
      return problem(c, "not_local", "Without SQL_TOKEN only this machine may ask, and not through a proxy.");
    },
  };
}

/** Not by the peer's address alone: a page elsewhere may name this machine, and a proxy may stand on it. */
function isAtThisMachine(c: Context): boolean {
  const { remoteAddr } = (c.env ?? {}) as { remoteAddr?: { hostname?: string } };
  if (!LOOPBACK_PEER.test(remoteAddr?.hostname ?? "")) return false;
  if (!LOOPBACK.test(c.req.header("Host") ?? new URL(c.req.url).host)) return false;
  return ![...c.req.raw.headers.keys()].some((name) =>
    name === "forwarded" || name.startsWith("x-forwarded-")
  );
}
