/**
 * The frame of every live page: what it starts from, and how it may be kept.
 * @module
 */
import type { Context } from "hono";
import type { LiveData } from "../islands/live_state.ts";
import type { Assets } from "./assets.ts";
import { type Page, renderPage } from "./page_shell.tsx";
import type { Shown } from "./shown.ts";

/** What every page tells of. */
export type Told = Pick<Shown, "updates" | "vitals">;

/** The newest of it, all of one moment. */
export function liveDataOf({ updates, vitals }: Told): LiveData {
  const { locations: _, ...results } = updates.latest();
  return { results, vitals: vitals() };
}

/** Answers with a live page made of the newest results, all of one moment. */
export function answerLivePage(
  c: Context,
  shown: Told,
  assets: Assets,
  pageOf: (data: LiveData, query: URLSearchParams) => Omit<Page, "data" | "liveQuery">,
): Response | Promise<Response> {
  const data = liveDataOf(shown);
  const { pathname, searchParams: liveQuery } = new URL(c.req.url);
  const page = renderPage(assets, { shared: pathname, ...pageOf(data, liveQuery), data, liveQuery });
  return c.html(page, 200, { "Cache-Control": "no-cache" });
}
