/**
 * The overview as pure markup of Results: the server renders it, and the browser keeps it live.
 * @module
 */
import { Bars } from "./bars_view.tsx";
import { chartMessages } from "./chart_messages.ts";
import { Files } from "./chart_files.tsx";
import { count, counted, percent, rate } from "./format.ts";
import type { CandidateResult } from "../pipeline/results.ts";
import {
  certainty,
  everyoneHasVoted,
  hours,
  isDecided,
  isOver,
  leaders,
  type LiveResults,
  sentence,
} from "./sentence.ts";
import { ShareRing } from "./share_view.tsx";

/** More than these in a tie are a number, not faces. */
const MAX_PORTRAITS = 3;

/** The whole result of an election. */
export function OverviewView({ results }: { results: LiveResults }) {
  return (
    <>
      <p class="sentence">{sentence(results)}</p>
      <Hours results={results} />
      <div class="columns">
        <section class="count" aria-labelledby="count-heading">
          <h2 id="count-heading">The count</h2>
          <Leader results={results} />
          <Shares results={results} />
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

/** Bars, and the same as a ring beside them. */
function Shares({ results }: { results: LiveResults }) {
  return (
    <div class="shares">
      <div class="shares-columns">
        <Bars results={results} />
        <ShareRing results={results} />
      </div>
      <p class="downloads">
        {chartMessages.votesFile}: <Files name="votes" title={chartMessages.votesFile} />{" "}
        {chartMessages.shareFile}: <Files name="share" title={chartMessages.shareFile} />
      </p>
    </div>
  );
}

function Hours({ results }: { results: LiveResults }) {
  const said = hours(results);
  return said && <p class="hours">{said}</p>;
}

function Leader({ results }: { results: LiveResults }) {
  const { leader, totals } = results;
  const sure = certainty(results);
  if (!leader || !sure) return null;
  const first = leaders(results);
  const { total_votes } = first[0];
  const decided = isDecided(results);
  const won = decided && isOver(results);
  return (
    <div class="leader">
      <div class="portraits">
        {first.slice(0, MAX_PORTRAITS).map((c) => <Portrait key={c.candidate_id} of={c} />)}
      </div>
      {/* Other words are other elements: nothing that stays has moved. */}
      <div class="leader-text" key={leader.tied ? "tied" : "ahead"}>
        <p class="kicker">{leader.tied ? "Tied for first place" : won ? "Winner" : "Leading candidate"}</p>
        {first.length <= MAX_PORTRAITS
          ? first.map((c) => (
            <p key={c.candidate_id} class="leader-name">
              <bdi>{c.candidate_name}</bdi> <bdi class="party">{c.party_affiliation}</bdi>
            </p>
          ))
          : <p class="leader-name">{count(first.length)} candidates</p>}
        <p class="leader-votes">
          <strong>{counted(total_votes, "vote")}</strong>
          {leader.tied ? " each" : ""}, {percent(total_votes, totals.votes)} of those counted
          {leader.tied ? "" : `, ${count(leader.margin)} ahead`}
        </p>
        <p class="certainty">
          <strong class={decided ? "decided" : undefined}>{sure.label}.</strong> {sure.arithmetic}
        </p>
      </div>
    </div>
  );
}

/** Decoration: the name stands beside it. */
function Portrait({ of: { candidate_id } }: { of: CandidateResult }) {
  return <img src={`/portraits/${encodeURIComponent(candidate_id)}.svg`} alt="" width="160" height="160" />;
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
          transform={`scale(${voters ? (votes / voters).toFixed(3) : 0} 1)`}
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
