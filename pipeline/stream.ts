/**
 * The processor: reads the three topics, folds every partition, and makes Results when something changed.
 * @module
 */
import { Fault } from "./fault.ts";
import { acceptCandidates, createFold, type Fold, foldVoters, foldVotes } from "./fold.ts";
import { createFoldWaits, type FoldWaits } from "./fold_waits.ts";
import { type EventLog, type ReadBatch, type Topic, TOPIC_NAMES } from "./log.ts";
import { createRate } from "./rate.ts";
import type { Rules } from "./record.ts";
import { createRegistry, foldCandidates, type Registry } from "./registry.ts";
import { type ElectionInfo, makeResults, type Results } from "./results.ts";
import type { Folded } from "./snapshot_capture.ts";
import { giveTurns } from "./turns.ts";
import { createUpdates, type UpdateListener, type Updates } from "./updates.ts";

/** What a stream needs. */
export interface StreamOptions {
  readonly log: EventLog;
  readonly rules: Rules;
  readonly title: string;
  /** Where a snapshot left off; without it the log is read from its first record. The stream's from now on. */
  readonly resumed?: Folded | null;
  /** What has been shown already; without it one is made. */
  readonly updates?: Updates & { publish: UpdateListener };
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Ends the stream; `done` then resolves. */
  readonly signal: AbortSignal;
  /** Told after each Results how long the oldest record in it had waited since it was read, in ms. */
  readonly onPublish?: (waitedMs: number) => void;
}

/** A running stream. The folds and the registry change as it runs: read them, don't keep or write them. */
export interface Stream {
  readonly updates: Updates;
  readonly registry: Registry;
  readonly folds: readonly Fold[];
  /** Results of this very moment, which are not published. */
  resultsNow(): Results;
  /** Whether every partition has reached the end offset seen at the start. */
  caughtUp(): boolean;
  /** How many of the offsets that the log was ahead by at the start have been folded; null while that isn't known. */
  progress(): { done: number; total: number } | null;
  /** Says whether the data-quality checks have found something; Results say so from then on. */
  setFindings(found: boolean): void;
  /** Resolves once a partition's fold is past an offset; never where that doesn't come. */
  readonly folded: FoldWaits["folded"];
  /**
   * How many offsets each partition is behind the log's end: the present one, or the last one known where the log
   * doesn't answer soon; null where it has never answered.
   */
  lag(): Promise<Record<Topic, number[]> | null>;
  /** Resolves when the stream has ended by its signal; rejects with the fault that stopped it. */
  readonly done: Promise<void>;
}

