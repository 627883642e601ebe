/**
 * The strip at the foot of every page: how the count itself is doing.
 * @module
 */
import { type Fact, Facts } from "./facts.tsx";
import { count, rate } from "./format.ts";
import type { LiveData } from "./live_state.ts";
import { messages } from "./messages.ts";

const text = messages.strip;

/** Latency, lag, and what did not count as it came. */
export function StripView({ results: { totals }, vitals: { lag, latency_ms } }: LiveData) {
  const latency = latency_ms === null ? text.unknown : text.milliseconds(rate(latency_ms.median));
  const figures: Fact[] = [
    [text.latency, latency],
    [text.lag, lag === null ? text.unknown : count(lag)],
    [text.late, count(totals.late)],
    [text.duplicates, count(totals.duplicates)],
    [text.rejected, count(totals.rejected)],
  ];
  return (
    <section class="strip" aria-label={text.label}>
      <Facts of={figures} class="facts-in-line" />
    </section>
  );
}
