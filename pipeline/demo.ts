/**
 * The demo election: registers synthetic candidates and voters and lets every voter vote once, at the pace
 * of a voting day or as fast as it goes. It goes on where an earlier run of the same seed stopped.
 * @module
 */
import { createElectorate } from "./demo_electorate.ts";
import { createOnce, type NumberedRecord } from "./demo_once.ts";
import { createPace } from "./demo_pace.ts";
import { createPopulation, MAX_CANDIDATES } from "./demo_people.ts";
import { createPreferences } from "./demo_preferences.ts";
import { createScript } from "./demo_script.ts";
import { DAY_MS, dayFraction, drawVotingOrder } from "./demo_votes.ts";
import { Fault } from "./fault.ts";
import type { EventLog } from "./log.ts";
import { pause } from "./pause.ts";

/** What a demo needs to know. */
export interface DemoOptions {
  log: EventLog;
  /** Decides who the people are, whom they vote for and in which order. */
  seed: number;
  voters: number;
  candidates: number;
  /** Votes per second; 0: as fast as it goes; null: a voting day played in `durationMs`. */
  rate: number | null;
  /** How long a whole voting day takes at rate null; half an hour unless given. */
  durationMs?: number;
  /**
   * When the voting day began, epoch ms: gives each vote the event time it has in that day. Null: at rate 0
   * the day is the 15 hours before now; at any other rate a vote's event time is that of sending it.
   */
  startAt: number | null;
  now: () => number;
  /** Ends the demo early, once what is under way stands or is given up. */
  signal: AbortSignal;
  /** Called often, and with done = total for each stage that is complete. */
  progress?: (progress: DemoProgress) => void;
  /** Waits, or less if the signal aborts; for callers whose `now` is not the wall clock. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How far a stage of the demo has come; voters and votes overlap. */
export interface DemoProgress {
  stage: "candidates" | "voters" | "votes";
  done: number;
  total: number;
}

/** What of the demo stands in the log. */
export interface DemoOutcome {
  /** Whether every voter has voted. */
  done: boolean;
  votes: number;
  voters: number;
}

/** The longest stretch of work before the process's other tasks get their turn. */
const SLICE_MS = 8;
/** Large enough to make appending cheap, small enough for any broker. */
const BATCH_BYTES = 512 * 1024;
/** Votes that are due within this time of each other are sent together. */
const TICK_MS = 50;
/** How long the voting day is played at rate null. */
const PLAYED_DAY_MS = 30 * 60_000;

/**
 * Runs the demo to its end, or until the signal aborts.
 *
 * Voters are registered in voting order, so that voting begins while later ones are still being drawn; a vote
 * is appended only when its voter stands.
 * @throws {Fault} BAD_SETTING; ELECTION_EXISTS where other candidates stand; those of `EventLog`
 */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  const { log, seed, voters, candidates, rate, now, signal, progress = () => {}, wait = pause } = options;
  if (candidates < 1 || candidates > MAX_CANDIDATES) {
    throw new Fault("BAD_SETTING", `A demo has 1 to ${MAX_CANDIDATES} candidates, not ${candidates}.`);
  }
  const population = createPopulation({ seed, candidates });
  const { candidateIndex, voterIndex } = population;
  const field = createOnce({
    log,
    topic: "candidates_topic",
    size: candidates,
    indexOf: candidateIndex,
    wait,
  });
  const people = createOnce({ log, topic: "voters_topic", size: voters, indexOf: voterIndex, wait });
  const votes = createOnce({ log, topic: "votes_topic", size: voters, indexOf: voterIndex, wait });
  for (const topic of [field, people, votes]) await topic.catchUp(signal);
  if (field.strangers() > 0) throw electionExists(field.strangers(), options);

  const traitsOf = createElectorate(seed);
  const order = await finish(drawVotingOrder(seed, voters, traitsOf));
  const choose = createPreferences({ seed, candidates });
  const script = createScript({ population, candidates, order, traitsOf, choose });
  const absent = Array.from({ length: candidates }, (_, i) => i).filter((i) => !field.stands(i));
  await field.append(absent.map(script.candidate), signal);
  progress({ stage: "candidates", done: field.count(), total: candidates });

  // Places in the voting order: those before `drawn` have been drawn, before `registered` stand in the log,
  // and before `cast` have voted.
  let drawn = 0, registered = 0, cast = 0;
  while (cast < voters && votes.stands(order[cast])) cast++;
  const pace = createPace({
    rate,
    voters,
    first: cast,
    durationMs: options.durationMs ?? PLAYED_DAY_MS,
    now,
  });
  const dayStart = options.startAt ?? (rate === 0 ? now() - DAY_MS : null);
  const eventTime = (place: number) =>
    Math.floor(dayStart === null ? now() : dayStart + dayFraction((place + 0.5) / voters) * DAY_MS);

  const report = () => {
    progress({ stage: "voters", done: people.count(), total: voters });
    progress({ stage: "votes", done: votes.count(), total: voters });
  };

  // The next batches are made while the last ones are being appended.
  let underWay = allDone([]);
  while (!signal.aborted && (drawn < voters || cast < voters)) {
    const newcomers = createBatch();
    for (; drawn < voters && newcomers.hasRoom(); drawn++) {
      if (!people.stands(order[drawn])) newcomers.add(script.voterAt(drawn));
    }
    if (newcomers.records.length > 0) await giveWay();
    const ballots = createBatch();
    for (; cast < registered && ballots.hasRoom() && pace.isDue(cast); cast++) {
      if (!votes.stands(order[cast])) ballots.add(script.voteAt(cast, eventTime(cast)));
    }
    await underWay;
    const drawnBefore = drawn;
    underWay = allDone([
      people.append(newcomers.records, signal).then(() => void (registered = drawnBefore)),
      votes.append(ballots.records, signal),
    ]);
    underWay.catch(() => {}); // thrown where it is awaited, which may be later than it happens
    report();
    await giveWay();
    if (drawn === voters && cast < voters && !pace.isDue(cast)) {
      await wait(Math.max(TICK_MS, pace.dueAt(cast) - now()), signal);
    }
  }
  await underWay;
  report();
  return { done: votes.count() === voters, votes: votes.count(), voters: people.count() };
}

/** Resolves when all have come to an end, then throws the first error: nothing is left running behind it. */
async function allDone(promises: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) {
    if (result.status === "rejected") throw result.reason;
  }
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

/** Lets the process's other tasks have their turn. A timer: setImmediate would starve the network of it. */
function giveWay(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Runs a generator to its end, giving way wherever it yields. */
async function finish<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await giveWay();
  }
}

function electionExists(strangers: number, { seed, candidates }: DemoOptions): Fault {
  return new Fault(
    "ELECTION_EXISTS",
    `candidates_topic holds ${strangers} that a demo with seed ${seed} and ${candidates} candidates does ` +
      "not make: another election stands in this log. Go on with the seed and the number of candidates it " +
      "was begun with, or begin a new one: with --fresh on the embedded log, with another " +
      "TELLER_TOPIC_PREFIX and DATA_DIR on Kafka.",
  );
}
