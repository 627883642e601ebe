/**
 * Draws `docs/bench.svg` from the newest reports in `bench/results/`: each figure beside its limit of the same
 * runs. Benchmarks without a report are left out.
 * @module
 */
/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { chartDocument } from "../routes/chart_document.ts";
import { print, type Spread } from "./report.ts";

/** What is shown of a benchmark: two of its figures that mean the same, Teller's and the limit's. */
interface Shown {
  readonly benchmark: string;
  readonly label: string;
  readonly teller: string;
  readonly limit: string;
  readonly limitIs: string;
  readonly unit: string;
}

const SHOWN: readonly Shown[] = [
  {
    benchmark: "replay",
    label: "replay",
    teller: "Teller, votes/s",
    limit: "kcat less that, records/s",
    limitIs: "kcat, dropping all",
    unit: "/s",
  },
  {
    benchmark: "replay_own",
    label: "replay, own votes",
    teller: "Teller, votes/s",
    limit: "kcat less that, records/s",
    limitIs: "kcat, dropping all",
    unit: "/s",
  },
  {
    benchmark: "ingest",
    label: "single votes",
    teller: "single, votes/s",
    limit: "bare appends of one, votes/s",
    limitIs: "appends alone",
    unit: "/s",
  },
  {
    benchmark: "ingest",
    label: "votes in arrays",
    teller: "arrays, votes/s",
    limit: "bare appends of as many, votes/s",
    limitIs: "appends alone",
    unit: "/s",
  },
  {
    benchmark: "demo",
    label: "a demo's votes",
    teller: "votes/s",
    limit: "bare appends of the same votes, votes/s",
    limitIs: "appends alone",
    unit: "/s",
  },
  {
    benchmark: "latency",
    label: "a vote alone, p50",
    teller: "alone, Kafka, ms until seen, p50",
    limit: "alone, Kafka, ms until answered, p50",
    limitIs: "durable and answered",
    unit: " ms",
  },
  {
    benchmark: "sse",
    label: "viewers, p99",
    teller: "Teller, ms until read, p99",
    limit: "bare, ms until read, p99",
    limitIs: "a bare server",
    unit: " ms",
  },
  {
    benchmark: "sse",
    label: "memory a viewer",
    teller: "Teller, KiB of memory a viewer",
    limit: "bare, KiB of memory a viewer",
    limitIs: "a bare server",
    unit: " KiB",
  },
  {
    benchmark: "sql",
    label: "a group-by in SQL",
    teller: "a group-by of 2,000,000 cells, ms, median",
    limit: "the same by DuckDB itself, at the same priority, ms, median",
    limitIs: "DuckDB itself",
    unit: " ms",
  },
  {
    benchmark: "restart",
    label: "restart, to ready",
    teller: "from a snapshot, seconds to ready",
    limit: "an empty election, seconds to ready",
    limitIs: "an empty election",
    unit: " s",
  },
];

const RESULTS = new URL("./results/", import.meta.url);
const PICTURE = new URL("../docs/bench.svg", import.meta.url);
const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const INK = "#1d2733", QUIET = "#5d6b7a", PAPER = "#ffffff", TELLER = "#1f6feb";

interface Line {
  readonly label: string;
  /** Teller's median, least and most, each as a multiple of the limit's median. */
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
  readonly text: string;
}

/** The figures of a benchmark's newest report; null where there is none. */
function newestFigures(benchmark: string): Record<string, Spread> | null {
  const names = [...Deno.readDirSync(RESULTS)].map(({ name }) => name);
  const newest = names.filter((name) => name.startsWith(`${benchmark}-`) && name.endsWith(".json")).sort().at(
    -1,
  );
  if (newest === undefined) return null;
  return JSON.parse(Deno.readTextFileSync(new URL(newest, RESULTS))).figures;
}

function linesToShow(): Line[] {
  return SHOWN.flatMap(({ benchmark, label, teller, limit, limitIs, unit }) => {
    const figures = newestFigures(benchmark);
    const ours = figures?.[teller], theirs = figures?.[limit];
    if (ours === undefined || theirs === undefined) return [];
    const write = ({ median }: Spread) =>
      median.toLocaleString("en-GB", { maximumSignificantDigits: 3 }) + unit;
    return [{
      label,
      ratio: ours.median / theirs.median,
      least: ours.min / theirs.median,
      most: ours.max / theirs.median,
      text: `${write(ours)}; ${limitIs}: ${write(theirs)}`,
    }];
  });
}

function draw(lines: readonly Line[]): string {
  const x = "ratio", y = "label";
  const from = Math.min(0.1, ...lines.map(({ least }) => least)) / 1.2;
  const to = Math.max(2, ...lines.map(({ most }) => most)) * 1.2;
  const svg = Plot.plot({
    document: chartDocument,
    width: 800,
    height: 60 + 44 * lines.length,
    marginLeft: 140,
    marginRight: 20,
    marginTop: 40,
    style: { background: PAPER, color: INK, fontFamily: "system-ui, sans-serif", fontSize: "13px" },
    x: {
      type: "log",
      domain: [from, to],
      ticks: TICKS.filter((times) => times >= from && times <= to),
      tickFormat: (times: number) => `${times}×`,
      label:
        "Teller as a multiple of its limit in the same runs (median and range); of times and memory, less is better",
      axis: "top",
      grid: true,
    },
    y: { domain: lines.map(({ label }) => label), label: null, padding: 0.5 },
    marks: [
      Plot.ruleX([1], { stroke: INK }),
      Plot.ruleY(lines, { x1: "least", x2: "most", y, stroke: TELLER, strokeWidth: 3 }),
      Plot.dot(lines, { x, y, r: 5, fill: TELLER }),
      Plot.text(lines, {
        frameAnchor: "right",
        y,
        text: "text",
        dy: 17,
        fill: QUIET,
        // Around the letters, or the line at 1 would cross them.
        stroke: PAPER,
        strokeWidth: 5,
        textAnchor: "end",
      }),
    ],
  } as Plot.PlotOptions) as SVGSVGElement;
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", lines.map(({ label, text }) => `${label}: ${text}`).join(". "));
  return svg.outerHTML;
}

const lines = linesToShow();
if (lines.length === 0) {
  print("There is no report in bench/results/ yet: deno task bench");
  Deno.exit(1);
}
Deno.writeTextFileSync(PICTURE, draw(lines) + "\n");
print(`docs/bench.svg: ${lines.length} figures`);
