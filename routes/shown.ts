/**
 * The routes that show the count: the same whether the log is open, or a snapshot's Results are all there is yet.
 * @module
 */
import type { Hono, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Updates } from "../pipeline/updates.ts";
import type { Assets } from "./assets.ts";
import type { RouteKind } from "./headers.ts";
import type { Live } from "./live.ts";
import { getOverview } from "./pages.tsx";
import { getResults, type PastResults } from "./results.ts";

/** What they show. */
export interface Shown {
  readonly updates: Updates;
  readonly live: Pick<Live, "handler">;
  readonly past: PastResults;
}

/** Mounts them; `securityHeaders` must have been before. */
export function mountShown(app: Hono, { updates, live, past }: Shown, assets: Assets): void {
  app.use("/api/v1/results", cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag"] }));
  app.use("/api/v1/live", cors({ origin: "*", allowMethods: ["GET", "HEAD"] }));
  app.get("/", ofKind("page"), getOverview(updates, assets));
  app.get("/api/v1/results", ofKind("api"), getResults(updates, past));
  app.get("/api/v1/live", ofKind("api"), live.handler);
}

/** Says under which security headers a route answers. */
export function ofKind(kind: RouteKind): MiddlewareHandler {
  return (c, next) => {
    c.set("kind", kind);
    return next();
  };
}
