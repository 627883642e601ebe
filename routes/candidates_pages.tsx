/**
 * `/candidates` and `/candidates/ID`: who stands for election.
 * @module
 */
import type { Env, Handler } from "hono";
import { CandidateView } from "../islands/candidate_view.tsx";
import { CandidatesView, type Person } from "../islands/candidates_view.tsx";
import { isolated, plain } from "../islands/format.ts";
import { messages } from "../islands/messages.ts";
import type { Candidate } from "../pipeline/election.ts";
import type { Assets } from "./assets.ts";
import type { ChartSource } from "./chart_data.ts";
import { ChartsIsland } from "./charts_island.tsx";
import { answerLivePage } from "./live_page.tsx";
import { pageIsland } from "./page_island.tsx";
import { problemPage } from "./pages.tsx";
import type { Shown } from "./shown.ts";

/** `GET /candidates` */
export function getCandidates(shown: Shown, assets: Assets): Handler {
  return (c) =>
    answerLivePage(c, shown, assets, ({ results }) => {
      const people = shown.candidates().map(personOf);
      const { heading } = messages.candidates;
      return {
        title: `${heading} · ${plain(results.election.title)}`,
        heading,
        path: "/candidates",
        ...pageIsland({ view: "candidates", people }, <CandidatesView results={results} people={people} />),
      };
    });
}

/** `GET /candidates/ID` */
export function getCandidate(
  shown: Shown,
  charts: ChartSource,
  assets: Assets,
): Handler<Env, "/candidates/:id"> {
  return async (c) => {
    const id = c.req.param("id");
    const candidate = shown.updates.latest().candidates.find(({ candidate_id }) => candidate_id === id);
    if (candidate === undefined) {
      return problemPage(c, assets, shown, "not_found", messages.candidate.notFound);
    }
    const data = await charts.newest();
    return answerLivePage(c, shown, assets, ({ results }, query) => {
      const known = shown.candidates().find(({ candidate_id }) => candidate_id === id);
      const person = known === undefined ? null : personOf(known);
      const regions = shown.regions();
      const island = pageIsland(
        { view: "candidate", id, regions, person },
        <CandidateView id={id} results={results} regions={regions} person={person} />,
      );
      return {
        title: `${isolated(candidate.candidate_name)} · ${plain(results.election.title)}`,
        heading: candidate.candidate_name,
        path: "/candidates",
        script: island.script,
        children: (
          <>
            {island.children}
            <ChartsIsland view="candidate" of={id} data={data} query={query} />
            <p class="onward">
              <a href="/candidates">{messages.candidate.all}</a>
            </p>
          </>
        ),
      };
    });
  };
}

function personOf({ candidate_id, biography, campaign_platform }: Candidate): Person {
  return { candidate_id, biography, campaign_platform };
}