/** Under load, Results are made this often at most. */
const PUBLISH_EVERY_MS = 100;
/** While nothing changes, votes per second are brought up to date this often until they are 0. */
const IDLE_EVERY_MS = 1_000;
/** Folding lets the rest of the process run after this long. */
const TURN_MS = 20;
const RETRY_MS = 1_000;
/** How long after closing time a record with an earlier timestamp may still come to stand: clocks differ. */
const CLOSING_MS = 1_000;
/** Whoever asks for the lag is told within this time, in an outage too. */
const ENDS_WAIT_MS = 300;
/** The longest that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Starts to read the log where the folds stand, and goes on until the signal aborts or a fault stops it. */
export function startStream(options: StreamOptions): Stream {
  const { log, rules, now } = options;
  const { registry, folds } = options.resumed ?? emptyFolds(rules);
  const election: ElectionInfo = {
    id: log.electionId,
    title: options.title,
    opensAt: rules.opensAt,
    closesAt: rules.closesAt,
  };
  const rate = createRate();
  let otherFindings = log.findings.length > 0;

  let targets: Record<Topic, number[]> | null = null;
  let caughtUp = false;
  const settlesAt = rules.closesAt === null ? null : rules.closesAt + CLOSING_MS;
  /** Whether all that was cast before closing time is folded; after it, nothing is final until then. */
  let settled = settlesAt === null || settlesAt <= now();
  let votesPerSecond = 0;
  const first = resultsNow();
  const updates = options.updates ?? createUpdates(first);
  if (options.updates !== undefined) updates.publish(first);

  function resultsNow(): Results {
    const at = now();
    const isUnsettled = !settled && at >= rules.closesAt!;
    const moment = { now: at, catchingUp: !caughtUp || isUnsettled, votesPerSecond, otherFindings };
    return makeResults(election, registry, folds, moment);
  }

  function measure(): void {
    const votes = folds.reduce((sum, fold) => sum + fold.tally.totalVotes, 0);
    // While it catches up, what grows is how much has been read.
    votesPerSecond = caughtUp ? rate.measure(votes, now()) : 0;
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerIsIdle = false;
  let changedAt = -Infinity;
  let oldestUnpublished: number | null = null;

  // The first fault ends all readers, so that nothing is counted on half of the log; it is the signal's reason.
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);

  /** For what runs by itself, where nobody would catch what it throws. */
  function orStop(work: () => void): () => void {
    return () => {
      try {
        work();
      } catch (fault) {
        stop.abort(fault);
      }
    };
  }

  function publish(): void {
    clearTimeout(timer);
    timer = undefined;
    measure();
    updates.publish(resultsNow());
    if (oldestUnpublished !== null) options.onPublish?.(performance.now() - oldestUnpublished);
    oldestUnpublished = null;
    if (votesPerSecond > 0 && !signal.aborted) {
      timer = setTimeout(orStop(publish), IDLE_EVERY_MS);
      timerIsIdle = true;
    }
  }

  /** Publishes at once after a pause, else when the interval is over. */
  function changed(): void {
    if (timer !== undefined && !timerIsIdle) return;
    const dueInMs = changedAt + PUBLISH_EVERY_MS - performance.now();
    if (dueInMs <= 0) return publishChange();
    clearTimeout(timer);
    timer = setTimeout(orStop(publishChange), dueInMs);
    timerIsIdle = false;
  }

  /** What was brought up to date while nothing changed holds up no change. */
  function publishChange(): void {
    changedAt = performance.now();
    publish();
  }

  const fold: Record<Topic, (batch: ReadBatch) => void> = {
    voters_topic: (batch) => foldVoters(folds[batch.partition], batch),
    votes_topic: (batch) => foldVotes(folds[batch.partition], batch),
    candidates_topic: (batch) => {
      const ids = foldCandidates(registry, batch).map((candidate) => candidate.candidate_id);
      for (const one of folds) acceptCandidates(one, ids, registry.ledger.next);
    },
  };

  function next(topic: Topic): number[] {
    if (topic === "candidates_topic") return [registry.ledger.next];
    return folds.map((one) => (topic === "voters_topic" ? one.votersLedger : one.votesLedger).next);
  }

  const nexts = () => byTopic(next);
  const started = nexts();

  let lastEnds: Record<Topic, number[]> | null = null;
  let refreshing: Promise<void> | null = null;

  /** One question at a time, however often it is asked. */
  function refreshEnds(): Promise<void> {
    refreshing ??= readEnds(log)
      .then((ends) => void (lastEnds = ends), () => {}) // an outage is told of by the log itself
      .finally(() => refreshing = null);
    return refreshing;
  }

  const waits = createFoldWaits((topic, partition) => next(topic)[partition]);

  /** Once no more votes from before closing time can come to stand. */
  async function settle(): Promise<void> {
    const ends = await endsOf(log, signal);
    if (ends === null) return;
    await Promise.all(
      TOPIC_NAMES.flatMap((topic) =>
        ends[topic].map((end, partition) => waits.folded(topic, partition, end - 1))
      ),
    );
    settled = true;
    changed();
  }

  function reached(): boolean {
    return targets !== null && sum(behind(targets, nexts())) === 0;
  }

  const turn = giveTurns(TURN_MS);

  async function read(topic: Topic): Promise<void> {
    const from = new Map(next(topic).map((offset, partition) => [partition, offset]));
    for await (const batch of log.read(topic, from, signal)) {
      if (batch.n > 0) oldestUnpublished ??= performance.now();
      fold[topic](batch);
      waits.advanced(topic, batch.partition);
      if (!caughtUp) caughtUp = reached();
      changed();
      await turn();
    }
  }

  async function run(): Promise<void> {
    targets = lastEnds = await endsOf(log, signal);
    if (targets === null) return;
    const appointments = [
      atTime(rules.opensAt, now, orStop(changed)),
      atTime(rules.closesAt, now, orStop(changed)),
      atTime(settlesAt, now, () => void settle().catch((fault) => stop.abort(fault))),
    ];
    try {
      caughtUp = reached();
      if (caughtUp) changed();
      await Promise.all(TOPIC_NAMES.map((topic) =>
        read(topic).then(
          () => stop.abort(new Error(`reading ${topic} ended by itself`)), // unless it has been aborted already
          (fault) => stop.abort(fault),
        )
      ));
    } finally {
      for (const cancel of appointments) cancel();
      clearTimeout(timer);
    }
    if (!options.signal.aborted) throw stop.signal.reason;
  }

  return {
    updates,
    registry,
    folds,
    resultsNow,
    caughtUp: () => caughtUp,
    progress() {
      if (targets === null) return null;
      const total = sum(behind(targets, started));
      return { done: total - sum(behind(targets, nexts())), total };
    },
    folded: waits.folded,
    setFindings(found) {
      if (found === otherFindings || signal.aborted) return;
      otherFindings = found;
      orStop(changed)();
    },
    async lag() {
      let timer: ReturnType<typeof setTimeout>;
      const patience = new Promise((resolve) => timer = setTimeout(resolve, ENDS_WAIT_MS));
      await Promise.race([refreshEnds(), patience]);
      clearTimeout(timer!);
      if (lastEnds === null) return null;
      return behind(lastEnds, nexts());
    },
    done: run(),
  };
}

