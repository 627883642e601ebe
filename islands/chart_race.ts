/**
 * The race: lead, votes, share or pace over event time, with every overtaking marked.
 * @module
 */
/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { cut, type Look, looksOf } from "./candidate_looks.ts";
import { type ChartData, overtakings, paceOf, type RaceMoment, raceOf, standingOf } from "./chart_data.ts";
import { candidateCaption, raceCaption, type RaceMode } from "./chart_captions.ts";
import { ABOVE_LINES, frame, type Size, timeTicks, WIDTHS } from "./chart_frame.ts";
import { spread } from "./label_places.ts";
import { count, isolated, percent } from "./format.ts";

/** So many candidates, those with the most votes, have a line; the table has all. */
const MAX_LINES = 8;
const HEIGHTS: Record<Size, number> = { narrow: 290, wide: 320 };
const MARGINS = { top: 22, bottom: 28, left: 44 };
/** Room for the names at the lines' ends; lines that end in a number beside the name need more. */
const MARGIN_RIGHT = { narrow: 84, wide: 110 };
const WIDER_MARGIN_RIGHT = { narrow: 84, wide: 160 };
/** So many characters of a name fit there. */
const NAME: Record<Size, number> = { narrow: 9, wide: 14 };

/**
 * Draws the race; empty before the first vote. `of` is a candidate whose line stands out from all others: the lead
 * has no such lines.
 */
