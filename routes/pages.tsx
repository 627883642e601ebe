/**
 * The pages, rendered on the server and complete without JavaScript.
 * @module
 */
import type { Context, Handler } from "hono";
import { plain } from "../islands/format.ts";
import { OverviewView } from "../islands/overview_view.tsx";
import { headline } from "../islands/sentence.ts";
import { messages } from "../islands/messages.ts";
import type { Assets } from "./assets.ts";
import type { ChartSource } from "./chart_data.ts";
import { ChartsIsland } from "./charts_island.tsx";
import { answerLivePage, liveDataOf, type Told } from "./live_page.tsx";
import { renderPage } from "./page_shell.tsx";
import { type ProblemCode, statusOf } from "./problem.ts";
import type { Shown } from "./shown.ts";

/** `GET /`: the whole result at a glance. */
export function getOverview(shown: Shown, charts: ChartSource, assets: Assets): Handler {
  return async (c) => {
    const data = await charts.newest();
    return await answerLivePage(c, shown, assets, ({ results }, query) => ({
      title: headline(results),
      previewTitle: plain(results.election.title),
      script: "overview.js",
      heading: results.election.title,
      path: "/",
      children: (
        <>
          <div id="overview">
            <OverviewView results={results} />
          </div>
          <ChartsIsland view="overview" data={data} query={query} />
        </>
      ),
    }));
  };
}

/** `GET /race`: how the candidates overtake each other. */
export function getRace(shown: Shown, charts: ChartSource, assets: Assets): Handler {
  return async (c) => {
    const data = await charts.newest();
    return await answerLivePage(c, shown, assets, ({ results }, query) => ({
      title: `${messages.race.heading} · ${plain(results.election.title)}`,
      script: "race.js",
      heading: messages.race.heading,
      path: "/race",
      children: (
        <>
          <p class="introduction">{messages.race.introduction}</p>
          <ChartsIsland view="race" data={data} query={query} />
        </>
      ),
    }));
  };
}

/** A small page that says in words why there is nothing else to see; `told` is null where nothing is known yet. */
export function problemPage(
  c: Context,
  assets: Assets,
  told: Told | null,
  code: ProblemCode,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const { status, title } = statusOf(code);
  const page = renderPage(assets, {
    title: `${title} (${status})`,
    heading: title.slice(0, 1) + title.slice(1).toLowerCase(),
    data: told && liveDataOf(told),
    children: (
      <>
        <p class="introduction">{detail}</p>
        <p class="onward">
          <a href="/">{messages.problem.back}</a>
        </p>
      </>
    ),
  });
  return c.body(page, status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    ...headers,
  });
}
