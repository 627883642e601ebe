/**
 * The processor: reads the three topics, folds every partition, and makes Results when something changed.
 * @module
 */
import type { CatchUp } from "./catch_up.ts";
import type { LongTopic, ReadOf } from "./catch_up_messages.ts";
import {
  acceptCandidates,
  createFold,
  type Fold,
  foldVoters,
  foldVotersRead,
  foldVotes,
  foldVotesRead,
} from "./fold.ts";
import { createFoldWaits, type FoldWaits } from "./fold_waits.ts";
import { type EventLog, type ReadBatch, type Topic, TOPIC_NAMES } from "./log.ts";
import { behind, byTopic, endsOf, readEnds, total, totalOf } from "./log_ends.ts";
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
  /** Reads where the folds are far behind at the start; the stream disposes of it. Without it, the stream reads all. */
  readonly catchUp?: CatchUp;
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

/** Under load, Results are made this often at most, but for those that say that all has been caught up with. */
const PUBLISH_EVERY_MS = 100;
/** While nothing changes, votes per second are brought up to date this often until they are 0. */
const IDLE_EVERY_MS = 1_000;
/** Folding lets the rest of the process run after this long. */
const TURN_MS = 20;
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
  const startedAt = now();
  const settlesAt = rules.closesAt === null ? null : rules.closesAt + CLOSING_MS;
  /** Whether all that was cast before closing time is folded; after it, nothing is final until then. */
  let settled = settlesAt === null || settlesAt <= startedAt;
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
    return targets !== null && totalOf(behind(targets, nexts())) === 0;
  }

  const turn = giveTurns(TURN_MS);

  function advanced(topic: Topic, partition: number): Promise<void> {
    waits.advanced(topic, partition);
    if (!caughtUp && reached()) {
      caughtUp = true;
      publishChange(); // who waits for this need not wait for the interval too
    } else {
      changed();
    }
    return turn();
  }

  const foldRead: { [T in LongTopic]: (read: ReadOf[T]) => void } = {
    voters_topic: (read) => foldVotersRead(folds[read.partition], read),
    votes_topic: (read) => foldVotesRead(folds[read.partition], read),
  };

  /** Folds what threads of their own read, where there is much to read. */
  async function catchUpOn<T extends LongTopic>(topic: T): Promise<void> {
    const { catchUp } = options;
    const from = next(topic), ends = targets![topic];
    if (signal.aborted || catchUp === undefined || total(ends) - total(from) < catchUp.minRecords) return;
    for await (const read of catchUp.read(topic, from, ends)) {
      if (signal.aborted) return;
      oldestUnpublished ??= performance.now();
      foldRead[topic](read);
      await advanced(topic, read.partition);
    }
  }

  async function read(topic: Topic): Promise<void> {
    const from = new Map(next(topic).map((offset, partition) => [partition, offset]));
    for await (const batch of log.read(topic, from, signal)) {
      if (batch.n > 0) oldestUnpublished ??= performance.now();
      fold[topic](batch);
      await advanced(topic, batch.partition);
    }
  }

  async function run(): Promise<void> {
    targets = lastEnds = await endsOf(log, signal);
    if (targets === null) return;
    // Those that passed while the log was waited for are kept too.
    const isToCome = (at: number | null) => at !== null && at > startedAt;
    const appointments = [
      ...[rules.opensAt, rules.closesAt].filter(isToCome).map((at) => atTime(at!, now, orStop(changed))),
      ...settled ? [] : [atTime(settlesAt!, now, () => void settle().catch((fault) => stop.abort(fault)))],
    ];
    const endCatchUp = () => options.catchUp?.[Symbol.dispose]();
    signal.addEventListener("abort", endCatchUp);
    try {
      caughtUp = reached();
      if (caughtUp) changed();
      const caught = {
        voters_topic: catchUpOn("voters_topic"),
        votes_topic: catchUpOn("votes_topic"),
        candidates_topic: Promise.resolve(),
      };
      Promise.allSettled(Object.values(caught)).then(endCatchUp);
      await Promise.all(TOPIC_NAMES.map((topic) =>
        caught[topic].then(() => read(topic)).then(
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
      const total = totalOf(behind(targets, started));
      return { done: total - totalOf(behind(targets, nexts())), total };
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

/** The folds of an empty log. */
function emptyFolds(rules: Rules): Folded {
  const folds = Array.from({ length: rules.partitions }, (_, partition) => createFold(partition, rules));
  return { registry: createRegistry(), folds };
}

/** Calls back when the clock reaches a time, or at once where it has; the function returned cancels that. */
function atTime(at: number, now: () => number, callback: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    const restMs = at - now();
    if (restMs <= 0) return callback();
    timer = setTimeout(wait, Math.min(restMs, MAX_TIMER_MS));
  };
  wait();
  return () => clearTimeout(timer);
}
