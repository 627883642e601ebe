/**
 * Where labels of lines and slices stand so that all can be read.
 * @module
 */

/** Places labels at these heights in px so that none covers another, each as near to its own as possible. */
export function spread(heights: readonly number[], gap: number, lowest: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]);
  const placed = [...heights];
  let last = -Infinity;
  for (const i of order) last = placed[i] = Math.max(placed[i], last + gap);
  let next = lowest + gap;
  for (const i of order.toReversed()) next = placed[i] = Math.min(placed[i], next - gap);
  return placed;
}
