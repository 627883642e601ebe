/**
 * Votes per second of wall clock, over the last ten seconds.
 * @module
 */

const SPAN_MS = 10_000;

/** Measures how fast a total grows. */
export interface Rate {
  /** Notes the total at a time (epoch ms) and returns its growth per second over the span, to 1 decimal. */
  measure(total: number, now: number): number;
}

/** A rate that is 0 until the second measurement. */
export function createRate(): Rate {
  const samples: { at: number; total: number }[] = [];
  return {
    measure(total, now) {
      if (samples.length > 0 && now < samples.at(-1)!.at) samples.length = 0; // the clock was set back
      samples.push({ at: now, total });
      // The newest sample at or before the span's start is where it is measured from.
      while (samples.length > 1 && samples[1].at <= now - SPAN_MS) samples.shift();
      // Measured from a sample older than the span, all growth is newer than that: it was taken at a pause.
      const elapsedMs = Math.min(now - samples[0].at, SPAN_MS);
      return elapsedMs <= 0 ? 0 : Math.round((total - samples[0].total) * 10_000 / elapsedMs) / 10;
    },
  };
}
