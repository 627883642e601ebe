/**
 * Shares as a ring, which stands beside the bars and never alone: Plot has no such mark, for good reasons.
 * @module
 */
// @ts-types="npm:@types/d3-shape@3.2.0"
import { arc, pie } from "d3-shape";
import { looksOf, writable } from "./candidate_looks.ts";
import { chartMessages } from "./chart_messages.ts";
import { count, counted, percent } from "./format.ts";
import { spread } from "./label_places.ts";
import { type LiveResults, sentence } from "./sentence.ts";

const WIDTH = 340;
const HEIGHT = 224;
const OUTER = 68;
const INNER = 45;
const LABELS_AT = OUTER + 10;
/** Labels are two lines of this height. */
const LINE = 15;
/** Thinner slices have no label: the bars name everybody. */
const MIN_LABELLED = 0.03;

const ring = arc<{ startAngle: number; endAngle: number }>().innerRadius(INNER).outerRadius(OUTER)
  .padAngle(0.012);
const slices = pie<number>().sort(null);

interface Slice {
  key: string;
  path: string;
  colour: string;
  /** The middle of its outer edge. */
  x: number;
  y: number;
  text: string;
  isLabelled: boolean;
}

/** The ring; nothing at 0 votes. */
export function ShareRing({ results }: { results: LiveResults }) {
  const { totals } = results;
  if (totals.votes === 0) return null;
  const shown = slicesOf(results);
  return (
    <svg
      class="plot ring"
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`${-WIDTH / 2} ${-HEIGHT / 2} ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={writable(`${chartMessages.shareTitle}. ${sentence(results)}`)}
      font-family="system-ui, sans-serif"
      font-size="13.5"
      fill="currentColor"
    >
      {shown.map(({ key, path, colour }) => <path key={key} d={path} fill={colour} />)}
      <Labels slices={shown.filter(({ isLabelled, x }) => isLabelled && x >= 0)} side={1} />
      <Labels slices={shown.filter(({ isLabelled, x }) => isLabelled && x < 0)} side={-1} />
      <text text-anchor="middle" y="3" font-size="17" font-weight="700">{count(totals.votes)}</text>
      <text text-anchor="middle" y="19">{counted(totals.votes, "vote").replace(/^\S+ /, "")}</text>
    </svg>
  );
}

function Labels({ slices, side }: { slices: Slice[]; side: 1 | -1 }) {
  const heights = spread(slices.map(({ y }) => y), 2 * LINE, HEIGHT / 2 - LINE);
  return slices.map(({ key, text, x }, i) => {
    const [name, share] = text.split("\n");
    return (
      <text key={key} text-anchor={side === 1 ? "start" : "end"} x={x} y={heights[i]}>
        <tspan font-weight="600">{share}</tspan>
        <tspan x={x} dy="1.15em">{name}</tspan>
      </text>
    );
  });
}

function slicesOf({ candidates, totals }: LiveResults): Slice[] {
  const looks = looksOf(candidates);
  return slices(candidates.map(({ total_votes }) => total_votes)).map((angles, i) => {
    const { candidate_id, total_votes } = candidates[i];
    const { colour, shortName } = looks.get(candidate_id)!;
    const middle = (angles.startAngle + angles.endAngle) / 2;
    return {
      key: candidate_id,
      path: ring(angles)!,
      colour,
      x: rounded(Math.sin(middle) * LABELS_AT),
      y: rounded(-Math.cos(middle) * LABELS_AT - (Math.cos(middle) > 0 ? LINE * Math.cos(middle) : 0)),
      text: `${shortName}\n${percent(total_votes, totals.votes)}`,
      isLabelled: total_votes / totals.votes >= MIN_LABELLED,
    };
  });
}

const rounded = (n: number) => Math.round(n * 100) / 100;
