/**
 * The demo's votes: in which order people vote, when in the day, and for whom. Pure and drawn by number, so
 * that a vote is the same however the work is cut up.
 * @module
 */
import type { Traits } from "./demo_electorate.ts";
import { MAX_AGE, MIN_AGE } from "./demo_electorate.ts";
import { createRandom, STREAM } from "./demo_random.ts";

/** The voting day: 07:00 to 22:00. */
export const DAY_MS = 15 * 3600_000;

/** How many steps of the order are taken between two yields. */
const STRIDE = 4096;
/** Places in the queue; those who draw the same one vote in the order of their numbers. */
const PLACES = 2 ** 16;

/**
 * Draws who votes after whom: a permutation of 0 … voters − 1. Half of the people come at any time; the
 * others come the earlier, the older they are. Yields now and then, so that its caller can give way.
 */
export function* drawVotingOrder(
  seed: number,
  voters: number,
  traitsOf: (i: number) => Traits,
): Generator<void, Uint32Array> {
  const random = createRandom(seed);
  const places = new Uint16Array(voters);
  const starts = new Uint32Array(PLACES + 1);
  for (let i = 0; i < voters; i++) {
    random.at(STREAM.order, i);
    const youth = (MAX_AGE - traitsOf(i).age) / (MAX_AGE - MIN_AGE + 1);
    const moment = random.next() < 0.5 ? random.next() : 0.6 * youth + 0.4 * random.next();
    places[i] = moment * PLACES;
    starts[places[i] + 1]++;
    if (i % STRIDE === STRIDE - 1) yield;
  }
  for (let place = 0; place < PLACES; place++) starts[place + 1] += starts[place];
  yield;
  const order = new Uint32Array(voters);
  for (let i = 0; i < voters; i++) {
    order[starts[places[i]]++] = i;
    if (i % (8 * STRIDE) === 8 * STRIDE - 1) yield;
  }
  return order;
}

/** How busy polling stations are at each full hour from 07:00 to 22:00: before work, at noon, after work. */
const BUSY = [0.9, 1.4, 1.2, 0.9, 0.85, 1.1, 1.15, 0.8, 0.75, 0.95, 1.35, 1.6, 1.4, 1, 0.6, 0.3];
const STEPS_PER_HOUR = 60;
/** The share of the day's votes that are cast by the end of each minute. */
const castBy = accumulateDay();

function accumulateDay(): Float64Array {
  const steps = (BUSY.length - 1) * STEPS_PER_HOUR;
  const sums = new Float64Array(steps + 1);
  for (let step = 0; step < steps; step++) {
    const hour = Math.floor(step / STEPS_PER_HOUR), part = (step + 0.5) / STEPS_PER_HOUR - hour;
    sums[step + 1] = sums[step] + BUSY[hour] * (1 - part) + BUSY[hour + 1] * part;
  }
  return sums.map((sum) => sum / sums[steps]);
}

/** The part of the voting day that has passed when this share of all votes is cast; both from 0 to 1. */
export function dayFraction(cast: number): number {
  let low = 0, high = castBy.length - 1;
  while (low + 1 < high) {
    const middle = low + high >>> 1;
    if (castBy[middle] <= cast) low = middle;
    else high = middle;
  }
  return (low + (cast - castBy[low]) / (castBy[high] - castBy[low])) / (castBy.length - 1);
}
