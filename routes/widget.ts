/**
 * `GET /widget/v1.js`: the widget for other sites, as it is now; `GET /widget/1.x.y.js`: as it was released, for
 * ever.
 * @module
 */
import { createHash } from "node:crypto";
import type { Env, Handler, Hono } from "hono";
import { cors } from "hono/cors";
import { RELEASES } from "../widget/releases.ts";
import type { Assets } from "./assets.ts";
import { isHeld } from "./conditional.ts";
import { problem } from "./problem.ts";
import { ofKind } from "./shown.ts";

/** Five minutes, so that a mended widget is everywhere soon; an old one is better than none. */
const SOON = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=604800";
const FOR_EVER = "public, max-age=31536000, immutable";

/** A release as pages pin it. */
export interface WidgetRelease {
  /** `1.0.0` */
  version: string;
  /** For the script element's attribute of that name: browsers run nothing else. */
  integrity: string;
}

/** The newest release. */
export function newestRelease(assets: Assets): WidgetRelease {
  const version = RELEASES.at(-1)!;
  const hash = createHash("sha384").update(bytesOf(assets, `widget-${version}.js`)).digest("base64");
  return { version, integrity: `sha384-${hash}` };
}

/** Mounts the widget; `securityHeaders` must have been before. */
export function mountWidget(app: Hono, assets: Assets): void {
  app.use("/widget/*", cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag"] }));
  app.get("/widget/:file", ofKind("api"), getWidget(assets));
}

function getWidget(assets: Assets): Handler<Env, "/widget/:file"> {
  return (c) => {
    const name = c.req.param("file").replace(/\.js$/, "");
    const isRelease = RELEASES.some((version) => version === name);
    if (name !== "v1" && !isRelease) {
      const versions = RELEASES.map((version) => `${version}.js`).join(", ");
      return problem(c, "not_found", `The widget is at /widget/v1.js, or as released at ${versions}.`);
    }
    const asset = isRelease ? `widget-${name}.js` : "widget.js";
    const headers = {
      "ETag": `"${assets.url(asset).replace(/^.*-|\.js$/g, "")}"`,
      "Cache-Control": isRelease ? FOR_EVER : SOON,
    };
    if (isHeld(c.req.header("If-None-Match"), headers.ETag)) return c.body(null, 304, headers);
    return c.body(bytesOf(assets, asset), 200, {
      ...headers,
      "Content-Type": "text/javascript; charset=utf-8",
    });
  };
}

function bytesOf(assets: Assets, name: string): Uint8Array<ArrayBuffer> {
  return assets.read(assets.url(name).slice("/assets/".length))!;
}
