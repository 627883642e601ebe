/**
 * A view as plain HTML: what a frame shows until the element in it is alive, and all that it ever shows without
 * JavaScript.
 * @module
 */
import type { CandidateResult } from "../pipeline/results.ts";
import { looksOf } from "./candidate_looks.ts";
import { type EmbedOptions, listedOf } from "./embed_options.ts";
import { formatsOf } from "./locale_format.ts";
import { messages } from "./messages.ts";
import { Name } from "./name.tsx";
import { type LiveResults, sentence } from "./sentence.ts";

/** What a frame shows. */
export interface EmbedViewProps {
  readonly options: EmbedOptions;
  /** Of the region where one was asked for. */
  readonly results: LiveResults;
  /** The picture that stands for a chart; null where the view is none. */
  readonly picture: { readonly address: string; readonly alternative: string } | null;
}

/** The title, the sentence, the chart where the view is one, the numbers, and how old they are. */
export function EmbedView({ options, results, picture }: EmbedViewProps) {
  const { view, region, locale } = options;
  const { totals, as_of } = results;
  const { count, percent, moment } = formatsOf(locale);
  const shown = listedOf(results.candidates.length, options.limit);
  const hidden = results.candidates.length - shown;
  return (
    <div class="embed">
      <p class="embed-title">
        <strong class="simulated">{messages.simulated}</strong> {region !== null && (
          <>
            <Name of={region} /> ·{" "}
          </>
        )}
        <Name of={results.election.title} />
      </p>
      <p class="embed-sentence">{sentence(results)}</p>
      {picture && <img src={picture.address} alt={picture.alternative} width="600" />}
      {view !== "card" && (
        <table>
          <caption>Votes per candidate</caption>
          <thead>
            <tr>
              <th scope="col">Candidate</th>
              <th scope="col" class="number">Votes</th>
              <th scope="col" class="number">Share</th>
            </tr>
          </thead>
          <tbody>
            {results.candidates.slice(0, shown).map((candidate) => (
              <tr key={candidate.candidate_id}>
                <th scope="row">
                  <Name of={candidate.candidate_name} />{" "}
                  <Name of={candidate.party_affiliation} class="party" />
                  {view === "bars" && <Bar candidate={candidate} results={results} />}
                </th>
                <td class="number">{count(candidate.total_votes)}</td>
                <td class="number">{percent(candidate.total_votes, totals.votes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view !== "card" && hidden > 0 && <p class="quiet">and {count(hidden)} more</p>}
      <p class="quiet">
        Turnout {percent(totals.votes, totals.voters)}, {count(totals.votes)} votes counted. As of{" "}
        <time dateTime={as_of}>{moment(as_of)}</time>.
      </p>
    </div>
  );
}

/** The numbers beside it say what it shows, so it is hidden from assistive technology. */
function Bar({ candidate, results }: { candidate: CandidateResult; results: LiveResults }) {
  const most = Math.max(results.candidates[0].total_votes, 1);
  const { colour } = looksOf(results.candidates).get(candidate.candidate_id)!;
  return (
    <svg class="bar" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <rect fill="var(--track)" width="1" height="1" />
      <rect fill={colour} width={(candidate.total_votes / most).toFixed(4)} height="1" />
    </svg>
  );
}
