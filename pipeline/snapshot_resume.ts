/**
 * Resuming: from the newest snapshot where that may be, else from the log's first record.
 * @module
 */
import type { EventLog } from "./log.ts";
import type { Rules } from "./record.ts";
import type { Results } from "./results.ts";
import type { StoredSnapshot } from "./snapshot.ts";
import { type Folded, snapshotRules } from "./snapshot_capture.ts";
import { changedRules, requireSameLog } from "./snapshot_guards.ts";
import { restore } from "./snapshot_restore.ts";

/** What resuming needs. */
export interface ResumeOptions {
  readonly log: EventLog;
  readonly rules: Rules;
  readonly signal: AbortSignal;
  /** Told why the log is counted from its first record, where there was a snapshot. */
  readonly onNotice: (message: string) => void;
}

/**
 * The folds and the registry of a snapshot, to go on from; null where the log has to be counted from its start.
 * @throws {Fault} LOG_CHANGED where the snapshot is not of this log
 */
export async function resume(stored: StoredSnapshot, options: ResumeOptions): Promise<Folded | null> {
  const { log, rules, signal, onNotice } = options;
  await requireSameLog(stored.facts, log, signal);
  const changed = changedRules(stored.facts, snapshotRules(rules));
  const restored = changed ?? await restore(stored, rules);
  if (typeof restored !== "string") return restored;
  onNotice(`The log is counted from its first record, as the snapshot can't be gone on from: ${restored}`);
  return null;
}

/** A snapshot's Results as they may be shown until there are newer ones. */
export function resultsToShow({ results }: StoredSnapshot, title: string): Results {
  return {
    ...results,
    election: { ...results.election, title },
    catching_up: true,
    totals: { ...results.totals, votes_per_second: 0 },
    quality: { status: "unknown" },
  };
}
