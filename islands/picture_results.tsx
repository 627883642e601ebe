/**
 * The pictures of the present state: bars, the table, and the card of who leads.
 * @module
 */
import type { ComponentChildren } from "preact";
import type { CandidateResult } from "../pipeline/results.ts";
import { cut, drawable, looksOf } from "./candidate_looks.ts";
import type { Size } from "./chart_frame.ts";
import { listedOf } from "./embed_options.ts";
import type { Formats } from "./locale_format.ts";
import { EDGE, frameOf, type Picture, Words } from "./picture_frame.tsx";
import { isDecided, isOver, leaders, type LiveResults, sentence } from "./sentence.ts";

/** What is drawn. */
export interface Drawn {
  readonly results: LiveResults;
  /** Null: all of them. */
  readonly region: string | null;
  readonly limit: number;
  readonly formats: Formats;
  readonly size: Size;
}

const WIDTHS: Record<Size, number> = { narrow: 360, wide: 600 };

/** What a picture is called: the election, and the region it is of. */
export function titleOf(results: Pick<LiveResults, "election">, region: string | null): string {
  return region === null ? results.election.title : `${region} · ${results.election.title}`;
}

/** The sentence about all of the count, or about one region of it; it says that the election is simulated. */
export function summaryOf(results: LiveResults, region: string | null): string {
  return `Simulated: ${region === null ? "" : `${region}: `}${sentence(results)}`;
}

/** Votes per candidate as bars from zero, with votes and share. */
export function drawBars(drawn: Drawn): Picture {
  const { results, formats, size } = drawn;
  const { shown, hidden } = listed(drawn);
  const looks = looksOf(results.candidates);
  const inner = WIDTHS[size] - 2 * EDGE;
  const most = Math.max(shown[0]?.total_votes ?? 0, 1);
  const row = 48;
  return framed(
    drawn,
    shown.length * row + (hidden > 0 ? 24 : 0),
    <>
      {shown.map((candidate, i) => (
        <g key={candidate.candidate_id} transform={`translate(${EDGE} ${i * row})`}>
          <Who candidate={candidate} width={inner - 150} y={18} />
          <Words x={inner} y={18} width={150} size={15} bold end>
            {`${formats.count(candidate.total_votes)} (${
              formats.percent(candidate.total_votes, results.totals.votes)
            })`}
          </Words>
          <rect y="26" width={inner} height="12" fill="var(--track)" />
          <rect
            y="26"
            width={rounded(inner * candidate.total_votes / most)}
            height="12"
            fill={looks.get(candidate.candidate_id)!.colour}
          />
        </g>
      ))}
      <More hidden={hidden} y={shown.length * row + 14} formats={formats} />
    </>,
  );
}

/** Candidates, parties, votes and shares. */
export function drawTable(drawn: Drawn): Picture {
  const { results, formats, size } = drawn;
  const { shown, hidden } = listed(drawn);
  const looks = looksOf(results.candidates);
  const inner = WIDTHS[size] - 2 * EDGE;
  const row = 32;
  const head = 28;
  const votes = inner - 80;
  const party = size === "wide" ? 220 : null;
  const nameWidth = (party ?? votes - 80) - 26;
  return framed(
    drawn,
    head + shown.length * row + (hidden > 0 ? 24 : 0),
    <>
      <g transform={`translate(${EDGE} 0)`}>
        <Words x={0} y={16} width={nameWidth} size={12.5} soft>Candidate</Words>
        {party !== null && <Words x={party} y={16} width={140} size={12.5} soft>Party</Words>}
        <Words x={votes} y={16} width={80} size={12.5} soft end>Votes</Words>
        <Words x={inner} y={16} width={80} size={12.5} soft end>Share</Words>
        <line x2={inner} y1={head - 4} y2={head - 4} stroke="var(--ink)" />
        {shown.map((candidate, i) => (
          <g key={candidate.candidate_id} transform={`translate(0 ${head + i * row})`}>
            <rect y="6" width="12" height="12" fill={looks.get(candidate.candidate_id)!.colour} />
            <Words x={20} y={17} width={nameWidth} size={15} bold>{candidate.candidate_name}</Words>
            {party !== null && (
              <Words x={party} y={17} width={votes - 70 - party} size={14} soft>
                {candidate.party_affiliation}
              </Words>
            )}
            <Words x={votes} y={17} width={90} size={15} end>{formats.count(candidate.total_votes)}</Words>
            <Words x={inner} y={17} width={80} size={15} end>
              {formats.percent(candidate.total_votes, results.totals.votes)}
            </Words>
            <line x2={inner} y1={row - 4} y2={row - 4} stroke="var(--rule)" />
          </g>
        ))}
      </g>
      <More hidden={hidden} y={head + shown.length * row + 14} formats={formats} />
    </>,
  );
}

/** So high is a card that previews of links show whole. */
const CARD = { narrow: 216, wide: 219 } as const;
/** So many candidates a card has room for. */
const CARD_BARS = 3;

