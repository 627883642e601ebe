/**
 * What all charts drawn with Plot share: sizes, axes, and markup that a strict policy lets through.
 *
 * The same code draws on the server and in the browser; where it runs shows only in the document it is given.
 * @module
 */
/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { writable } from "./candidate_looks.ts";
import type { Caption } from "./chart_captions.ts";
import { escaped } from "./format.ts";

/** Every chart is drawn twice, for narrow and for wide places; style sheets choose. Text never shrinks. */
export type Size = "narrow" | "wide";

/** The nominal widths, in px: a picture shown wider or narrower scales its text along. */
export const WIDTHS: Readonly<Record<Size, number>> = { narrow: 336, wide: 600 };

/** For a text that may stand on a line. */
export const ABOVE_LINES = {
  fill: "var(--ink)",
  stroke: "var(--paper)",
  strokeWidth: 5,
  paintOrder: "stroke",
} as const;

/** Draws with Plot and gives the SVG as text. */
export function frame(
  document: Document,
  { title, description }: Caption,
  options: Plot.PlotOptions,
): string {
  const svg = Plot.plot({ document, ...options } as Plot.PlotOptions) as SVGSVGElement;
  // Plot's own style sheet: pages' policy forbids it, and style.css says the same.
  svg.querySelector("style")?.remove();
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.removeAttribute("class");
  svg.setAttribute("font-size", "12");
  // Names of parts, which nobody hears in what is one picture.
  for (const part of svg.querySelectorAll("[aria-label], [aria-hidden]")) {
    part.removeAttribute("aria-label");
    part.removeAttribute("aria-hidden");
  }
  // One picture with one description: what it says in detail, the table beside it says better. As text, because
  // what a document writes of an attribute is HTML, which XML does not always take.
  const root = `<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" aria-label="${
    escaped(writable(`${title}. ${description}`))
  }"`;
  return svg.outerHTML.replace(/^<svg( xmlns="[^"]*")?/, () => root);
}

const hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const seconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });
const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const STEPS_MS = [5_000, 10_000, 15_000, 30_000]
  .concat([1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE_MS))
  .concat([1, 2, 7, 28, 91, 365].map((days) => days * DAY_MS));

/** Round times on an axis from one moment to another, at most so many, and how they are written. */
export function timeTicks(
  from: Date,
  to: Date,
  most: number,
): { ticks: Date[]; write: (at: Date) => string } {
  const spanMs = to.getTime() - from.getTime();
  const stepMs = STEPS_MS.find((step) => spanMs / step <= most) ?? spanMs;
  const ticks: Date[] = [];
  for (let at = Math.ceil(from.getTime() / stepMs) * stepMs; at <= to.getTime(); at += stepMs) {
    ticks.push(new Date(at));
  }
  const clock = stepMs < MINUTE_MS ? seconds : hours;
  return { ticks, write: (at) => (at.getTime() % DAY_MS === 0 ? days : clock).format(at) };
}
