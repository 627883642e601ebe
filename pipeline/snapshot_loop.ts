/**
 * Takes snapshots for as long as the count runs, and one at its end.
 * @module
 */
import { Fault } from "./fault.ts";
import { pause } from "./pause.ts";
import type { QualityReport } from "./quality_loop.ts";
import { offsetsOf, versionOf } from "./results.ts";
import type { SnapshotStore } from "./snapshot.ts";
import { takeCapture } from "./snapshot_capture.ts";
import type { Stream } from "./stream.ts";

/** What taking snapshots needs. */
export interface SnapshotsOptions {
  readonly store: SnapshotStore;
  readonly stream: Stream;
  /** The newest report of the data-quality checks, where they are made. */
  readonly quality?: () => QualityReport;
  /** The snapshot that the stream went on from; null: it has counted from the log's first record. */
  readonly resumedFrom: SavedSnapshot | null;
  readonly everyMs: number;
  /** Ends it, together with the stream. */
  readonly signal: AbortSignal;
  /** Told of a failure and of its end, once each. */
  readonly onNotice: (message: string) => void;
  /** Told after each cut how long it held up the fold. */
  readonly onCut?: (tookMs: number) => void;
}

/** Which snapshot has been saved. */
export interface SavedSnapshot {
  readonly version: number;
  /** When it was taken, epoch ms by the wall clock. */
  readonly asOf: number;
}

/** Snapshots being taken. */
export interface Snapshots {
  /** The newest that is saved; null where there is none. */
  newest(): SavedSnapshot | null;
  /** Resolves when the last one has been saved, after the stream's clean end. */
  readonly done: Promise<void>;
}

/**
 * Takes a snapshot so often, where something has changed, and one at a clean end. What the checks say counts as a
 * change from the first snapshot of this run on.
 */
export function startSnapshots(options: SnapshotsOptions): Snapshots {
  const { store, stream, quality, everyMs, signal, onNotice, onCut } = options;
  let newest = options.resumedFrom;
  /** What the checks say in the newest that was saved here. */
  let saved: string | null = null;
  let failing = false;

  async function save(): Promise<void> {
    const before = performance.now();
    const report = quality?.();
    const whole = newest === null || store.needsWhole();
    const taken = takeCapture(stream, stream.resultsNow(), whole, report);
    onCut?.(performance.now() - before);
    const { version, asOf } = taken.capture.facts;
    try {
      await store.save(taken.capture);
    } catch (fault) {
      taken.undo();
      if (!(fault instanceof Fault && fault.retryable)) throw fault;
      if (!failing) {
        const next = signal.aborted
          ? "the next start goes on from the one before, or from the log's first record"
          : `counting goes on, and it is tried again every ${everyMs / 1000} s`;
        onNotice(`${fault.message}; ${next}`);
      }
      failing = true;
      return;
    }
    newest = { version, asOf };
    saved = saidBy(report);
    if (failing) onNotice("Snapshots are being saved again");
    failing = false;
  }

  const isDue = () =>
    store.needsWhole() || (newest?.version ?? 0) !== versionOf(offsetsOf(stream.registry, stream.folds)) ||
    (saved !== null && saved !== saidBy(quality?.()));

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await pause(everyMs, signal);
      if (!signal.aborted && isDue()) await save();
    }
    // After a fault of the stream's the folds may be half of something.
    if (await stream.done.then(() => true, () => false) && isDue()) await save();
  }

  return { newest: () => newest, done: run() };
}

/** What the checks say, whenever they were made. */
function saidBy(report: QualityReport | undefined): string {
  return JSON.stringify(
    (report?.checks ?? []).map(({ id, value, expected, status }) => [id, value, expected, status]),
  );
}
