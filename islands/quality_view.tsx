/**
 * Data quality: every check in plain words, what was rejected and why, and how fast the count is.
 * @module
 */
import type { Check, Offender } from "../pipeline/quality.ts";
import type { Vitals } from "../pipeline/vitals.ts";
import { type Fact, Facts } from "./facts.tsx";
import { ago, count, moment, rate } from "./format.ts";
import type { LiveData } from "./live_state.ts";
import { CHECKS, messages, REJECTIONS } from "./messages.ts";

const text = messages.quality;
/** As many of a check's offenders are listed. */
const SHOWN_OFFENDERS = 10;

/** The newest report of the checks, as `GET /api/v1/quality` answers. */
export interface QualityAnswer {
  status: "ok" | "findings" | "unknown";
  version: number;
  /** ISO 8601 UTC. */
  as_of: string;
  checks: Check[];
}

/** What is shown, and when that is. */
export interface QualityProps {
  data: LiveData;
  report: QualityAnswer;
  nowMs: number;
}

/** The whole page. */
export function QualityView({ data, report, nowMs }: QualityProps) {
  return (
    <>
      <p class="introduction">{overall(report)}</p>
      <p class="quiet prose-text">{text.introduction}</p>
      {report.checks.length > 0 && <Checks report={report} nowMs={nowMs} />}
      <div class="two-columns">
        <section aria-labelledby="rejected">
          <h2 id="rejected">{text.rejected}</h2>
          <Rejected rejected={data.vitals.rejected} />
        </section>
        <section aria-labelledby="pace">
          <h2 id="pace">{text.pace}</h2>
          <Pace data={data} />
        </section>
      </div>
    </>
  );
}

function overall({ status, checks }: QualityAnswer): string {
  const unknown = checks.filter((check) => check.status === "unknown").length;
  return status === "ok" && unknown > 0 ? text.status.okSoFar(count(unknown)) : text.status[status];
}

function Checks({ report: { checks, as_of, version }, nowMs }: Omit<QualityProps, "data">) {
  return (
    <section aria-labelledby="checks">
      <h2 id="checks">{text.checks}</h2>
      <table class="figures checks">
        <caption class="quiet">
          {text.checked(moment(as_of), ago(nowMs - Date.parse(as_of)), count(version))}
        </caption>
        <thead>
          <tr>
            <th scope="col">{text.columns.check}</th>
            <th scope="col">{text.columns.state}</th>
            <th scope="col" class="number">{text.columns.value}</th>
            <th scope="col" class="number">{text.columns.expected}</th>
          </tr>
        </thead>
        <tbody>{checks.map((check) => <CheckRow key={check.id} check={check} />)}</tbody>
      </table>
    </section>
  );
}

function CheckRow({ check: { id, compares, status, value, expected, offenders } }: { check: Check }) {
  const shown = offenders.slice(0, SHOWN_OFFENDERS);
  return (
    <tr class={status}>
      <th scope="row">
        {CHECKS[id] ?? compares}
        {CHECKS[id] && <span class="quiet compares">{compares}</span>}
        {status === "finding" && shown.length > 0 && (
          <details>
            <summary>{text.offenders(count(shown.length))}</summary>
            <ul>{shown.map((offender, i) => <li key={i}>{placeOf(offender)}</li>)}</ul>
          </details>
        )}
      </th>
      <td class="state">
        <span class={`state-mark ${status}`}>{text.state[status]}</span>
      </td>
      <td class="number">{value === null ? messages.none : count(value)}</td>
      <td class="number">{expected === null ? messages.none : count(expected)}</td>
    </tr>
  );
}

function placeOf({ topic, partition, offset, table }: Offender): string {
  if (table !== undefined) return text.table(table);
  if (topic === undefined || partition === undefined) return text.elsewhere;
  return offset === undefined
    ? text.partition(topic, String(partition))
    : text.place(topic, String(partition), String(offset));
}

const TOPICS = ["votes_topic", "voters_topic", "candidates_topic"] as const;

function Rejected({ rejected }: { rejected: Vitals["rejected"] }) {
  const reasons = Object.keys(REJECTIONS).filter((reason) =>
    TOPICS.some((topic) => counted(rejected, topic, reason) > 0)
  );
  return (
    <>
      <p class="quiet">{text.rejectedNote}</p>
      {reasons.length === 0 ? <p>{text.noneRejected}</p> : (
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">{text.rejectedColumns.reason}</th>
              {TOPICS.map((topic) => (
                <th key={topic} scope="col" class="number">{text.rejectedColumns[topic]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {reasons.map((reason) => (
              <tr key={reason}>
                <th scope="row">
                  {REJECTIONS[reason]} <code class="quiet">{reason}</code>
                </th>
                {TOPICS.map((topic) => (
                  <td key={topic} class="number">{count(counted(rejected, topic, reason))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function counted(rejected: Vitals["rejected"], topic: typeof TOPICS[number], reason: string): number {
  return (rejected[topic] as Record<string, number> | undefined)?.[reason] ?? 0;
}

function Pace({ data: { results: { totals }, vitals: { lag, latency_ms } } }: { data: LiveData }) {
  const unknown = messages.strip.unknown;
  const milliseconds = (ms?: number) => ms === undefined ? unknown : messages.strip.milliseconds(rate(ms));
  const figures: Fact[] = [
    [text.lag, lag === null ? unknown : count(lag)],
    [text.median, milliseconds(latency_ms?.median)],
    [text.p99, milliseconds(latency_ms?.p99)],
    [text.late, count(totals.late)],
    [text.duplicates, count(totals.duplicates)],
    [text.waiting, count(totals.waiting)],
  ];
  return (
    <>
      <Facts of={figures} />
      <p class="quiet">{text.latencyNote}</p>
    </>
  );
}
