/**
 * Vitals: how the pipeline itself is doing, for everybody who looks at what it counted.
 * @module
 */
import type { Fold } from "./fold.ts";
import type { Ledger } from "./ledger.ts";
import type { EventLog, Topic } from "./log.ts";
import { pause } from "./pause.ts";
import { type Reason, REASONS } from "./record.ts";
import type { Registry } from "./registry.ts";

/** How the pipeline is at one moment. */
export interface Vitals {
  /** Whether the log can be read: "opening" until the count goes on from a snapshot, "away" in an outage. */
  log: "opening" | "answers" | "away";
  /** Records of votes_topic that stand in the log and are not folded yet; null where that was never known. */
  lag: number | null;
  /**
   * From reading a record until results with it were published, in the newest publications: the
   * median, and the one that 99 in 100 are not slower than. Null before the first.
   */
  latency_ms: { median: number; p99: number } | null;
  /** Records that are not well-formed, by topic and reason; those that are 0 left out. */
  rejected: Partial<Record<Topic, Partial<Record<Reason, number>>>>;
}

/** What is known before the log is open. */
export const OPENING: Vitals = { log: "opening", lag: null, latency_ms: null, rejected: {} };

/** What is looked at. */
export interface VitalsOptions {
  readonly log: Pick<EventLog, "ends">;
  readonly registry: Registry;
  readonly folds: readonly Fold[];
  readonly signal: AbortSignal;
  /** How often the log is asked for its end; by default every second. */
  readonly everyMs?: number;
}

/** A running look-out. */
export interface VitalsWatch {
  latest(): Vitals;
  /** A record waited this long from being read until results with it were published. */
  observePublish(waitedMs: number): void;
  /** Resolves when it has ended, by its signal; never rejects. */
  readonly done: Promise<void>;
}

const EVERY_MS = 1_000;
/** An end that takes longer than this to be told is an outage. */
const PATIENCE_MS = 2_000;
const LATENCIES = 200;

/** Starts to look; it goes on until the signal aborts. */
export function startVitals(
  { log, registry, folds, signal, everyMs = EVERY_MS }: VitalsOptions,
): VitalsWatch {
  const latencies: number[] = [];
  let ends: number[] | null = null;
  let answers = true;

  async function look(): Promise<void> {
    let patience: ReturnType<typeof setTimeout>;
    try {
      patience = setTimeout(() => answers = false, PATIENCE_MS);
      ends = await log.ends("votes_topic");
      answers = true;
    } catch { // why is told by the stream, which reads the same log
      answers = false;
    } finally {
      clearTimeout(patience!);
    }
  }

  async function run(): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    while (!signal.aborted) {
      await Promise.race([look(), aborted]);
      await pause(everyMs, signal);
    }
  }

  return {
    latest: () => ({
      log: answers ? "answers" : "away",
      lag: ends && folds.reduce(
        (sum, { partition, votesLedger }) => sum + Math.max(0, ends![partition] - votesLedger.next),
        0,
      ),
      latency_ms: latencyOf(latencies),
      rejected: rejectedByReason(registry, folds),
    }),
    observePublish(waitedMs) {
      latencies.push(waitedMs);
      if (latencies.length > LATENCIES) latencies.shift();
    },
    done: run(),
  };
}

function latencyOf(latencies: readonly number[]): Vitals["latency_ms"] {
  if (latencies.length === 0) return null;
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.ceil(part * sorted.length) - 1] * 10) / 10;
  return { median: at(0.5), p99: at(0.99) };
}

function rejectedByReason(registry: Registry, folds: readonly Fold[]): Vitals["rejected"] {
  const byTopic: Record<Topic, Ledger[]> = {
    votes_topic: folds.map((fold) => fold.votesLedger),
    voters_topic: folds.map((fold) => fold.votersLedger),
    candidates_topic: [registry.ledger],
  };
  const rejected: Vitals["rejected"] = {};
  for (const [topic, ledgers] of Object.entries(byTopic) as [Topic, Ledger[]][]) {
    for (const reason of REASONS) {
      const found = ledgers.reduce((sum, ledger) => sum + ledger.found[reason], 0);
      if (found > 0) (rejected[topic] ??= {})[reason] = found;
    }
  }
  return rejected;
}
