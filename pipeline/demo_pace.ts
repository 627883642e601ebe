/**
 * When the demo's votes are due: at a steady rate, along a voting day, or all at once.
 * @module
 */
import { dayFraction } from "./demo_votes.ts";

/** Behind by more than this (an outage, a computer asleep), the schedule moves instead of being caught up. */
const MAX_LAG_MS = 5000;

/** A schedule of votes by their place in the voting order. */
export interface Pace {
  /** When the vote at this place is due, epoch ms. */
  dueAt(place: number): number;
  /** Whether it is due; asked in voting order. */
  isDue(place: number): boolean;
}

/** Makes a schedule that begins now with the vote at `first`. */
export function createPace(options: {
  /** Votes per second; 0: as fast as it goes; null: along the voting day, played in `durationMs`. */
  rate: number | null;
  voters: number;
  first: number;
  durationMs: number;
  now: () => number;
}): Pace {
  const { rate, voters, first, durationMs, now } = options;
  const afterMs = rate === null
    ? (place: number) => dayFraction((place + 0.5) / voters) * durationMs
    : rate === 0
    ? () => 0
    : (place: number) => place * 1000 / rate;
  let origin = now() - afterMs(first);
  const dueAt = (place: number) => origin + afterMs(place);
  return {
    dueAt,
    isDue(place) {
      const lag = now() - dueAt(place);
      if (lag > MAX_LAG_MS) origin += lag;
      return lag >= 0;
    },
  };
}
