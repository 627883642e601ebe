/**
 * The demo's voters as far as it matters to their votes: age, gender and town of voter i, from a seed.
 * @module
 */
import { createPicker, createRandom, STREAM } from "./demo_random.ts";
import { TOWNS } from "./demo_towns.ts";
import type { Gender } from "./election.ts";

/** What a voter's vote depends on. */
export interface Traits {
  age: number;
  gender: Gender;
  /** Index into TOWNS. */
  town: number;
}

/** The youngest and the oldest voter's age. */
export const MIN_AGE = 18, MAX_AGE = 100;

/** Adults of the United Kingdom per year of age in thousands, from 15 in steps of five years, roughly. */
const PYRAMID = [790, 830, 880, 930, 900, 860, 840, 920, 920, 810, 690, 660, 540, 350, 200, 80, 20, 4];

const ages = Array.from({ length: MAX_AGE - MIN_AGE + 1 }, (_, i) => MIN_AGE + i);
const pickAge = createPicker(ages.map((age) => PYRAMID[Math.floor((age - 15) / 5)]));
const pickTown = createPicker(TOWNS.map((town) => town.weight));

/** Makes the function that draws voter i, who is the same whenever and however often she is drawn. */
export function createElectorate(seed: number): (i: number) => Traits {
  const random = createRandom(seed);
  return (i) => {
    random.at(STREAM.traits, i);
    const age = MIN_AGE + pickAge(random.next());
    const town = pickTown(random.next());
    const u = random.next();
    return { age, town, gender: u < 0.51 ? "female" : u < 0.99 ? "male" : "other" };
  };
}
