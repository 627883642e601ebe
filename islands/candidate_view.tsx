/**
 * One candidate: who she is, where she stands, and where she is strongest.
 * @module
 */
import type { Regions } from "../pipeline/regions.ts";
import { type Person, placeOf, portrait } from "./candidates_view.tsx";
import { count, counted, percent, plain } from "./format.ts";
import { messages } from "./messages.ts";
import { LinkedName, Name, pathTo } from "./name.tsx";
import type { LiveResults } from "./sentence.ts";

const text = messages.candidate;
const STRONGEST = 10;

/** What is shown. */
export interface CandidateProps {
  /** Of whom it is; one of the results' candidates. */
  id: string;
  results: LiveResults;
  regions: Regions;
  /** Null until the log is open. */
  person: Person | null;
}

/** The page of a candidate. */
export function CandidateView({ id, results, regions, person }: CandidateProps) {
  const { candidates, totals } = results;
  const candidate = candidates.find(({ candidate_id }) => candidate_id === id);
  if (candidate === undefined) return null; // another election has begun
  const place = placeOf(results, id);
  return (
    <>
      <div class="person">
        <img src={portrait(id)} alt="" width="160" height="160" />
        <div>
          <p class="party">
            <Name of={candidate.party_affiliation} />
          </p>
          <p class="introduction">
            {text.standing(
              count(place),
              count(candidates.length),
              counted(candidate.total_votes, "vote"),
              percent(candidate.total_votes, totals.votes),
            )}
          </p>
        </div>
      </div>
      <div class="two-columns">
        <section aria-labelledby="biography">
          <h2 id="biography">{text.biography}</h2>
          <Prose person={person} text={person?.biography} />
          <h2>{text.platform}</h2>
          <Prose person={person} text={person?.campaign_platform} />
        </section>
        <section aria-labelledby="strongest">
          <h2 id="strongest">{text.strongest}</h2>
          <Strongest id={id} regions={regions} />
        </section>
      </div>
    </>
  );
}

function Prose({ person, text: prose }: { person: Person | null; text?: string }) {
  if (prose) return <p class="prose-text" dir="auto">{plain(prose)}</p>;
  return <p class="quiet">{person === null ? text.atOpening : text.nothing}</p>;
}

function Strongest({ id, regions: { candidates, regions, version } }: { id: string; regions: Regions }) {
  if (regions.some(({ votes }) => votes === null)) return <p class="quiet">{text.regionsUnknown}</p>;
  const index = candidates.findIndex(({ candidate_id }) => candidate_id === id);
  const lines = regions
    .flatMap(({ state, count, votes }) => {
      const own = votes?.[index] ?? 0;
      return own === 0 ? [] : [{ state, own, count, place: 1 + votes!.filter((n) => n > own).length }];
    })
    .sort((a, b) => b.own * a.count - a.own * b.count || b.own - a.own)
    .slice(0, STRONGEST);
  if (lines.length === 0) return <p class="quiet">{text.noRegions}</p>;
  return (
    <>
      <table class="figures strongest">
        <caption class="quiet">{text.strongestNote} {messages.regions.version(count(version))}</caption>
        <thead>
          <tr>
            <th scope="col">{text.columns.region}</th>
            <th scope="col" class="number">{text.columns.share}</th>
            <th scope="col" class="number">{text.columns.votes}</th>
            <th scope="col" class="number">{text.columns.place}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.state}>
              <th scope="row">
                <LinkedName of={line.state} to={pathTo("regions", line.state)} />
              </th>
              <td class="number">{percent(line.own, line.count)}</td>
              <td class="number">{count(line.own)}</td>
              <td class="number">{count(line.place)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
