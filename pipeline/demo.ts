/**
 * The demo election: registers synthetic candidates and voters and lets every voter vote once, at the pace
 * of a voting day or as fast as it goes. It goes on where an earlier run of the same seed stopped.
 * @module
 */
import { openDrawing } from "./demo_drawing.ts";
import { createElectorate } from "./demo_electorate.ts";
import { createPeopleIds, type Ids } from "./demo_ids.ts";
import { createOnce } from "./demo_once.ts";
import { createPace } from "./demo_pace.ts";
import { MAX_CANDIDATES } from "./demo_parties.ts";
import { createPreferences } from "./demo_preferences.ts";
import { createRegistration } from "./demo_registration.ts";
import { createScript } from "./demo_script.ts";
import { DAY_MS, dayFraction, drawVotingOrder } from "./demo_votes.ts";
import { voteAll } from "./demo_voting.ts";
import { Fault } from "./fault.ts";
import type { EventLog, Topic } from "./log.ts";
import { pause } from "./pause.ts";
import { giveTurn } from "./turns.ts";

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
  /** Called often while a stage is under way, and at the end of all. */
  progress?: (progress: DemoProgress) => void;
  /** Waits, or less if the signal aborts; for callers whose `now` is not the wall clock. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How far a stage of the demo has come; voters and votes overlap, but at rate 0. */
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

/** How long the voting day is played at rate null. */
const PLAYED_DAY_MS = 30 * 60_000;

/**
 * Runs the demo to its end, or until the signal aborts.
 *
 * Voters are registered in voting order, so that voting begins while later ones are still being drawn; at rate 0
 * it begins when all stand, and goes on as fast as the log takes votes. A vote is appended only when its voter stands.
 * @throws {Fault} BAD_SETTING; ELECTION_EXISTS where other candidates stand; those of `EventLog`
 * @throws {Error} where the thread that draws people has failed
 */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  const { log, seed, voters, candidates, rate, now, progress = () => {}, wait = pause } = options;
  if (candidates < 1 || candidates > MAX_CANDIDATES) {
    throw new Fault("BAD_SETTING", `A demo has 1 to ${MAX_CANDIDATES} candidates, not ${candidates}.`);
  }
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const ids = createPeopleIds({ seed, candidates });
  const stage = (topic: Topic, size: number, { indexOf }: Ids) =>
    createOnce({ log, topic, size, indexOf, wait });
  const field = stage("candidates_topic", candidates, ids.candidates);
  const people = stage("voters_topic", voters, ids.voters);
  const votes = stage("votes_topic", voters, ids.voters);
  for (const topic of [field, people, votes]) await topic.catchUp(signal);
  if (field.strangers() > 0) throw electionExists(field.strangers(), options);

  using drawing = await openDrawing({ seed, candidates });
  const traitsOf = createElectorate(seed);
  const order = await finish(drawVotingOrder(seed, voters, traitsOf));
  const script = createScript({
    voterId: ids.voters.idOf,
    candidates: drawing.candidates,
    order,
    traitsOf,
    choose: createPreferences({ seed, candidates }),
  });
  const absent = Array.from({ length: candidates }, (_, i) => i).filter((i) => !field.stands(i));
  await field.append(absent.map(script.candidate), signal);
  progress({ stage: "candidates", done: field.count(), total: candidates });
  let first = 0;
  while (first < voters && votes.stands(order[first])) first++;
  const { startAt, durationMs = PLAYED_DAY_MS } = options;
  const tellVoters = () => progress({ stage: "voters", done: people.count(), total: voters });
  const tellVotes = () => progress({ stage: "votes", done: votes.count(), total: voters });
  const registration = createRegistration({ people, drawing, order, signal, report: tellVoters });

  // What the thread takes isn't kept for the rest of the voting day.
  const registering = registration.registerAll().finally(() => drawing[Symbol.dispose]());
  if (rate === 0) await registering;
  const dayStart = startAt ?? (rate === 0 ? now() - DAY_MS : null);
  const eventTime = (place: number) =>
    Math.floor(dayStart === null ? now() : dayStart + dayFraction((place + 0.5) / voters) * DAY_MS);
  const voting = voteAll({
    votes,
    order,
    first,
    registration,
    pace: createPace({ rate, voters, first, durationMs, now }),
    voteAt: (place) => script.voteAt(place, eventTime(place)),
    now,
    wait,
    signal,
    report: tellVotes,
  });
  await allDone([registering, voting], failed);
  tellVoters();
  tellVotes();
  return { done: votes.count() === voters, votes: votes.count(), voters: people.count() };
}

/** Resolves when all are done. The first error ends the others, and is thrown once nothing is left running behind it. */
async function allDone(work: Promise<void>[], failed: AbortController): Promise<void> {
  try {
    await Promise.all(work);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(work);
    throw error;
  }
}

/** Runs a generator to its end, giving way wherever it yields. */
async function finish<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await giveTurn();
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
