/**
 * Receipts: what the fold knows of one voter, and what became of one record of votes_topic.
 *
 * Pure functions over a partition's fold; what they say is true at the offsets that it has reached.
 * @module
 */
import type { Fold } from "./fold.ts";
import type { Position, ReadBatch } from "./log.ts";
import { readVote, type Reason } from "./record.ts";
import { hashOf } from "./value_hash.ts";
import { ACCREDITED, COUNTED, flagsOf, recordHashOf, stateOf, VOTED, voteOffsetOf } from "./voter_table.ts";
import { findVoter, voterKey } from "./voters.ts";

/** A voter as the fold knows her. */
export interface Standing {
  readonly accredited: boolean;
  /** Her state; "unknown" where it, or she, is not known. */
  readonly state: string;
  /** Where her vote stands; null where there is none. */
  readonly vote: Position | null;
}

/** What became of a record of votes_topic. */
export type VoteState = "counted" | "duplicate" | "waiting" | "rejected";

/** What became of a record, why if it was rejected, and which vote stands instead if it is a duplicate. */
export interface Receipt {
  readonly state: VoteState;
  readonly reason: Reason | null;
  readonly stands: Position | null;
}

const encoder = new TextEncoder();
let encoded = { id: "", bytes: new Uint8Array() };

/** An id's bytes; of one voter several things are asked in a row, and encoding takes longer than looking her up. */
function bytesOf(id: string): Uint8Array {
  if (id !== encoded.id) encoded = { id, bytes: encoder.encode(id) };
  return encoded.bytes;
}

/** The fold of the partition where a voter's records belong. */
export function foldOf(folds: readonly Fold[], voterId: string): Fold {
  const { partitioner, partitions } = folds[0].rules;
  return folds[partitioner(bytesOf(voterId), partitions)];
}

/** What her partition's fold knows of a voter. */
export function standingOf(fold: Fold, voterId: string): Standing {
  const { voters, partition } = fold;
  const voter = voterNumber(fold, bytesOf(voterId));
  if (voter < 0) return { accredited: false, state: "unknown", vote: null };
  const flags = flagsOf(voters, voter);
  const accredited = (flags & ACCREDITED) !== 0;
  return {
    accredited,
    state: accredited ? fold.states.names[stateOf(voters, voter)] : "unknown",
    vote: flags & VOTED ? { partition, offset: voteOffsetOf(voters, voter) } : null,
  };
}

/** Whether these bytes are the record that accredited the voter, or another did, or none. */
export function accreditedBy(fold: Fold, voterId: string, value: Uint8Array): "none" | "same" | "other" {
  const voter = voterNumber(fold, bytesOf(voterId));
  const { voters } = fold;
  if (voter < 0 || !(flagsOf(voters, voter) & ACCREDITED)) return "none";
  const [hash0, hash1] = hashOf(value);
  return recordHashOf(voters, voter, 0) === hash0 && recordHashOf(voters, voter, 1) === hash1
    ? "same"
    : "other";
}

/** What became of record i of a batch that the fold has folded. */
export function receiptOf(fold: Fold, batch: ReadBatch, i: number): Receipt {
  const fields = readVote(batch, i, fold.rules);
  if (typeof fields === "string") return { state: "rejected", reason: fields, stands: null };
  const voter = voterNumber(fold, batch.bytes.subarray(batch.bounds[4 * i], batch.bounds[4 * i + 1]));
  const offset = voteOffsetOf(fold.voters, voter);
  if (offset !== batch.offsets[i]) {
    const stands = { partition: fold.partition, offset };
    return { state: "duplicate", reason: null, stands };
  }
  return { state: flagsOf(fold.voters, voter) & COUNTED ? "counted" : "waiting", reason: null, stands: null };
}

const key = new Uint32Array(4);

function voterNumber(fold: Fold, id: Uint8Array): number {
  voterKey(id, 0, id.length, key);
  return findVoter(fold.voters, key);
}
