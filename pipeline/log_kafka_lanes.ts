/**
 * Lanes: a topic's partitions dealt out to several readers, each with connections of its own, so that while the
 * records of one are being looked at, those of another are already on their way.
 * @module
 */
import type { ReadBatch } from "./log.ts";

/** More gain nothing: one lane's records are looked at, another's come. */
const LANES = 2;

/** Deals the partitions out. */
export function dealOut(from: ReadonlyMap<number, number>): Map<number, number>[] {
  const lanes = Array.from(
    { length: Math.max(1, Math.min(LANES, from.size)) },
    () => new Map<number, number>(),
  );
  [...from].forEach(([partition, offset], i) => lanes[i % lanes.length].set(partition, offset));
  return lanes;
}

/**
 * Gives what the lanes give, of each in its order, and takes turns where several have something. The first fault ends
 * all of them, and so does whoever stops iterating.
 * @param open starts a lane; it must end when its signal aborts
 */
export async function* mergeLanes(
  lanes: readonly Map<number, number>[],
  open: (lane: Map<number, number>, signal: AbortSignal) => AsyncGenerator<ReadBatch>,
  signal: AbortSignal,
): AsyncGenerator<ReadBatch, void, undefined> {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const opened = lanes.map((lane) => open(lane, either));
  const upcoming = new Map(opened.map((lane) => [lane, nextOf(lane)]));
  try {
    while (upcoming.size > 0) {
      const { lane, result } = await Promise.race(upcoming.values());
      upcoming.delete(lane);
      if (signal.aborted) return; // another lane's may have come meanwhile
      if (result.done) continue;
      yield result.value;
      // Only now, as asking for the next one gives this one's bytes back; and behind the others, to take turns.
      upcoming.set(lane, nextOf(lane));
    }
  } finally {
    ending.abort();
    await Promise.all(opened.map((lane) => lane.return(undefined)));
  }
}

async function nextOf(lane: AsyncGenerator<ReadBatch>) {
  return { lane, result: await lane.next() };
}
