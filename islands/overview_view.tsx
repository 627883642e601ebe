/**
 * The overview as pure markup of Results: the server renders it, and the browser keeps it live.
 * @module
 */
import { Bars } from "./bars_view.tsx";
import { chartMessages } from "./chart_messages.ts";
import { RESULTS_ADDRESS } from "./chart_queries.ts";
import { Files } from "./chart_files.tsx";
import { Facts } from "./facts.tsx";
import { count, counted, percent, rate } from "./format.ts";
import { messages } from "./messages.ts";
import { Name } from "./name.tsx";
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

const text = messages.overview;
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
          <h2 id="count-heading">{text.count}</h2>
          <Leader results={results} />
          <Shares results={results} />
        </section>
        <section class="turnout" aria-labelledby="turnout-heading">
          <h2 id="turnout-heading">{text.turnout}</h2>
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
        <span>
          {chartMessages.votesTitle}:{" "}
          <Files name="votes" title={chartMessages.votesTitle} asked={RESULTS_ADDRESS} />
        </span>{" "}
        <span>
          {chartMessages.shareTitle}:{" "}
          <Files name="share" title={chartMessages.shareTitle} asked={RESULTS_ADDRESS} />
        </span>
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
        <p class="kicker">{text.kicker[leader.tied ? "tied" : won ? "won" : "leading"]}</p>
        {first.length <= MAX_PORTRAITS
          ? first.map((c) => (
            <p key={c.candidate_id} class="leader-name">
              <Name of={c.candidate_name} /> <Name of={c.party_affiliation} class="party" />
            </p>
          ))
          : <p class="leader-name">{counted(first.length, "candidate")}</p>}
        <p class="leader-votes">
          <strong>{counted(total_votes, "vote")}</strong>
          {leader.tied && ` ${text.each}`}, {text.share(percent(total_votes, totals.votes))}
          {!leader.tied && `, ${text.ahead(count(leader.margin))}`}
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
        <strong>{percent(votes, voters)}</strong> {everyoneHasVoted(results) ? text.everyone : text.haveVoted}
      </p>
      <svg class="bar" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        <rect
          class="bar-length"
          width="1"
          height="1"
          transform={`scale(${voters ? (votes / voters).toFixed(3) : 0} 1)`}
        />
      </svg>
      <Facts
        of={[
          [text.votes, count(votes)],
          [text.voters, count(voters)],
          [text.perSecond, rate(votes_per_second)],
          [text.perMinute, count(Math.round(votes_per_second * 60))],
        ]}
      />
    </>
  );
}

/** What did not count, or not yet: said always, because a reader can't ask for what she doesn't know of. */
function Notes({ results }: { results: LiveResults }) {
  const { waiting, late, duplicates, rejected } = results.totals;
  return (
    <p class="notes">
      {text.notes(
        counted(waiting, "vote"),
        counted(late, "late vote"),
        counted(duplicates, "duplicate"),
        counted(rejected, "rejected record"),
      )}
    </p>
  );
}
