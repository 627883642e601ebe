/**
 * Tumbling event-time windows and watermarks.
 * @module
 */

const LAST_WINDOW = 2 ** 32 - 1;

/** The number of the window that an event time falls in: it starts at number × windowMs. */
export function windowOf(eventTime: number, windowMs: number): number {
  // A producer's clock may be anywhere; the cube keeps window numbers in 32 bits.
  return Math.min(Math.max(Math.floor(eventTime / windowMs), 0), LAST_WINDOW);
}

/**
 * A partition's watermark: no vote read from now on has an event time before it, unless it is late.
 * @returns epoch ms, or null where the partition has had no well-formed vote yet
 */
export function partitionWatermark(greatestEventTime: number, graceMs: number): number | null {
  return greatestEventTime === -Infinity ? null : greatestEventTime - graceMs;
}

/** The published watermark: the least over the partitions that have one. */
export function publishedWatermark(watermarks: Iterable<number | null>): number | null {
  let least: number | null = null;
  for (const watermark of watermarks) {
    if (watermark !== null && (least === null || watermark < least)) least = watermark;
  }
  return least;
}