/** Who leads, by how much, and who follows; as wide and high as previews of links are. */
export function drawCard(drawn: Drawn): Picture {
  const { results, formats, size } = drawn;
  const inner = WIDTHS[size] - 2 * EDGE;
  const looks = looksOf(results.candidates);
  const first = leaders(results);
  const shown = results.candidates.slice(0, CARD_BARS);
  const big = size === "wide" ? 34 : 26;
  const bars = 132;
  const label = size === "wide" ? 170 : 112;
  const share = 70;
  return framed(
    drawn,
    CARD[size],
    <g transform={`translate(${EDGE} 0)`}>
      {first.length === 0 ? <Lines text={sentence(results)} width={inner} /> : (
        <>
          <rect y="8" width="7" height="74" fill={looks.get(first[0].candidate_id)!.colour} />
          <Words x={20} y={38} width={inner - 20} size={big} bold>
            {first.length === 1
              ? first[0].candidate_name
              : first.length === 2
              ? first.map((one) => one.candidate_name).join(" · ")
              : `${formats.count(first.length)} candidates`}
          </Words>
          <Words x={20} y={58} width={inner - 20} size={15} soft>
            {first.length === 1 ? first[0].party_affiliation : ""}
          </Words>
          <Words x={20} y={80} width={inner - 20} size={18}>{standingOf(results, first[0], formats)}</Words>
        </>
      )}
      {first.length > 0 &&
        shown.map((candidate, i) => (
          <g key={candidate.candidate_id} transform={`translate(0 ${bars - 30 + i * 34})`}>
            <Words x={0} y={19} width={label - 8} size={15}>
              {size === "wide" ? candidate.candidate_name : looks.get(candidate.candidate_id)!.shortName}
            </Words>
            <rect x={label} y="6" width={inner - label - share} height="16" fill="var(--track)" />
            <rect
              x={label}
              y="6"
              width={rounded((inner - label - share) * candidate.total_votes / results.totals.votes)}
              height="16"
              fill={looks.get(candidate.candidate_id)!.colour}
            />
            <Words x={inner} y={19} width={share} size={15} bold end>
              {formats.percent(candidate.total_votes, results.totals.votes)}
            </Words>
          </g>
        ))}
    </g>,
  );
}

function standingOf(results: LiveResults, first: CandidateResult, { count }: Formats): string {
  const { margin, tied } = results.leader!;
  const votes = (n: number) => `${count(n)} ${n === 1 ? "vote" : "votes"}`;
  if (tied) return `tied on ${votes(first.total_votes)} each`;
  return isDecided(results) && isOver(results) ? `has won by ${votes(margin)}` : `leads by ${votes(margin)}`;
}

/** The candidates with the most votes, and how many there are besides. */
function listed({ results, limit }: Drawn) {
  const { candidates } = results;
  const listed = listedOf(candidates.length, limit);
  return { shown: candidates.slice(0, listed), hidden: candidates.length - listed };
}

function framed(drawn: Drawn, height: number, children: ComponentChildren): Picture {
  const { results, region, formats, size } = drawn;
  const { totals, as_of, catching_up } = results;
  const footer = [
    catching_up ? "Not complete yet" : null,
    `Turnout ${formats.percent(totals.votes, totals.voters)}`,
    size === "wide" ? `${formats.count(totals.votes)} votes counted` : null,
    formats.moment(as_of),
  ];
  return frameOf({
    width: WIDTHS[size],
    height: Math.max(height, 24),
    title: titleOf(results, region),
    sentence: summaryOf(results, region),
    footer: footer.filter((part) => part !== null).join(" · "),
    children: results.candidates.length > 0
      ? children
      : <Words x={EDGE} y={16} width={WIDTHS[size] - 2 * EDGE} size={14}>{sentence(results)}</Words>,
  });
}

/** Name and party in one text, so that the party stands right after the name, however wide that is drawn. */
function Who({ candidate, width, y }: { candidate: CandidateResult; width: number; y: number }) {
  const characters = Math.floor(width / 8);
  const name = cut(drawable(candidate.candidate_name), characters);
  const rest = characters - [...name].length - 2;
  return (
    <text y={y} font-size="15">
      <tspan font-weight="700">{name}</tspan>
      {rest >= 8 && (
        <tspan dx="8" font-size="13" fill="var(--soft)">
          {cut(drawable(candidate.party_affiliation), rest)}
        </tspan>
      )}
    </text>
  );
}

function More({ hidden, y, formats }: { hidden: number; y: number; formats: Formats }) {
  return hidden === 0
    ? null
    : <Words x={EDGE} y={y} width={300} size={13} soft>{`and ${formats.count(hidden)} more`}</Words>;
}

/** A text in as many lines as it needs. */
function Lines({ text, width }: { text: string; width: number }) {
  const perLine = Math.floor(width / 10.5);
  const lines = text.match(new RegExp(`.{1,${perLine}}(?:\\s|$)`, "gsu")) ?? [text];
  return (
    <>
      {lines.map((line, i) => (
        <Words key={i} x={0} y={34 + i * 28} width={width} size={20}>{line.trim()}</Words>
      ))}
    </>
  );
}

const rounded = (n: number) => Math.round(n * 100) / 100;
