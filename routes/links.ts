/**
 * `Link` headers (RFC 8288): from each answer that people start at, a program finds the rest by itself.
 * @module
 */
import type { MiddlewareHandler } from "hono";

const API = [
  '</openapi.json>; rel="service-desc"; type="application/json"',
  '</docs>; rel="service-doc"; type="text/html"',
];
const ALTERNATE = '</api/v1/results>; rel="alternate"; type="application/json"';
const DATA = [
  '</api/v1/snapshots>; rel="collection"; type="application/json"; title="Snapshots as Parquet"',
  '</api/v1/queries>; rel="related"; type="application/json"; title="Named queries"',
  '</api/v1/sql/schema>; rel="describedby"; type="application/json"; title="Tables in SQL"',
];

/** What each address links to. */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  "/": [ALTERNATE, ...API, ...DATA],
  "/sql": [...API, ...DATA],
  "/docs": API,
  "/api/v1/results": [...API, ...DATA],
  "/api/v1/snapshots": [...API, ...DATA],
  "/api/v1/queries": [...API, ...DATA],
  "/api/v1/sql": [...API, ...DATA],
};

/** Adds the links of the address; those that an answer has of its own stay. */
export function links(): MiddlewareHandler {
  return async function links(c, next) {
    await next();
    for (const link of LINKS[c.req.path] ?? []) c.res.headers.append("Link", link);
  };
}
