/**
 * `view="race"`: each candidate's share of the votes over time, as lines. By hand, because the library that draws the
 * pages' charts is ten times the widget.
 * @module
 */
import { cut } from "../islands/candidate_looks.ts";
import { type ChartData, type RaceMoment, raceOf } from "../islands/chart_data.ts";
import { spread } from "../islands/label_places.ts";
import type { Figures } from "./figures.ts";
import { h, type Tree } from "./tree.ts";
import { coloursOf } from "./view.ts";
import { words } from "./words.ts";

/** More lines than these can't be told apart. */
const MAX_LINES = 8;
const HEIGHT = 230;
const TOP = 10;
const BOTTOM = 26;
const LEFT = 40;
/** Roughly, in px, of wide fonts; labels are two lines of this height. */
const CHARACTER = 9;
const LINE = 15;
const NARROW = 420;
/** The first votes make shares jump: lines begin where so many of all are counted. */
const SETTLED = 0.01;

/** The lines, drawn for a room of so many px; said in words where there are none. */
export function race(
  data: ChartData,
  figures: Figures,
  limit: number,
  width: number,
  standing: string,
): Tree[] {
  const moments = settled(raceOf(data));
  if (moments.length < 2) return [h("p", { class: "empty" }, words.noVotes)];
  const look = coloursOf(data.candidates);
  const shown = data.candidates.slice(0, Math.min(limit, MAX_LINES));
  const shares = shown.map((_, i) => moments.map(({ totals }) => totals[i] / sum(totals)));
  const longest = width < NARROW ? 9 : 14;
  const names = shown.map(({ candidate_id }) => cut(look(candidate_id).shortName, longest));
  const right = Math.max(...names.map((name) => name.length), 6) * CHARACTER + 14;
  const [low, high] = rangeOf(shares.flat());
  const fromMs = moments[0].at.getTime(), toMs = moments.at(-1)!.at.getTime();
  const x = (ms: number) => round(LEFT + (width - LEFT - right) * (ms - fromMs) / (toMs - fromMs));
  const y = (share: number) => round(TOP + (HEIGHT - TOP - BOTTOM) * (high - share) / (high - low));
  const ends = shares.map((line) => y(line.at(-1)!));
  const places = spread(ends, 2 * LINE + 2, HEIGHT - BOTTOM - LINE);

  const grid = stepsOf(low, high).map((share) =>
    h(
      "g",
      { key: share },
      h("line", { class: "rule", x1: LEFT, x2: width - right, y1: y(share), y2: y(share) }),
      h(
        "text",
        { class: "soft", x: LEFT - 8, y: y(share) + 4, "text-anchor": "end" },
        figures.percent(Math.round(share * 100), 100).replace(/[.,٫]\D?[0٠]/, ""),
      ),
    )
  );
  const times = timesOf(fromMs, toMs, width < NARROW ? 2 : 4).map((ms) =>
    h(
      "text",
      { key: ms, class: "soft", x: x(ms), y: HEIGHT - 6, "text-anchor": "middle" },
      figures.tick(ms, toMs - fromMs),
    )
  );
  const lines = shown.map(({ candidate_id }, i) => {
    const { colour, dashes } = look(candidate_id);
    const points = moments.map(({ at }, t) => `${x(at.getTime())} ${y(shares[i][t])}`);
    return h(
      "g",
      { key: candidate_id, "--colour": colour },
      h("path", { part: "line", class: "line", d: `M${points.join("L")}`, "stroke-dasharray": dashes }),
      h("circle", { class: "dot", cx: x(toMs), cy: ends[i], r: 3.5 }),
      h(
        "text",
        { part: "label", class: "label", x: width - right + 10, y: places[i] },
        h("tspan", {}, names[i]),
        h(
          "tspan",
          { class: "strong", x: width - right + 10, dy: LINE },
          figures.percent(moments.at(-1)!.totals[i], sum(moments.at(-1)!.totals)),
        ),
      ),
    );
  });
  return [
    h(
      "svg",
      {
        part: "chart",
        class: "race",
        viewBox: `0 0 ${width} ${HEIGHT}`,
        role: "img",
        "aria-label": words.raceLabel(standing),
        direction: "ltr",
      },
      ...grid,
      ...times,
      ...lines.toReversed(),
    ),
  ];
}

function settled(moments: readonly RaceMoment[]): readonly RaceMoment[] {
  const all = sum(moments.at(-1)?.totals ?? []);
  return moments.filter(({ totals }) => sum(totals) > 0 && sum(totals) >= all * SETTLED);
}

/** From a step below the least to a step above the most, so that lines fill the room. */
function rangeOf(shares: readonly number[]): [number, number] {
  const low = Math.min(...shares), high = Math.max(...shares);
  const room = Math.max(0.01, (high - low) * 0.1);
  return [Math.max(0, low - room), Math.min(1, high + room)];
}

/** Some three to six round shares within. */
function stepsOf(low: number, high: number): number[] {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25].find((step) => (high - low) / step <= 5.5) ?? 0.5;
  return multiples(low, high, step);
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const TIME_STEPS = [
  ...[10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE),
];

/** At most so many round times within; the very ends have no room for a label. */
function timesOf(fromMs: number, toMs: number, most: number): number[] {
  const step = TIME_STEPS.find((step) => (toMs - fromMs) / step <= most + 0.9) ?? TIME_STEPS.at(-1)!;
  const edge = (toMs - fromMs) * 0.06;
  return multiples(fromMs + edge, toMs - edge, step);
}

function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
const round = (n: number) => Math.round(n * 10) / 10;
