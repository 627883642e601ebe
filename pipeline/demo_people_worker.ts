/**
 * A thread that draws the demo's people (see demo_drawing.ts).
 * @module
 */
import { createPopulation, type Population } from "./demo_people.ts";
import type { Candidate } from "./election.ts";

/** What the thread is told: first of which election, then, any number of times, which voters. */
export type DrawingOrder =
  | { readonly kind: "open"; readonly seed: number; readonly candidates: number }
  | { readonly kind: "draw"; readonly numbers: readonly number[] };

/** What it answers to each order, in their order. */
export type DrawingReply =
  | { readonly kind: "candidates"; readonly candidates: readonly Required<Candidate>[] }
  | DrawnVoters;

/** Voters' registrations. */
export interface DrawnVoters {
  readonly kind: "voters";
  /** Key and value of each, one behind the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each key and each value ends. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** More than most take. */
const VOTER_BYTES = 700;
const encoder = new TextEncoder();
let population: Population;

function drawVoters(numbers: readonly number[]): DrawnVoters {
  const ends = new Uint32Array(2 * numbers.length);
  let bytes = new Uint8Array(VOTER_BYTES * numbers.length), used = 0;
  const write = (text: string) => {
    if (bytes.length - used < 3 * text.length) {
      const larger = new Uint8Array(2 * bytes.length + 3 * text.length);
      larger.set(bytes);
      bytes = larger;
    }
    return used += encoder.encodeInto(text, bytes.subarray(used)).written;
  };
  numbers.forEach((number, i) => {
    const voter = population.voter(number);
    ends[2 * i] = write(voter.voter_id);
    ends[2 * i + 1] = write(JSON.stringify(voter));
  });
  return { kind: "voters", bytes, ends };
}

function reply(message: DrawingReply, transfer: Transferable[] = []): void {
  (self as unknown as Worker).postMessage(message, transfer);
}

self.addEventListener("message", (event) => {
  const order = (event as MessageEvent<DrawingOrder>).data;
  if (order.kind === "open") {
    population = createPopulation(order);
    const candidates = Array.from({ length: order.candidates }, (_, i) => population.candidate(i));
    reply({ kind: "candidates", candidates });
  } else {
    const voters = drawVoters(order.numbers);
    reply(voters, [voters.bytes.buffer, voters.ends.buffer]);
  }
});
