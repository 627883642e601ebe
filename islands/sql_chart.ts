/**
 * Draws rows with Observable Plot, as lines or bars. Loaded when there is something to draw: Plot is big.
 * @module
 */
/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { timeTicks } from "./chart_frame.ts";
import type { ChartChoice } from "./sql_chart_choice.ts";
import { isNumeric, isTime, type SqlRows, type SqlValue } from "./sql_question.ts";

/** A chart of the rows, which fits into that many pixels of width. */
export function drawChart(
  { columns, rows }: SqlRows,
  { kind, x, y, series }: ChartChoice,
  width: number,
): Element {
  const time = isTime(columns[x].type);
  const text = !time && !isNumeric(columns[x].type);
  const valueOf = (column: number) => {
    const { type } = columns[column];
    if (isTime(type)) return (value: SqlValue) => value === null ? null : dateOf(String(value));
    if (isNumeric(type)) return (value: SqlValue) => value === null ? null : Number(value);
    return (value: SqlValue) => value === null ? "null" : String(value);
  };
  const [xOf, yOf] = [valueOf(x), valueOf(y)];
  const data = rows.map((row) => ({
    x: xOf(row[x]),
    y: yOf(row[y]),
    series: series === null ? "" : String(row[series]),
  }));
  const colour = series === null ? "var(--series-1)" : "series";
  /** As many letters of a name have room. */
  const letters = Math.max(8, Math.floor(width / 20));
  const longest = Math.max(...data.map(({ x }) => String(x).length));
  const options: Plot.PlotOptions = {
    width,
    style: {
      background: "none",
      color: "inherit",
      fontFamily: "inherit",
      fontSize: "12px",
      overflow: "visible",
    },
    color: { legend: series !== null, range: [1, 2, 3, 4, 5, 6].map((n) => `var(--series-${n})`) },
    marginLeft: 60,
    marginTop: 30,
    marginBottom: 40,
  };
  const across = {
    label: columns[x].name,
    ...time && timeAxis(data.map(({ x }) => x as Date | null), width),
  };
  // Nothing but zeros has no scale of its own.
  const domain = data.every(({ y }) => y === null || y === 0) ? { domain: [0, 1] } : {};
  if (kind === "line") {
    return Plot.plot({
      ...options,
      x: { type: time ? "utc" : text ? "point" : "linear", ...across },
      y: { grid: true, label: columns[y].name, nice: true, ...domain },
      marks: [
        Plot.ruleY([0]),
        Plot.lineY(data, {
          x: "x",
          y: "y",
          stroke: colour,
          z: series === null ? null : "series",
          strokeWidth: 2,
        }),
      ],
    });
  }
  if (text) {
    return Plot.plot({
      ...options,
      marginLeft: 16 + 7 * Math.min(longest, letters),
      x: { grid: true, label: columns[y].name, ...domain },
      y: {
        label: null,
        domain: [...new Set(data.map(({ x }) => x as string))],
        tickFormat: (name: string) => name.length > letters ? `${name.slice(0, letters - 1)}…` : name,
      },
      marks: [Plot.barX(data, { y: "x", x: "y", fill: colour }), Plot.ruleX([0])],
    });
  }
  return Plot.plot({
    ...options,
    x: { type: time ? "utc" : "linear", ...across },
    y: { grid: true, label: columns[y].name, ...domain },
    marks: [
      Plot.ruleX(data, {
        x: "x",
        y: "y",
        stroke: colour,
        strokeWidth: Math.max(1, (width - 80) / data.length - 1),
      }),
      Plot.ruleY([0]),
    ],
  });
}

/** Times as the other charts write them: in UTC, by 24 hours. */
function timeAxis(times: (Date | null)[], width: number): Plot.ScaleOptions {
  const known = times.filter((time) => time !== null).map((time) => time.getTime());
  if (known.length === 0) return {};
  const { ticks, write } = timeTicks(new Date(Math.min(...known)), new Date(Math.max(...known)), width / 90);
  return { ticks, tickFormat: write };
}

/** A time as the answer writes it, taken as UTC. */
function dateOf(text: string): Date | null {
  const iso = text.replace(" ", "T");
  const date = new Date(/(Z|[+-]\d\d(:?\d\d)?)$/.test(iso) || !iso.includes("T") ? iso : `${iso}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

const adopted = new Set<string>();

/**
 * Makes a drawing one that the page may hold: its style elements, which the page's policy doesn't allow, become
 * constructed style sheets, and labels of groups, which stand where no role does, go: the figure has one.
 */
export function fitForPage(drawing: Element): Element {
  for (const group of drawing.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  for (const element of drawing.querySelectorAll("style")) {
    const rules = element.textContent ?? "";
    element.remove();
    if (adopted.has(rules)) continue;
    adopted.add(rules);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
  }
  return drawing;
}
