/**
 * Repeatable chance for the demo: a number generator that starts anew, cheaply, for every person and vote.
 *
 * Written by hand: everything here is drawn by number, not in sequence, and faker's generator takes 30 µs to
 * start at a number, since it fills a long state. This is sfc32, whose short state holds the number itself.
 * @module
 */

/** What is drawn; each has sequences of its own, so that drawing more of one thing changes no other. */
export const STREAM = {
  traits: 1,
  person: 2,
  order: 3,
  choice: 4,
  model: 5,
  voterId: 6,
  candidate: 7,
  candidateId: 8,
};

/** A source of chance that is at one place of one sequence. */
export interface Random {
  /** Goes to the start of the i-th sequence of a stream (see STREAM) and returns itself. */
  at(stream: number, i: number): Random;
  /** A whole number from 0 to 2^32 − 1. */
  word(): number;
  /** A number from 0 up to, but not including, 1. */
  next(): number;
}

/** Makes a source of chance; the seed is a whole number of up to 53 bits. */
export function createRandom(seed: number): Random {
  const low = seed >>> 0, high = Math.floor(seed / 2 ** 32) >>> 0;
  const state = new Uint32Array(4);
  const random: Random = {
    at(stream, i) {
      state[0] = low;
      state[1] = high ^ stream << 24;
      state[2] = i;
      state[3] = 1;
      // Twelve steps are what the author of sfc32 gives it to mix its state.
      for (let step = 0; step < 12; step++) random.word();
      return random;
    },
    word() {
      const a = state[0], b = state[1], c = state[2], n = state[3];
      const word = a + b + n >>> 0;
      state[0] = b ^ b >>> 9;
      state[1] = c + (c << 3);
      state[2] = (c << 21 | c >>> 11) + word;
      state[3] = n + 1;
      return word;
    },
    next: () => random.word() / 2 ** 32,
  };
  return random;
}

/** Makes a function that maps a number from [0, 1) to an index, each as likely as its weight says. */
export function createPicker(weights: readonly number[]): (u: number) => number {
  const ends = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) ends[i] = total += weights[i];
  return (u) => {
    const target = u * total;
    let low = 0, high = ends.length - 1;
    while (low < high) {
      const middle = low + high >>> 1;
      if (ends[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
