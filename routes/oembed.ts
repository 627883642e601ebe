/**
 * `GET /oembed`: what other sites need to show a page of ours where its address was pasted (https://oembed.com).
 *
 * By hand, as the format is small: no library of providers' side is kept up.
 * @module
 */
import type { Context, Handler } from "hono";
import { parseAsOf } from "../analytics/as_of.ts";
import { drawable } from "../islands/candidate_looks.ts";
import { DEFAULTS, type EmbedOptions, framePath, type View } from "../islands/embed_options.ts";
import { escaped, plain } from "../islands/format.ts";
import { summaryOf } from "../islands/picture_results.tsx";
import type { Assets } from "./assets.ts";
import type { FigureSource } from "./embed_figures.ts";
import { optionsIn } from "./embed_query.ts";
import { cardOf, type Scope } from "./preview.tsx";
import { CACHED } from "./pictures.ts";
import { problem } from "./problem.ts";

/** The view that stands for a page, by its path. */
const PAGES: Readonly<Record<string, View>> = {
  "/": "bars",
  "/race": "race",
  "/regions": "map",
  "/candidates": "table",
  "/quality": "card",
  "/sql": "card",
  "/docs": "card",
  "/embed": "bars",
};

/** What is wide and high enough, in px; a frame asks for the height that it needs once it is there. */
const WIDTH = 600;
const HEIGHTS: Record<View, number> = { bars: 420, table: 420, card: 240, race: 560, map: 720 };

/** Asked again after so many seconds; the frame is live by itself. */
const CACHE_AGE_SECONDS = 3_600;

/** Answers with the frame that stands for a page of ours; with 404 for any other address. */
export function getOembed(figuresOf: FigureSource, assets: Assets): Handler {
  return async (c) => {
    // Others' parameters are let be: consumers add their own, such as WordPress' dnt.
    const { url, format = "json" } = c.req.query();
    if (format !== "json" && format !== "xml") return problem(c, "format_unknown", "format is json or xml.");
    if (url === undefined) return problem(c, "invalid", "url must be the address of a page of this site.");
    const maxWidth = readMost(c, "maxwidth"), maxHeight = readMost(c, "maxheight");
    if (maxWidth === null || maxHeight === null) {
      return problem(c, "invalid", "maxwidth and maxheight must be whole numbers from 1 to 99999.");
    }
    const path = pathIn(url, assets);
    const options = path && optionsOf(path);
    const nothing = () => problem(c, "not_found", "url is of no page of this site that can be framed.");
    if (!options) return nothing();
    const point = options.asOf === null ? null : parseAsOf(options.asOf);
    const figures = await figuresOf({ options, point });
    if ("problem" in figures) return problem(c, figures.problem, figures.detail, figures.headers);

    const id = path && nameIn("candidates", path);
    if (id && !figures.results.candidates.some(({ candidate_id }) => candidate_id === id)) return nothing();
    const title = plain(summaryOf(figures.results, options.region));
    const width = Math.min(WIDTH, maxWidth), height = Math.min(HEIGHTS[options.view], maxHeight);
    const answer: Record<string, string | number> = {
      version: "1.0",
      type: "rich",
      title,
      provider_name: figures.results.election.title,
      provider_url: assets.address("/"),
      cache_age: CACHE_AGE_SECONDS,
      html: htmlOf(url, assets.address(framePath(options)), title, width, height),
      width,
      height,
      ...thumbnail(assets, options, maxWidth, maxHeight),
    };
    const headers = { "Cache-Control": CACHED };
    return format === "json"
      ? c.json(answer, 200, headers)
      : c.body(xmlOf(answer), 200, { ...headers, "Content-Type": "text/xml; charset=utf-8" });
  };
}

/** A limit of the request; Infinity where it has none, null where it is no number. */
function readMost(c: Context, name: string): number | null {
  const given = c.req.query(name);
  if (given === undefined) return Infinity;
  return /^[1-9]\d{0,4}$/.test(given) ? Number(given) : null;
}

/** The path and query of an address, below this site's own; null where it is elsewhere. */
function pathIn(url: string, assets: Assets): URL | null {
  const own = new URL(assets.address("/"));
  const asked = URL.parse(url);
  if (asked === null || asked.host !== own.host || !/^https?:$/.test(asked.protocol)) return null;
  if (!asked.pathname.startsWith(own.pathname)) return null;
  return new URL(`/${asked.pathname.slice(own.pathname.length)}${asked.search}`, "http://localhost");
}

/** What to show for a page; null where there is no such page. */
function optionsOf(path: URL): EmbedOptions | null {
  const { pathname, searchParams } = path;
  const [, frame] = /^\/embed\/v1\/([a-z]+)$/.exec(pathname) ?? [];
  if (frame !== undefined) return optionsIn(frame, searchParams);
  if (pathname === "/embed") return optionsIn(searchParams.get("view") ?? DEFAULTS.view, searchParams);
  const region = nameIn("regions", path);
  if (region !== null) return { ...DEFAULTS, view: "bars", region };
  const view = nameIn("candidates", path) === null ? PAGES[pathname] : "table";
  return view === undefined ? null : { ...DEFAULTS, view };
}

/** The name in the path of a page below `folder`; null where it is no such path. */
function nameIn(folder: "regions" | "candidates", { pathname }: URL): string | null {
  const [, under, name] = /^\/([a-z]+)\/([^/]+)$/.exec(pathname) ?? [];
  if (under !== folder) return null;
  try {
    return decodeURIComponent(name);
  } catch (fault) {
    if (fault instanceof URIError) return null;
    throw fault;
  }
}

/**
 * The frame, and a quotation for where it can't be shown. It is hidden: WordPress, which shows it until the frame
 * has told its height, takes that attribute away, and others would show both.
 */
function htmlOf(url: string, src: string, title: string, width: number, height: number): string {
  return `<blockquote hidden><a href="${escaped(url)}">${escaped(title)}</a></blockquote>` +
    `<iframe src="${escaped(src)}" width="${width}" height="${height}" title="${escaped(title)}" ` +
    `frameborder="0" sandbox="allow-scripts"></iframe>`;
}

/** All of them or none, and never larger than asked. */
function thumbnail(
  assets: Assets,
  scope: Scope,
  maxWidth: number,
  maxHeight: number,
): Record<string, string | number> {
  const { url, width, height } = cardOf(assets, scope, Math.min(maxWidth, maxHeight * 2));
  if (width > maxWidth || height > maxHeight) return {};
  return { thumbnail_url: url, thumbnail_width: width, thumbnail_height: height };
}

function xmlOf(answer: Readonly<Record<string, string | number>>): string {
  const fields = Object.entries(answer).map(([name, value]) =>
    `<${name}>${escaped(drawable(String(value)))}</${name}>`
  );
  return `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>${fields.join("")}</oembed>\n`;
}
