/**
 * The SnapshotStore port: a snapshot is the fold and the offsets it covers, written together, immutable.
 *
 * What changed since the snapshot before is handed over, never the whole: the cost of one doesn't grow with the
 * election's age.
 * @module
 */
import type { AgeBand, Gender } from "./election.ts";
import type { PartitionerName, Topic } from "./log.ts";
import type { QualityReport } from "./quality_loop.ts";
import type { Results } from "./results.ts";

/** The last record that was folded of a partition: what stands at that offset must hash the same at a restart. */
export interface LastRecord {
  readonly offset: number;
  /** 64 hex digits: SHA-256 of the record's key and value. */
  readonly hash: string;
}

/** The rules that a fold was made by, as a snapshot keeps them. */
export interface SnapshotRules {
  readonly partitions: number;
  readonly partitioner: PartitionerName;
  readonly windowMs: number;
  readonly graceMs: number;
  /** Epoch ms, or null. */
  readonly opensAt: number | null;
  readonly closesAt: number | null;
}

/** What a snapshot says of itself. */
export interface SnapshotFacts {
  /** Of the fold's meaning: a snapshot of another one is rebuilt from the log. */
  readonly foldVersion: number;
  readonly electionId: string;
  /** As in Results: the sum of the offsets. */
  readonly version: number;
  /** When it was taken, epoch ms by the wall clock. */
  readonly asOf: number;
  /** Epoch ms, or null; as in Results. */
  readonly watermark: number | null;
  /** Next offsets by topic and partition: what the snapshot covers. */
  readonly offsets: Readonly<Record<Topic, readonly number[]>>;
  /** The last folded record of each partition; null where none was. */
  readonly lastRecords: Readonly<Record<Topic, readonly (LastRecord | null)[]>>;
  readonly rules: SnapshotRules;
}

/** Votes of one cell of the cube that have come to count since the snapshot before. */
export interface CellChange {
  /** Start of the event-time window, epoch ms. */
  readonly windowStart: number;
  readonly candidateId: string;
  readonly state: string;
  readonly ageBand: AgeBand;
  readonly gender: Gender;
  readonly votes: number;
  /** Of these, the late ones. */
  readonly late: number;
}

/** Accredited voters of one group. */
export interface VoterGroup {
  readonly state: string;
  readonly ageBand: AgeBand;
  readonly gender: Gender;
  readonly voters: number;
}

/** A snapshot on its way to the store. */
export interface Capture {
  readonly facts: SnapshotFacts;
  /**
   * Whether it holds everything since the log's first record, and is no change to the capture before: so it is where
   * there was none, or where the ones before can't be gone on from.
   */
  readonly whole: boolean;
  /** The Results of this very version. */
  readonly results: Results;
  /** All of the folds and the registry that isn't a voter's; JSON, small. */
  readonly state: unknown;
  /**
   * By partition: rows of the voters that changed since the capture before that was saved, encoded; empty where
   * none did. Blocks applied in the order saved give the voters: the store may concatenate them, and no more.
   */
  readonly voters: readonly Uint8Array[];
  /**
   * What was added to the cube since the capture before that was saved. Read once, after the cut; a cell may come
   * once for each partition, and its votes add up.
   */
  readonly cells: Iterable<CellChange>;
  /** Everybody accredited, by group; all of them each time, as there are few groups. */
  readonly groups: Iterable<VoterGroup>;
  /** What the data-quality checks had said last by then. */
  readonly quality: Pick<QualityReport, "asOf" | "checks">;
}

/** A snapshot as it comes back. */
export interface StoredSnapshot {
  readonly facts: SnapshotFacts;
  readonly results: Results;
  readonly state: unknown;
  /** By partition: the blocks in the order saved. */
  readonly voters: readonly (readonly Uint8Array[])[];
}

/** Where snapshots are kept. */
export interface SnapshotStore {
  /**
   * Saves a capture as the newest snapshot. MUST be all or nothing, and durable when it resolves. When it rejects,
   * the one before stays the newest, and the next capture MUST hold what this one held.
   * @throws {Fault} SNAPSHOT_FAILED (retryable): the disk is full, or refuses
   */
  save(capture: Capture): Promise<void>;

  /** Whether what later captures would be changes to has turned out to be damaged: the next one MUST be whole. */
  needsWhole(): boolean;

  /**
   * The newest snapshot whose files are all as they were written; null where there is none. Later captures are
   * changes to this one, unless one is whole. MUST set aside and name damaged files, and delete none of them.
   * @throws {Fault} DATA_DIR_UNUSABLE where the folder can't be read
   */
  latest(): Promise<StoredSnapshot | null>;
}
