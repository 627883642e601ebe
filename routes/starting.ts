/**
 * What is answered before the log is open: alive, not ready, and a snapshot's Results where there is one.
 * @module
 */
import { Hono } from "hono";
import type { Assets } from "./assets.ts";
import { securityHeaders } from "./headers.ts";
import { healthz } from "./health.ts";
import { problemPage } from "./pages.tsx";
import { isForBrowser, problem } from "./problem.ts";
import { mountShown, type Shown } from "./shown.ts";

/** Makes the application that stands in until the log is open. */
export function createStartingApp(assets: Assets, shown: Shown | null = null): Hono {
  const app = new Hono();
  app.use(securityHeaders());
  app.get("/healthz", healthz());
  if (shown !== null) mountShown(app, shown, () => Promise.resolve(null), assets);
  app.all("*", (c) => {
    const detail = "The log is being opened; try again soon.";
    const later = { "Retry-After": "2" };
    return isForBrowser(c)
      ? problemPage(c, assets, shown, "starting", detail, later)
      : problem(c, "starting", detail, later);
  });
  return app;
}
