/**
 * Votes per candidate as a picture that stands alone: bars from zero, with votes and share at their ends.
 * @module
 */
/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { looksOf } from "./candidate_looks.ts";
import { votesCaption } from "./chart_captions.ts";
import { frame, type Size, WIDTHS } from "./chart_frame.ts";
import { count, percent } from "./format.ts";
import type { LiveResults } from "./sentence.ts";

/** What a picture holds at most: the candidates with the most votes. */
const MAX_BARS = 30;
const ROW = 34;

/** Draws the candidates by votes; empty where there are none. */
export function drawVotes(document: Document, results: LiveResults, size: Size): string {
  const shown = results.candidates.slice(0, MAX_BARS);
  if (shown.length === 0) return "";
  const looks = looksOf(results.candidates);
  const { votes } = results.totals;
  const y = "candidate_id";
  const most = Math.max(shown[0].total_votes, 1);
  return frame(document, votesCaption(results), {
    width: WIDTHS[size],
    height: shown.length * ROW + 16,
    marginTop: 8,
    marginBottom: 8,
    marginLeft: 130,
    marginRight: 120,
    x: { domain: [0, most], axis: null },
    y: { domain: shown.map(({ candidate_id }) => candidate_id), label: null, padding: 0.3 },
    color: { type: "identity" },
    marks: [
      Plot.axisY({ tickSize: 0, tickFormat: (id: string) => looks.get(id)!.shortName, fontWeight: 600 }),
      Plot.barX(shown, { x: "total_votes", y, fill: (c) => looks.get(c.candidate_id)!.colour }),
      Plot.ruleX([0], { stroke: "var(--ink)" }),
      Plot.text(shown, {
        x: "total_votes",
        y,
        text: (c) => `${count(c.total_votes)} (${percent(c.total_votes, votes)})`,
        dx: 6,
        textAnchor: "start",
      }),
    ],
  });
}
