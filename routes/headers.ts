/**
 * The security headers of each kind of route, in one table.
 *
 * Written by hand because Hono's `secureHeaders()` has one policy for all, whose defaults forbid what other
 * sites may do with portraits and results.
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { isForBrowser } from "./problem.ts";

/**
 * Pages for people, the page that shows frames, pages for other sites' frames, answers for programs, for token
 * bearers, pictures, the pages' own files, operators' answers.
 */
export type RouteKind = "page" | "configurator" | "frame" | "api" | "private" | "picture" | "asset" | "ops";

const NOTHING = "default-src 'none'";
const PAGE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

const POLICIES: Record<RouteKind, { csp: string; usableBy: "same-origin" | "cross-origin" }> = {
  page: { csp: PAGE, usableBy: "same-origin" },
  configurator: { csp: `${PAGE}; frame-src 'self'`, usableBy: "same-origin" },
  frame: { csp: PAGE.replace("form-action 'self'", "form-action 'none'"), usableBy: "cross-origin" },
  api: { csp: NOTHING, usableBy: "cross-origin" },
  private: { csp: NOTHING, usableBy: "same-origin" },
  // An SVG opened by itself is a document: this lets it be styled, and do nothing.
  picture: { csp: "default-src 'none'; style-src 'unsafe-inline'", usableBy: "cross-origin" },
  // A page in a frame may be in a sandbox, where even its own files are another site's.
  asset: { csp: NOTHING, usableBy: "cross-origin" },
  ops: { csp: NOTHING, usableBy: "same-origin" },
};

declare module "hono" {
  interface ContextVariableMap {
    kind: RouteKind;
  }
}

/**
 * Sets the headers of the route's kind on whatever is answered, errors included. `frameAncestors` says who may
 * frame pages for frames, as in the setting; nothing else may be framed.
 */
export function securityHeaders(frameAncestors: string): MiddlewareHandler {
  // Not even "*" would let in a page without an origin of its own, such as a file or a sandbox.
  const others = frameAncestors === "none" ? "" : ` ${frameAncestors}`;
  const framing = frameAncestors === "*" ? "" : `; frame-ancestors 'self'${others}`; // ours show samples
  return async function securityHeaders(c, next) {
    await next();
    const kind = c.get("kind") ?? (isForBrowser(c) ? "page" : "api");
    const { csp, usableBy } = POLICIES[kind];
    c.res.headers.set(
      "Content-Security-Policy",
      csp + (kind === "frame" ? framing : "; frame-ancestors 'none'"),
    );
    c.res.headers.set("Cross-Origin-Resource-Policy", usableBy);
    c.res.headers.set("X-Content-Type-Options", "nosniff");
    c.res.headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
  };
}