export function drawRace(
  document: Document,
  data: ChartData,
  mode: RaceMode,
  size: Size,
  of: string | null = null,
): string {
  const moments = mode === "window" ? paceOf(data) : raceOf(data);
  if (moments.length < 2) return "";
  const looks = looksOf(data.candidates);
  const x = { from: moments[0].at, to: moments.at(-1)!.at };
  const marks = mode === "lead"
    ? leadMarks(data, moments, looks, size)
    : lineMarks(data, moments, looks, mode, size, of);
  const top = highest(data, moments, mode, of);
  const { ticks, write } = timeTicks(x.from, x.to, size === "wide" ? 6 : 3);
  return frame(document, of === null ? raceCaption(data, mode) : candidateCaption(data, of), {
    width: WIDTHS[size],
    height: HEIGHTS[size],
    marginTop: MARGINS.top,
    marginBottom: MARGINS.bottom,
    marginLeft: MARGINS.left,
    marginRight: (mode === "lead" ? MARGIN_RIGHT : WIDER_MARGIN_RIGHT)[size],
    x: { type: "utc", domain: [x.from, x.to], label: null },
    y: { domain: [0, top], label: null },
    color: { type: "identity" },
    marks: [
      Plot.gridY({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisX({ ticks, tickSize: 4, tickFormat: write, fill: "var(--soft)", stroke: "var(--rule)" }),
      Plot.axisY({
        ticks: 4,
        tickSize: 0,
        tickFormat: (n: number) => mode === "share" ? `${Math.round(n * 100)}%` : count(n),
        fill: "var(--soft)",
      }),
      Plot.ruleY([0], { stroke: "var(--ink)" }),
      ...marks,
    ],
  });
}

/** Where the axis ends: from 0, a little above the highest value. */
function highest(
  data: ChartData,
  moments: readonly RaceMoment[],
  mode: RaceMode,
  of: string | null,
): number {
  const shown = shownOf(data, of);
  const values = moments.flatMap((moment) =>
    mode === "lead" ? [standingOf(moment.totals).margin] : valuesOf(shown, moment, mode)
  );
  const most = Math.max(...values.filter(Number.isFinite), mode === "share" ? 0.1 : 1);
  return mode === "share" ? Math.min(1, Math.ceil(most * 10 + 0.2) / 10) : Math.max(4, most * 1.06);
}

/** The places of the candidates that have a line: those with the most votes, and whoever it is of. */
function shownOf({ candidates }: ChartData, of: string | null): number[] {
  return candidates.flatMap(({ candidate_id }, i) => i < MAX_LINES || candidate_id === of ? [i] : []);
}

function valuesOf(shown: readonly number[], { totals, stretch }: RaceMoment, mode: RaceMode): number[] {
  if (mode === "window") return shown.map((i) => stretch[i]);
  if (mode === "votes") return shown.map((i) => totals[i]);
  const all = totals.reduce((sum, n) => sum + n, 0);
  return shown.map((i) => all === 0 ? NaN : totals[i] / all);
}

function lineMarks(
  data: ChartData,
  moments: readonly RaceMoment[],
  looks: ReadonlyMap<string, Look>,
  mode: RaceMode,
  size: Size,
  of: string | null,
): Plot.Markish[] {
  const shown = shownOf(data, of);
  // No stretch ends where the race begins.
  const drawn = mode === "window" ? moments.slice(1) : moments;
  const values = drawn.map((moment) => valuesOf(shown, moment, mode));
  const inner = HEIGHTS[size] - MARGINS.top - MARGINS.bottom;
  const top = highest(data, moments, mode, of);
  const ends = values.at(-1)!.map((value) => MARGINS.top + inner * (1 - (value || 0) / top));
  const places = spread(ends, 16, HEIGHTS[size] - MARGINS.bottom);
  const lines = shown.flatMap((candidate, i) => {
    const { candidate_id } = data.candidates[candidate];
    const { colour, dashes, shortName } = looks.get(candidate_id)!;
    const points = drawn.map(({ at }, t) => ({ at, value: values[t][i] }));
    const value = values.at(-1)![i];
    if (of !== null && of !== candidate_id) {
      return [
        Plot.lineY(points, {
          x: "at",
          y: "value",
          stroke: "var(--soft)",
          strokeOpacity: 0.5,
          strokeWidth: 1.25,
        }),
      ];
    }
    const label = mode === "share"
      ? percent(moments.at(-1)!.totals[candidate], sum(moments.at(-1)!.totals))
      : count(value);
    return [
      Plot.lineY(points, {
        x: "at",
        y: "value",
        stroke: colour,
        strokeWidth: 2.25,
        strokeDasharray: dashes,
        curve: "linear",
      }),
      Plot.text([points.at(-1)!], {
        x: "at",
        y: "value",
        text: () => size === "wide" ? `${isolated(shortName)} ${label}` : cut(shortName, NAME.narrow),
        dx: 8,
        dy: of === null ? places[i] - ends[i] : 0,
        textAnchor: "start",
        fill: colour,
        fontWeight: 600,
      }),
    ];
  });
  return [...of === null ? overtakingRules(data, moments) : [], ...lines.toReversed()];
}

function overtakingRules(data: ChartData, moments: readonly RaceMoment[]): Plot.Markish[] {
  const [from, to] = [moments[0].at.getTime(), moments.at(-1)!.at.getTime()];
  const at = overtakings(data).map(({ at }) => new Date(at))
    .filter((date) => date.getTime() >= from && date.getTime() <= to);
  return [
    Plot.ruleX(at, { stroke: "var(--soft)", strokeDasharray: "2 3", strokeOpacity: 0.7 }),
    Plot.dot(at, { x: (d) => d, y: 0, r: 3.5, fill: "var(--paper)", stroke: "var(--ink)", strokeWidth: 1.5 }),
  ];
}

interface LeadPoint {
  at: Date;
  margin: number;
}

/** The lead as areas, one for each time in the lead; they meet on the axis. */
function leadMarks(
  data: ChartData,
  moments: readonly RaceMoment[],
  looks: ReadonlyMap<string, Look>,
  size: Size,
): Plot.Markish[] {
  const spans = leadSpans(moments).map(({ leader, points }) => ({
    look: looks.get(data.candidates[leader].candidate_id)!,
    points,
  }));
  const areas = spans.flatMap(({ look: { colour }, points }) => [
    Plot.areaY(points, { x: "at", y: "margin", fill: colour, fillOpacity: 0.16 }),
    Plot.lineY(points, { x: "at", y: "margin", stroke: colour, strokeWidth: 2.25 }),
  ]);
  if (spans.length === 0) return []; // tied all the time
  const { look: { colour, shortName }, points } = spans.at(-1)!;
  const last = Plot.text([points.at(-1)!], {
    ...ABOVE_LINES,
    x: "at",
    y: "margin",
    text: ({ margin }: LeadPoint) => `${cut(shortName, NAME[size])}\n+${count(margin)}`,
    lineHeight: 1.25,
    dx: 8,
    textAnchor: "start",
    fill: colour,
    fontWeight: 600,
  });
  return [...areas, ...overtakingRules(data, moments), ...leadLabels(spans, moments, size), last];
}

/** Roughly, in px: of wide letters, and with room around. */
const CHARACTER = 9;
const LABEL_HEIGHT = 18;

/**
 * Names over the times in the lead before the last one, the highest first; where one stands, no other can, nor over
 * a time so short or a lead so small that it would hide what it names.
 */
function leadLabels(
  spans: readonly { look: Look; points: LeadPoint[] }[],
  moments: readonly RaceMoment[],
  size: Size,
): Plot.Markish[] {
  const [from, to] = [moments[0].at.getTime(), moments.at(-1)!.at.getTime()];
  const top = Math.max(...spans.flatMap(({ points }) => points.map(({ margin }) => margin)));
  const width = (WIDTHS[size] - MARGINS.left - MARGIN_RIGHT[size]) / (to - from);
  const height = (HEIGHTS[size] - MARGINS.top - MARGINS.bottom) / top;
  const taken: { x: number; y: number; half: number }[] = [];
  return spans.slice(0, -1).map(({ look, points }) => ({ look, points, peak: peakOf(points) }))
    .sort((a, b) => b.peak.margin - a.peak.margin)
    .flatMap(({ look: { colour, shortName }, points, peak }) => {
      const x = (peak.at.getTime() - from) * width, y = peak.margin * height;
      const half = shortName.length * CHARACTER / 2;
      const length = (points.at(-1)!.at.getTime() - points[0].at.getTime()) * width;
      const isFree = x > half && length > half && y > LABEL_HEIGHT &&
        taken.every((other) =>
          Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > LABEL_HEIGHT
        );
      if (!isFree) return [];
      taken.push({ x, y, half });
      return [Plot.text([peak], {
        ...ABOVE_LINES,
        x: "at",
        y: "margin",
        text: () => shortName,
        dy: -10,
        fill: colour,
        fontWeight: 600,
      })];
    });
}

function peakOf(points: readonly LeadPoint[]): LeadPoint {
  return points.reduce((highest, point) => point.margin > highest.margin ? point : highest);
}

/** Stretches of time with one leader, cut where the lead crosses 0 on a straight line; a tie is 0 of the same. */
export function leadSpans(moments: readonly RaceMoment[]): { leader: number; points: LeadPoint[] }[] {
  const spans: { leader: number; points: LeadPoint[] }[] = [];
  let before: LeadPoint | null = null;
  for (const { at, totals } of moments) {
    const { leader, margin } = standingOf(totals);
    const point = { at, margin };
    const span = spans.at(-1);
    if (span !== undefined && (leader === null || leader === span.leader)) span.points.push(point);
    else if (leader !== null) {
      const crossing = before && { at: crossingOf(before, point), margin: 0 };
      if (crossing) span?.points.push(crossing);
      spans.push({ leader, points: crossing ? [crossing, point] : [point] });
    }
    before = point;
  }
  return spans;
}

function crossingOf(before: LeadPoint, after: LeadPoint): Date {
  const part = before.margin / (before.margin + after.margin);
  return new Date(before.at.getTime() + part * (after.at.getTime() - before.at.getTime()));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
