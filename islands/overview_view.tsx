/**
 * The overview as pure markup of Results: the server renders it, and the browser keeps it live.
 * @module
 */
import type { ComponentChildren } from "preact";
import { Bars } from "./bars_view.tsx";
import { count, counted, moment, percent, rate } from "./format.ts";
import { certainty, everyoneHasVoted, leaders, type LiveResults, sentence } from "./sentence.ts";

/** What is shown, and what the browser adds: a line on freshness, and a control. Both absent on the server. */
export interface OverviewProps {
  results: LiveResults;
  /** In words, how far the figures can be trusted to be the newest; null where that goes without saying. */
  notice?: string | null;
  controls?: ComponentChildren;
}

/** The whole result of an election. */
export function OverviewView({ results, notice = null, controls }: OverviewProps) {
  return (
    <>
      <p class="sentence">{sentence(results)}</p>
      <div class="freshness">
        <p>
          As of <time dateTime={results.as_of}>{moment(results.as_of)}</time>
          <span class="notice">{notice ?? catchingUp(results)}</span>
        </p>
        {controls}
      </div>
      <div class="columns">
        <section class="count" aria-labelledby="count-heading">
          <h2 id="count-heading">The count</h2>
          <Leader results={results} />
          <Bars results={results} />
        </section>
        <section class="turnout" aria-labelledby="turnout-heading">
          <h2 id="turnout-heading">Turnout</h2>
          <Totals results={results} />
          <Notes results={results} />
        </section>
      </div>
    </>
  );
}

function catchingUp(results: LiveResults): string | null {
  return results.catching_up ? "Still reading the log: these figures are not complete yet." : null;
}

function Leader({ results }: { results: LiveResults }) {
  const { leader, totals } = results;
  const sure = certainty(results);
  if (!leader || !sure) return null;
  const first = leaders(results);
  const [candidate] = first;
  return (
    <div class="leader">
      <img
        key={candidate.candidate_id}
        src={`/portraits/${encodeURIComponent(candidate.candidate_id)}.svg`}
        alt=""
        width="160"
        height="160"
      />
      <div class="leader-text">
        <p class="kicker">
          {leader.tied ? `Tied for first place, ${count(first.length)} candidates` : "Leading candidate"}
        </p>
        <p class="leader-name">
          <bdi>{candidate.candidate_name}</bdi>
        </p>
        <p class="party">
          <bdi>{candidate.party_affiliation}</bdi>
        </p>
        <p class="leader-votes">
          <strong>{counted(candidate.total_votes, "vote")}</strong>,{" "}
          {percent(candidate.total_votes, totals.votes)} of those counted
        </p>
        <p class="certainty">
          <strong class={leader.decided ? "decided" : undefined}>{sure.label}.</strong> {sure.arithmetic}
        </p>
      </div>
    </div>
  );
}

function Totals({ results }: { results: LiveResults }) {
  const { votes, voters, votes_per_second } = results.totals;
  return (
    <>
      <p class="turnout-share">
        <strong>{percent(votes, voters)}</strong>{" "}
        {everyoneHasVoted(results) ? "Every registered voter has voted" : "of registered voters have voted"}
      </p>
      <svg class="bar" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        <rect
          class="bar-length"
          width="1"
          height="1"
          transform={`scale(${voters ? (votes / voters).toFixed(4) : 0} 1)`}
        />
      </svg>
      <dl class="totals">
        <Total name="Votes counted">{count(votes)}</Total>
        <Total name="Registered voters">{count(voters)}</Total>
        <Total name="Votes per second">{rate(votes_per_second)}</Total>
        <Total name="Votes per minute">{count(Math.round(votes_per_second * 60))}</Total>
      </dl>
    </>
  );
}

function Total({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What did not count, or not yet: said always, because a reader can't ask for what she doesn't know of. */
function Notes({ results }: { results: LiveResults }) {
  const { waiting, late, duplicates, rejected } = results.totals;
  return (
    <p class="notes">
      {counted(waiting, "vote")} waiting for accreditation · {counted(late, "late vote")} counted ·{" "}
      {counted(duplicates, "duplicate")} and {counted(rejected, "rejected record")} not counted
    </p>
  );
}
