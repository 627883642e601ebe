/**
 * The security headers of each kind of route, in one table.
 *
 * Written by hand because Hono's `secureHeaders()` has one policy for all, whose defaults forbid what other
 * sites may do with portraits and results.
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { isForBrowser } from "./problem.ts";

/** Pages for people, answers for programs, for token bearers, pictures, the pages' own files, operators' answers. */
export type RouteKind = "page" | "api" | "private" | "portrait" | "asset" | "ops";

const NOTHING = "default-src 'none'; frame-ancestors 'none'";

const POLICIES: Record<RouteKind, { csp: string; usableBy: "same-origin" | "cross-origin" }> = {
  page: {
    csp: [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "font-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; "),
    usableBy: "same-origin",
  },
  api: { csp: NOTHING, usableBy: "cross-origin" },
  private: { csp: NOTHING, usableBy: "same-origin" },
  // An SVG opened by itself is a document: this lets it be styled, and do nothing.
  portrait: { csp: "default-src 'none'; style-src 'unsafe-inline'", usableBy: "cross-origin" },
  asset: { csp: NOTHING, usableBy: "same-origin" },
  ops: { csp: NOTHING, usableBy: "same-origin" },
};

declare module "hono" {
  interface ContextVariableMap {
    kind: RouteKind;
  }
}

/** Sets the headers of the route's kind on whatever is answered, errors included. */
export function securityHeaders(): MiddlewareHandler {
  return async function securityHeaders(c, next) {
    await next();
    const { csp, usableBy } = POLICIES[c.get("kind") ?? (isForBrowser(c) ? "page" : "api")];
    c.res.headers.set("Content-Security-Policy", csp);
    c.res.headers.set("Cross-Origin-Resource-Policy", usableBy);
    c.res.headers.set("X-Content-Type-Options", "nosniff");
    c.res.headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
  };
}
