/**
 * Everybody who stands for election, with all that is on record of them, as pure markup.
 * @module
 */
import type { Candidate } from "../pipeline/election.ts";
import { count, counted, percent, plain } from "./format.ts";
import { messages } from "./messages.ts";
import { LinkedName, Name, pathTo } from "./name.tsx";
import { type LiveResults, sentence } from "./sentence.ts";

const text = messages.candidates;

/** What is on record of a candidate beside the results. */
export type Person = Pick<Candidate, "candidate_id" | "biography" | "campaign_platform">;

/** The page of all candidates. */
export function CandidatesView({ results, people }: { results: LiveResults; people: readonly Person[] }) {
  const { candidates, totals } = results;
  const known = new Map(people.map((person) => [person.candidate_id, person]));
  if (candidates.length === 0) return <p class="empty">{text.empty}</p>;
  return (
    <>
      <p class="introduction">{sentence(results)}</p>
      <table class="figures people">
        <caption>{text.caption(counted(candidates.length, "candidate"))}</caption>
        <thead>
          <tr>
            <th scope="col" class="number">{text.columns.place}</th>
            <th scope="col">{text.columns.candidate}</th>
            <th scope="col">{text.columns.party}</th>
            <th scope="col" class="number">{text.columns.votes}</th>
            <th scope="col" class="number">{text.columns.share}</th>
            <th scope="col">{text.columns.biography}</th>
            <th scope="col">{text.columns.platform}</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((candidate) => {
            const { candidate_id: id, candidate_name, party_affiliation, total_votes } = candidate;
            const person = known.get(id);
            return (
              <tr key={id}>
                <td class="number place" data-label={text.columns.place}>{placeOf(results, id)}</td>
                <th scope="row">
                  <img src={portrait(id)} alt="" width="56" height="56" loading="lazy" />
                  <LinkedName of={candidate_name} to={pathTo("candidates", id)} class="name" />
                </th>
                <td class="party" data-label={text.columns.party}>
                  <Name of={party_affiliation} />
                </td>
                <td class="number" data-label={text.columns.votes}>{count(total_votes)}</td>
                <td class="number" data-label={text.columns.share}>{percent(total_votes, totals.votes)}</td>
                <Prose label={text.columns.biography} text={person?.biography} />
                <Prose label={text.columns.platform} text={person?.campaign_platform} />
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function Prose({ label, text }: { label: string; text?: string }) {
  return (
    <td class="prose" data-label={label}>
      <div class="prose-text" dir="auto">{text ? plain(text) : messages.none}</div>
    </td>
  );
}

/** Where a candidate's portrait is. */
export function portrait(id: string): string {
  return `/portraits/${encodeURIComponent(id)}.svg`;
}

/** A candidate's place: 1 more than how many have more votes. */
export function placeOf({ candidates }: LiveResults, id: string): number {
  const { total_votes } = candidates.find(({ candidate_id }) => candidate_id === id)!;
  return 1 + candidates.filter((other) => other.total_votes > total_votes).length;
}
