/**
 * Votes per candidate: a table whose rows hold a bar from zero, its number of votes and its share.
 * @module
 */
import type { CandidateResult } from "../pipeline/results.ts";
import { looksOf } from "./candidate_looks.ts";
import { count, percent } from "./format.ts";
import { messages } from "./messages.ts";
import { Name } from "./name.tsx";
import { isDecided, isOver, leaders, type LiveResults } from "./sentence.ts";

const text = messages.bars;

/** The candidates by votes, with their bars. */
export function Bars({ results }: { results: LiveResults }) {
  const { candidates, totals } = results;
  if (candidates.length === 0) {
    return <p class="empty">{text.empty}</p>;
  }
  const axisEnd = axisEndOf(candidates);
  const looks = looksOf(candidates);
  const first = new Set(leaders(results).map((c) => c.candidate_id));
  const mark =
    text.mark[results.leader?.tied ? "tied" : isDecided(results) && isOver(results) ? "won" : "leading"];
  return (
    <table class="bars">
      <caption>
        {text.caption}{" "}
        {totals.votes > 0 && <span class="quiet">{text.axis(`${Math.round(axisEnd * 100)}%`)}</span>}
      </caption>
      <thead>
        <tr>
          <th scope="col">{text.candidate}</th>
          <th scope="col" class="number">{text.votes}</th>
          <th scope="col" class="number">{text.share}</th>
        </tr>
      </thead>
      <tbody>
        {candidates.map((candidate) => (
          <Row
            key={candidate.candidate_id}
            candidate={candidate}
            votes={totals.votes}
            axisEnd={axisEnd}
            colour={looks.get(candidate.candidate_id)!.colour}
            mark={first.has(candidate.candidate_id) ? mark : null}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  candidate: CandidateResult;
  votes: number;
  axisEnd: number;
  colour: string;
  mark: string | null;
}

function Row({ candidate, votes, axisEnd, colour, mark }: RowProps) {
  const share = votes === 0 ? 0 : candidate.total_votes / votes;
  return (
    <tr class={mark ? "first" : undefined}>
      <th scope="row">
        <div class="who">
          <Name of={candidate.candidate_name} class="name" />
          {mark && <span key={mark} class="mark">{mark}</span>}
          <Name of={candidate.party_affiliation} class="party" />
        </div>
        <Bar length={share / axisEnd} colour={colour} />
      </th>
      <td class="number votes">{count(candidate.total_votes)}</td>
      <td class="number share">{percent(candidate.total_votes, votes)}</td>
    </tr>
  );
}

/** The numbers beside it say what it shows, so it is hidden from assistive technology. */
function Bar({ length, colour }: { length: number; colour: string }) {
  return (
    <svg class="bar" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <rect
        class="bar-length"
        fill={colour}
        width="1"
        height="1"
        // A tenth of a percent is about a pixel: what nobody sees is not drawn again.
        transform={`scale(${length.toFixed(3)} 1)`}
      />
    </svg>
  );
}

/** The share at which the axis ends: the next full 10% above the longest bar, so that it seldom moves. */
function axisEndOf(candidates: readonly CandidateResult[]): number {
  const longest = Math.max(...candidates.map((c) => c.share));
  return Math.min(1, Math.floor(longest * 10 + 1) / 10);
}
