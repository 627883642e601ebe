/**
 * Turnout by age band and by gender: bars from zero, with the turnout of everybody as a line across.
 * @module
 */
/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { type ChartData, type ChartGroup, votesOf } from "./chart_data.ts";
import { type TurnoutBy, turnoutCaption, turnoutGroups, turnoutOf } from "./chart_captions.ts";
import { frame, type Size, WIDTHS } from "./chart_frame.ts";
import { chartMessages as messages } from "./chart_messages.ts";
import { percent } from "./format.ts";

/** Two of these stand side by side. */
const WIDTH: Record<Size, number> = { narrow: WIDTHS.narrow, wide: 500 };
const ROW = 28;
const MARGINS = { top: 8, bottom: 40, left: 76, right: 60 };

/** Draws the turnout of each group; empty where nobody is registered. */
export function drawTurnout(document: Document, data: ChartData, by: TurnoutBy, size: Size): string {
  const groups = turnoutGroups(data, by);
  if (groups.length === 0) return "";
  const voters = groups.reduce((sum, group) => sum + group.voters, 0);
  const votes = groups.reduce((sum, group) => sum + votesOf(group), 0);
  // The next full 10% above the longest bar, so that the axis seldom moves.
  const top = Math.min(1, Math.floor(Math.max(...groups.map(turnoutOf)) * 10 + 1) / 10);
  return frame(document, turnoutCaption(data, by), {
    width: WIDTH[size],
    height: MARGINS.top + groups.length * ROW + MARGINS.bottom,
    marginTop: MARGINS.top,
    marginBottom: MARGINS.bottom,
    marginLeft: MARGINS.left,
    marginRight: MARGINS.right,
    x: { domain: [0, top], label: null },
    y: { domain: groups.map(({ key }) => key), label: null, padding: 0.32 },
    marks: [
      Plot.axisX({
        ticks: 4,
        tickSize: 0,
        tickFormat: (n: number) => `${Math.round(n * 100)}%`,
        fill: "var(--soft)",
      }),
      Plot.axisY({ tickSize: 0, tickFormat: (key: string) => capitalised(key) }),
      Plot.barX(groups, { x: turnoutOf, y: "key", fill: "var(--accent)" }),
      Plot.ruleX([0], { stroke: "var(--ink)" }),
      Plot.ruleX([votes / voters], { stroke: "var(--ink)", strokeDasharray: "3 3" }),
      Plot.text([votes / voters], {
        x: (turnout: number) => turnout,
        frameAnchor: "bottom",
        dy: 34,
        text: () => messages.turnout.all(percent(votes, voters)),
        fontWeight: 600,
      }),
      // In a column of their own, where neither bars nor the line reach.
      Plot.text(groups, {
        y: "key",
        text: (group: ChartGroup) => percent(votesOf(group), group.voters),
        frameAnchor: "right",
        dx: MARGINS.right,
        fontWeight: 600,
        fontVariant: "tabular-nums",
      }),
    ],
  });
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
