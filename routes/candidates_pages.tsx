/**
 * `/candidates` and `/candidates/ID`: who stands for election.
 * @module
 */
import type { Env, Handler } from "hono";
import { CandidateView } from "../islands/candidate_view.tsx";
import { CandidatesView, type Person } from "../islands/candidates_view.tsx";
import { plain } from "../islands/format.ts";
import { messages } from "../islands/messages.ts";
import type { Candidate } from "../pipeline/election.ts";
import type { Assets } from "./assets.ts";
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
        title: `${heading} · ${results.election.title}`,
        heading,
        path: "/candidates",
        ...pageIsland({ view: "candidates", people }, <CandidatesView results={results} people={people} />),
      };
    });
}

/** `GET /candidates/ID` */
export function getCandidate(shown: Shown, assets: Assets): Handler<Env, "/candidates/:id"> {
  return (c) => {
    const id = c.req.param("id");
    const candidate = shown.updates.latest().candidates.find(({ candidate_id }) => candidate_id === id);
    if (candidate === undefined) return problemPage(c, assets, "not_found", messages.candidate.notFound);
    return answerLivePage(c, shown, assets, ({ results }) => {
      const known = shown.candidates().find(({ candidate_id }) => candidate_id === id);
      const person = known === undefined ? null : personOf(known);
      const regions = shown.regions();
      return {
        title: `${plain(candidate.candidate_name)} · ${results.election.title}`,
        heading: candidate.candidate_name,
        path: "/candidates",
        ...pageIsland(
          { view: "candidate", id, regions, person },
          <CandidateView id={id} results={results} regions={regions} person={person} />,
        ),
      };
    });
  };
}

function personOf({ candidate_id, biography, campaign_platform }: Candidate): Person {
  return { candidate_id, biography, campaign_platform };
}
