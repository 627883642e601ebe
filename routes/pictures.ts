/**
 * `GET /img/v1/VIEW.svg|png`: a view as a picture, for pages that take nothing else and for previews of links.
 * Drawn once for each version and choice; a PNG, which takes longer, is given as it was until the next is painted.
 * @module
 */
import { createHash } from "node:crypto";
import type { Env, Handler } from "hono";
import { z } from "zod";
import type { Size } from "../islands/chart_frame.ts";
import { VIEWS } from "../islands/embed_options.ts";
import { formatsOf } from "../islands/locale_format.ts";
import { DRAW_RESULTS, drawChartPicture } from "../islands/picture.tsx";
import { fileOf, type Picture } from "../islands/picture_frame.tsx";
import { chartDocument } from "./chart_document.ts";
import { isHeld } from "./conditional.ts";
import type { Figures, FigureSource } from "./embed_figures.ts";
import { type Asked, EMBED_PARAMETERS, readAsked, viewOf } from "./embed_query.ts";
import { createKeptPictures } from "./kept_pictures.ts";
import type { Painter } from "./picture_painter.ts";
import { problem } from "./problem.ts";

const MIN_WIDTH = 200;
const MAX_WIDTH = 2_000;
/** Below it a picture is laid out anew instead of being made smaller. */
const NARROW_BELOW = 480;
/** In px, as wide as the text of an article. */
const DEFAULT_WIDTH = 600;
const CONTENT_TYPES = { svg: "image/svg+xml", png: "image/png" };
const MAX_AGE_S = 5;
/** Many look at few pictures: caches in between may answer, and go on where this instance can't. */
export const CACHED =
  `public, max-age=${MAX_AGE_S}, s-maxage=${MAX_AGE_S}, stale-while-revalidate=30, stale-if-error=86400`;

const WIDTH_FORM = `must be a whole number from ${MIN_WIDTH} to ${MAX_WIDTH}`;
const parameters = {
  ...EMBED_PARAMETERS,
  width: z.string().regex(/^\d{1,5}$/, WIDTH_FORM).transform(Number)
    .refine((n) => n >= MIN_WIDTH && n <= MAX_WIDTH, WIDTH_FORM).optional(),
};

/** Answers with a picture; both what it shows and what was asked are in its ETag. */
export function getPicture(
  figuresOf: FigureSource,
  painter: Painter,
  nowMs: () => number = () => performance.now(),
): Handler<Env, "/img/v1/:file"> {
  const kept = createKeptPictures(nowMs);

  return async (c) => {
    const [, name = "", type] = /^([a-z]+)\.(svg|png)$/.exec(c.req.param("file")) ?? [];
    const view = viewOf(name);
    if (view === null || type !== "svg" && type !== "png") {
      const detail = `A picture is at /img/v1/VIEW.svg or .png, VIEW one of ${VIEWS.join(", ")}.`;
      return problem(c, "not_found", detail);
    }
    const asked = readAsked(c, view, parameters);
    if ("refused" in asked) return asked.refused;
    const figures = await figuresOf(asked);
    if ("problem" in figures) return problem(c, figures.problem, figures.detail, figures.headers);
    if (figures.charts === null && DRAW_RESULTS[view] === undefined) {
      const detail = "No snapshot has been taken yet; try again shortly.";
      return problem(c, "no_snapshot_yet", detail, { "Retry-After": "5" });
    }

    const width = asked.more.width ?? DEFAULT_WIDTH;
    const choice = hashOf([type, width, asked.options]);
    const newest = `W/"${hashOf([choice, tagOf(figures)])}"`;
    const headersOf = (etag: string) => ({ "ETag": etag, "Cache-Control": CACHED });
    const held = c.req.header("If-None-Match");
    if (isHeld(held, newest)) return c.body(null, 304, headersOf(newest));
    const picture = await kept({
      choice,
      tag: newest,
      // As old as any cache may give it: it says which moment it is of.
      maxAgeMs: type === "png" && asked.point === null ? MAX_AGE_S * 1_000 : 0,
      make: async () => {
        const drawn = draw(asked, figures, width < NARROW_BELOW ? "narrow" : "wide");
        const { theme } = asked.options;
        if (type === "svg") return fileOf(drawn, theme, width);
        return await painter.paint({ svg: fileOf(drawn, theme === "auto" ? "light" : theme, width), width });
      },
    });
    if (picture === "busy") {
      const detail = "Too many pictures are being made; try again soon.";
      return problem(c, "overloaded", detail, { "Retry-After": "2" });
    }
    const headers: Record<string, string> = headersOf(picture.tag);
    if (picture.tag !== newest) {
      headers["Age"] = String(Math.floor((nowMs() - picture.fromMs) / 1_000));
    }
    if (isHeld(held, picture.tag)) return c.body(null, 304, headers);
    return new Response(picture.body, { headers: { ...headers, "Content-Type": CONTENT_TYPES[type] } });
  };
}

function draw({ options }: Asked, { results, charts }: Figures, size: Size): Picture {
  const { view, region, limit } = options;
  const formats = formatsOf(options.locale);
  const drawResults = DRAW_RESULTS[view];
  if (drawResults !== undefined) return drawResults({ results, region, limit, formats, size });
  const { title } = results.election;
  return drawChartPicture(chartDocument, {
    view: view as "race" | "map",
    data: charts!,
    title,
    formats,
    size,
  });
}

/** Charts show a snapshot, which stays as it is while votes come in. */
function tagOf({ tag, results, charts }: Figures): string {
  if (charts === null) return tag;
  const { election, version, as_of, candidates } = charts;
  return `${results.election.title} ${election.id} ${version} ${as_of} ${candidates.length}`;
}

function hashOf(parts: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}