/** End offsets of all topics. An outage is waited out; null where the signal aborts before it is over. */
async function endsOf(log: EventLog, signal: AbortSignal): Promise<Record<Topic, number[]> | null> {
  const aborted = new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null)));
  while (!signal.aborted) {
    try {
      return await Promise.race([aborted, readEnds(log)]);
    } catch (fault) {
      if (!(fault instanceof Fault && fault.retryable)) throw fault;
      await Promise.race([aborted, new Promise((resolve) => setTimeout(resolve, RETRY_MS))]);
    }
  }
  return null;
}

async function readEnds(log: EventLog): Promise<Record<Topic, number[]>> {
  const ends = await Promise.all(TOPIC_NAMES.map((topic) => log.ends(topic)));
  return byTopic((_, i) => ends[i]);
}

function byTopic(offsets: (topic: Topic, i: number) => number[]): Record<Topic, number[]> {
  return Object.fromEntries(TOPIC_NAMES.map((topic, i) => [topic, offsets(topic, i)])) as Record<
    Topic,
    number[]
  >;
}

/** How many offsets each partition is behind. */
function behind(ends: Record<Topic, number[]>, next: Record<Topic, number[]>): Record<Topic, number[]> {
  return byTopic((topic) => next[topic].map((at, partition) => Math.max(0, ends[topic][partition] - at)));
}

function sum(offsets: Record<Topic, number[]>): number {
  return Object.values(offsets).flat().reduce((a, b) => a + b, 0);
}

/** The folds of an empty log. */
function emptyFolds(rules: Rules): Folded {
  const folds = Array.from({ length: rules.partitions }, (_, partition) => createFold(partition, rules));
  return { registry: createRegistry(), folds };
}

/** Calls back when the clock reaches a time that is still to come; the function returned cancels that. */
function atTime(at: number | null, now: () => number, callback: () => void): () => void {
  if (at === null || at <= now()) return () => {};
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    const restMs = at - now();
    if (restMs <= 0) return callback();
    timer = setTimeout(wait, Math.min(restMs, MAX_TIMER_MS));
  };
  wait();
  return () => clearTimeout(timer);
}
