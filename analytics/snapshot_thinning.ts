/**
 * Which generations stay: all of the last minute, one a minute of the last day, one an hour of all time before.
 * @module
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Those that are no longer kept, of generations in the order saved.
 *
 * The last of a minute and of an hour stays; so do the newest two whatever their age, so that there is one to fall
 * back on.
 */
export function generationsToDrop<G extends { readonly asOf: number }>(
  generations: readonly G[],
  now: number,
): G[] {
  const seen = new Set<string>();
  const dropped = generations.toReversed().filter(({ asOf }, index) => {
    const age = now - asOf;
    if (age <= MINUTE_MS) return false;
    const [width, unit] = age <= DAY_MS ? [MINUTE_MS, "minute"] : [HOUR_MS, "hour"];
    const bucket = `${unit} ${Math.floor(asOf / width)}`;
    const first = !seen.has(bucket);
    seen.add(bucket);
    return !first && index >= 2;
  });
  return dropped.reverse();
}
