/**
 * Whom the demo's voters prefer: by where they live, how old they are, and a mood that changes over the day
 * so that the leading candidates overtake each other and end close together.
 * @module
 */
import { createElectorate, type Traits } from "./demo_electorate.ts";
import { createRandom, type Random, STREAM } from "./demo_random.ts";
import { STATES, TOWNS } from "./demo_towns.ts";
import { AGE_BANDS, ageBandIndex } from "./election.ts";

/** So many candidates can win; any further ones only take votes from them. */
const CONTENDERS = 3;
/** How much appeal differs between areas and between age bands (standard deviation, log-odds). */
const STATE_SPREAD = 0.35, AGE_SPREAD = 0.12;
/** How often the lead goes round among the contenders in a day, and how far, relative to their share. */
const ROUNDS = 2, SWING = 0.035;
/** The mood is tabled at so many points of the day. */
const MOODS = 1024;

/** The candidate for whom voter i votes when the given share (0 … 1) of all votes has been cast. */
export type Choose = (i: number, traits: Traits, cast: number) => number;

/** Makes the preferences of a seed for that many candidates. */
export function createPreferences(options: { seed: number; candidates: number }): Choose {
  const { seed, candidates } = options;
  const random = createRandom(seed);
  const shares = drawShares(random.at(STREAM.model, 0), candidates);
  const leanings = drawLeanings(random.at(STREAM.model, 1), candidates);
  const moods = tableMoods(random.at(STREAM.model, 2), shares);
  calibrate(leanings, shares, createElectorate(seed));

  const weights = new Float64Array(candidates);
  return (i, traits, cast) => {
    const leaning = groupOf(traits) * candidates, mood = Math.floor(cast * MOODS) * candidates;
    let total = 0;
    for (let c = 0; c < candidates; c++) total += weights[c] = leanings[leaning + c] * moods[mood + c];
    let left = random.at(STREAM.choice, i).next() * total;
    let choice = 0;
    while (choice < candidates - 1 && (left -= weights[choice]) >= 0) choice++;
    return choice;
  };
}

const GROUPS = STATES.length * AGE_BANDS.length;
const stateOfTown = TOWNS.map((town) => STATES.indexOf(town.state));

/** Voters of the same area and age band lean the same way. */
function groupOf(traits: Traits): number {
  return stateOfTown[traits.town] * AGE_BANDS.length + ageBandIndex(traits.age);
}

/** The share of all votes that each candidate would get without a mood: the contenders the same. */
function drawShares(random: Random, candidates: number): Float64Array {
  const sizes = Float64Array.from(
    { length: candidates },
    (_, c) => c < CONTENDERS ? 1 : 0.1 + 0.3 * random.next(),
  );
  const total = sizes.reduce((a, b) => a + b);
  return sizes.map((size) => size / total);
}

/** By group and candidate: how much likelier than usual such a voter is to prefer that candidate. */
function drawLeanings(random: Random, candidates: number): Float64Array {
  const byState = Float64Array.from(
    { length: STATES.length * candidates },
    () => STATE_SPREAD * drawNormal(random),
  );
  const byAge = Float64Array.from(
    { length: AGE_BANDS.length * candidates },
    () => AGE_SPREAD * drawNormal(random),
  );
  const leanings = new Float64Array(GROUPS * candidates);
  for (let group = 0, at = 0; group < GROUPS; group++) {
    const state = Math.floor(group / AGE_BANDS.length), band = group % AGE_BANDS.length;
    for (let c = 0; c < candidates; c++, at++) {
      leanings[at] = Math.exp(byState[state * candidates + c] + byAge[band * candidates + c]);
    }
  }
  return leanings;
}

/** A number around 0 with variance 1; near enough to normal. */
function drawNormal(random: Random): number {
  let sum = -6;
  for (let n = 0; n < 12; n++) sum += random.next();
  return sum;
}

/** Scales the leanings until the whole electorate, without a mood, gives each candidate her share. */
function calibrate(leanings: Float64Array, shares: Float64Array, traitsOf: (i: number) => Traits): void {
  const candidates = shares.length, sample = 4000;
  const sizes = new Float64Array(GROUPS);
  for (let i = 0; i < sample; i++) sizes[groupOf(traitsOf(i))]++;
  for (let round = 0; round < 6; round++) {
    const votes = new Float64Array(candidates);
    for (let group = 0, at = 0; group < GROUPS; group++, at += candidates) {
      let total = 0;
      for (let c = 0; c < candidates; c++) total += leanings[at + c];
      for (let c = 0; c < candidates; c++) votes[c] += sizes[group] * leanings[at + c] / total;
    }
    for (let at = 0; at < leanings.length; at++) {
      const c = at % candidates;
      leanings[at] *= shares[c] * sample / votes[c];
    }
  }
}

/**
 * By moment and candidate: the factor by which she is then more popular than over the whole day.
 *
 * A contender's running share is to go up and down as a sine, a third of a round after the one before her;
 * a mood is the derivative of (votes cast × that share). The round ends near somebody's crest: the winner's.
 */
function tableMoods(random: Random, shares: Float64Array): Float64Array {
  const candidates = shares.length, contenders = Math.min(CONTENDERS, candidates);
  const moods = new Float64Array(MOODS * candidates).fill(1);
  if (contenders < 2) return moods;
  const winner = Math.floor(random.next() * contenders), direction = random.next() < 0.5 ? 1 : -1;
  const crest = 0.6 * (random.next() - 0.5);
  for (let moment = 0; moment < MOODS; moment++) {
    const cast = (moment + 0.5) / MOODS, turn = 2 * Math.PI * ROUNDS;
    for (let c = 0; c < contenders; c++) {
      const phase = Math.PI / 2 + crest + direction * 2 * Math.PI * (c - winner) / contenders - turn;
      const angle = turn * cast + phase;
      moods[moment * candidates + c] = 1 + SWING * (Math.sin(angle) + turn * cast * Math.cos(angle));
    }
  }
  return moods;
}
