/**
 * Access: who a request comes from, and what becomes of those who guess tokens.
 * @module
 */
import type { Context } from "hono";
import { sameToken } from "../pipeline/tokens.ts";
import { createFailures } from "./failures.ts";
import { problem } from "./problem.ts";

/** What decides on access. */
export interface AccessOptions {
  readonly adminToken: string;
  /** How many proxies stand in front, whose X-Forwarded-For is believed. */
  readonly trustedProxies: number;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
}

/** Checks tokens; one for the whole application, as it counts failures by address. */
export interface Access {
  /** The answer for an address that has shown too many wrong tokens; null for any other. */
  blocked(c: Context): Response | null;
  /** The token that the request bears; null where there is none. */
  bearer(c: Context): string | null;
  isAdmin(c: Context): boolean;
  /** The answer to a wrong token, and to a right one of nobody: always the same. Counts as a failure. */
  unauthorized(c: Context): Response;
}

const UNAUTHORIZED = "The Authorization header must bear the token that belongs to what is asked.";

/** Makes the checks. */
export function createAccess({ adminToken, trustedProxies, now }: AccessOptions): Access {
  const failures = createFailures(now);
  const addressOf = (c: Context) => clientAddress(c, trustedProxies);
  const bearer = (c: Context) =>
    /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(c.req.header("Authorization") ?? "")?.[1] ?? null;
  return {
    blocked(c) {
      const restMs = failures.blockedForMs(addressOf(c));
      if (restMs <= 0) return null;
      return problem(c, "too_many_failures", "Too many wrong tokens came from this address.", {
        "Retry-After": String(Math.ceil(restMs / 1000)),
      });
    },
    bearer,
    isAdmin: (c) => sameToken(adminToken, bearer(c) ?? ""),
    unauthorized(c) {
      failures.note(addressOf(c));
      return problem(c, "unauthorized", UNAUTHORIZED, { "WWW-Authenticate": "Bearer" });
    },
  };
}

/**
 * The address a request comes from: the peer's, or what the farthest trusted proxy saw.
 * Each proxy adds the address it was asked from at the end of X-Forwarded-For; what stands before is hearsay.
 */
export function clientAddress(c: Context, trustedProxies: number): string {
  const { remoteAddr } = (c.env ?? {}) as { remoteAddr?: { hostname?: string } };
  const peer = remoteAddr?.hostname ?? "unknown";
  if (trustedProxies === 0) return peer;
  const seen = (c.req.header("X-Forwarded-For") ?? "").split(",").map((address) => address.trim());
  return seen.at(-trustedProxies)?.slice(0, 64) || peer;
}
