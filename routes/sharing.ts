/**
 * The routes for other sites: frames, pictures, oEmbed, and the page that makes the code for them.
 * @module
 */
import type { Hono } from "hono";
import { cors } from "hono/cors";
import type { Assets } from "./assets.ts";
import type { ChartSource } from "./chart_data.ts";
import { getConfigurator } from "./configurator_page.tsx";
import { createFigures } from "./embed_figures.ts";
import { getFrame } from "./embed_page.tsx";
import { getOembed } from "./oembed.ts";
import type { Painter } from "./picture_painter.ts";
import { getPicture } from "./pictures.ts";
import { ofKind, type Shown } from "./shown.ts";

/** Mounts them; `securityHeaders` must have been before. */
export function mountSharing(
  app: Hono,
  shown: Shown,
  charts: ChartSource,
  assets: Assets,
  painter: Painter,
): void {
  const figures = createFigures(shown, charts);
  for (const path of ["/img/v1/*", "/oembed"]) {
    app.use(path, cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag"] }));
  }
  app.get("/embed/v1/:view", ofKind("frame"), getFrame(figures, assets));
  app.get("/img/v1/:file", ofKind("picture"), getPicture(figures, painter));
  app.get("/oembed", ofKind("api"), getOembed(figures, assets));
  app.get("/embed", ofKind("configurator"), getConfigurator(shown, assets));
}
