/**
 * What is said between the main thread and a thread that reads for it (see catch_up.ts).
 * @module
 */
import type { PartitionerName } from "./log.ts";
import type { LogSource } from "./open_log.ts";
import type { Rules } from "./record.ts";
import type { VotersRead, VotesRead } from "./record_columns.ts";

/** The topics that have many records. */
export type LongTopic = "voters_topic" | "votes_topic";

/** What records of a topic say: of votes or of voters. */
export interface ReadOf {
  readonly voters_topic: VotersRead;
  readonly votes_topic: VotesRead;
}

/** Rules in plain data. */
export type PlainRules = Omit<Rules, "partitioner"> & { readonly partitioner: PartitionerName };

/** What a reading thread is told. */
export type ReaderOrder =
  /** Comes first: which log, and by which rules. */
  | { readonly kind: "open"; readonly source: LogSource; readonly rules: PlainRules }
  /** To read some partitions of a topic, from given offsets and at least to given ends. */
  | {
    readonly kind: "read";
    readonly topic: LongTopic;
    readonly from: ReadonlyMap<number, number>;
    readonly ends: ReadonlyMap<number, number>;
  }
  /** One of a topic's batches has been folded: another may follow. */
  | { readonly kind: "taken"; readonly topic: LongTopic };

/** What it answers. */
export type ReaderReply =
  | { readonly kind: "batch"; readonly topic: "voters_topic"; readonly read: VotersRead }
  | { readonly kind: "batch"; readonly topic: "votes_topic"; readonly read: VotesRead }
  /** Something for the operator. */
  | { readonly kind: "notice"; readonly message: string }
  /** Reading has ended by a fault. */
  | { readonly kind: "failed"; readonly reason: string };

/** So many batches of a topic may be on their way from one thread. */
export const BATCHES_AHEAD = 16;
