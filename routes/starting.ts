/**
 * What is answered before the log is open: alive, not ready, and a snapshot's Results where there is one.
 * @module
 */
import { Hono } from "hono";
import { mountAssets } from "./assets.ts";
import { securityHeaders } from "./headers.ts";
import { healthz } from "./health.ts";
import { problemPage } from "./pages.tsx";
import { isForBrowser, problem } from "./problem.ts";
import type { AppDeps } from "./app.ts";
import { mountSharing } from "./sharing.ts";
import { mountShown, ofKind, openShown, type Shown } from "./shown.ts";
import { mountWidget } from "./widget.ts";

/** What it needs of what the application that follows has. */
export type StartingDeps = Pick<AppDeps, "assets" | "painter" | "frameAncestors">;

/** Makes the application that stands in until the log is open. */
export function createStartingApp(
  { assets, painter, frameAncestors }: StartingDeps,
  shown: Shown | null = null,
): Hono {
  const app = new Hono();
  app.use(securityHeaders(frameAncestors));
  openShown(app);
  app.get("/healthz", ofKind("ops"), healthz());
  mountAssets(app, assets);
  mountWidget(app, assets);
  if (shown !== null) {
    const none = () => Promise.resolve(null);
    const charts = { newest: none, at: none };
    mountShown(app, shown, charts, assets);
    mountSharing(app, shown, charts, assets, painter);
  }
  app.all("*", (c) => {
    const detail = "The log is being opened; try again soon.";
    const later = { "Retry-After": "2" };
    return isForBrowser(c)
      ? problemPage(c, assets, shown, "starting", detail, later)
      : problem(c, "starting", detail, later);
  });
  return app;
}
