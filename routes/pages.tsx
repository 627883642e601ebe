/**
 * The pages, rendered on the server and complete without JavaScript.
 * @module
 */
import type { Context, Handler } from "hono";
import { counted, percent } from "../islands/format.ts";
import { OverviewView } from "../islands/overview_view.tsx";
import { headline, hours, type LiveResults } from "../islands/sentence.ts";
import type { Updates } from "../pipeline/updates.ts";
import type { Assets } from "./assets.ts";
import { IslandData, renderPage } from "./page_shell.tsx";
import { type ProblemCode, statusOf } from "./problem.ts";

/** `GET /`: the whole result at a glance. */
export function getOverview(updates: Updates, assets: Assets): Handler {
  return (c) => {
    const { locations: _, ...results } = updates.latest();
    return c.html(
      renderPage(assets, {
        title: headline(results),
        description: description(results),
        script: "overview.js",
        heading: results.election.title,
        children: (
          <>
            <div id="overview">
              <OverviewView results={results} />
            </div>
            <IslandData id="overview-data" data={results} />
            <noscript>
              <p class="quiet">Reload the page for newer figures.</p>
            </noscript>
          </>
        ),
      }),
      200,
      { "Cache-Control": "no-cache" },
    );
  };
}

function description(results: LiveResults): string {
  const { election, totals } = results;
  const figures = `${election.title}, a simulated election: ${counted(totals.votes, "vote")} counted, ` +
    `${counted(totals.voters, "registered voter")}, turnout ${percent(totals.votes, totals.voters)}.`;
  const opening = hours(results);
  return opening === null ? figures : `${figures} ${opening}`;
}

/** A small page that says in words why there is nothing else to see. */
export function problemPage(
  c: Context,
  assets: Assets,
  code: ProblemCode,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const { status, title } = statusOf(code);
  const page = renderPage(assets, {
    title: `${title} (${status})`,
    heading: title,
    children: (
      <>
        <p class="sentence">{detail}</p>
        <p>
          <a href="/">To the results</a>
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
