/**
 * The frame of every live page: what it starts from, and how it may be kept.
 * @module
 */
import type { Context } from "hono";
import type { LiveData } from "../islands/live_state.ts";
import type { Assets } from "./assets.ts";
import { type Page, renderPage } from "./page_shell.tsx";
import type { Shown } from "./shown.ts";

/** Answers with a live page made of the newest results, all of one moment. */
export function answerLivePage(
  c: Context,
  { updates, vitals }: Pick<Shown, "updates" | "vitals">,
  assets: Assets,
  pageOf: (data: LiveData, query: URLSearchParams) => Omit<Page, "live">,
): Response | Promise<Response> {
  const { locations: _, ...results } = updates.latest();
  const data = { results, vitals: vitals() };
  const { pathname, searchParams: query } = new URL(c.req.url);
  const page = renderPage(assets, { shared: pathname, ...pageOf(data, query), live: { data, query } });
  return c.html(page, 200, { "Cache-Control": "no-cache" });
}
