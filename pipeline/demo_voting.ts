/**
 * Lets the demo's voters vote, in voting order and at a pace, each as soon as she is registered.
 * @module
 */
import type { NumberedRecord, Once } from "./demo_once.ts";
import type { Pace } from "./demo_pace.ts";
import type { Registration } from "./demo_registration.ts";
import { giveTurn } from "./turns.ts";

/** What voting needs. */
export interface Voting {
  votes: Once;
  /** Every voter's number in voting order. */
  order: Uint32Array;
  /** The first place of it whose voter has not voted. */
  first: number;
  registration: Registration;
  pace: Pace;
  /** The record of the vote cast now at a place. */
  voteAt: (place: number) => NumberedRecord;
  now: () => number;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
  /** Called often. */
  report: () => void;
}

/** The longest stretch of work before the process's other tasks get their turn. */
const SLICE_MS = 8;
/** Large enough to make appending cheap, small enough for any broker. */
const BATCH_BYTES = 512 * 1024;
/** Votes that are due within this time of each other are sent together. */
const TICK_MS = 50;

/** Runs until everybody has voted, or the signal aborts. */
export async function voteAll(voting: Voting): Promise<void> {
  const { votes, order, registration, pace, voteAt, now, wait, signal, report } = voting;
  let cast = voting.first;
  // The next batch is made while the last one is being appended.
  let underWay = Promise.resolve();
  while (!signal.aborted && cast < order.length) {
    const registered = registration.registered(), grown = registration.grown();
    const ballots = createBatch();
    for (; cast < registered && ballots.hasRoom() && pace.isDue(cast); cast++) {
      if (!votes.stands(order[cast])) ballots.add(voteAt(cast));
    }
    await underWay;
    underWay = votes.append(ballots.records, signal);
    underWay.catch(() => {}); // thrown where it is awaited, which may be later than it happens
    report();
    await giveTurn();
    if (cast === order.length) break;
    if (cast === registered) await Promise.race([grown, underWay.then(() => grown)]);
    else if (!pace.isDue(cast)) await wait(Math.max(TICK_MS, pace.dueAt(cast) - now()), signal);
  }
  await underWay;
}

/** Records to append together, made within one slice of time. */
function createBatch() {
  const records: NumberedRecord[] = [], until = performance.now() + SLICE_MS;
  let bytes = 0;
  return {
    records,
    hasRoom: () => bytes < BATCH_BYTES && performance.now() < until,
    add(record: NumberedRecord) {
      records.push(record);
      bytes += record.key!.length + record.value!.length;
    },
  };
}
