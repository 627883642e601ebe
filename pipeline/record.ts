/**
 * Reads one record of the log: well-formed, or rejected for the first reason that applies.
 *
 * Pure and without state: what a record means depends on its bytes, its place and the rules alone.
 * @module
 */
import type { Partitioner, ReadBatch } from "./log.ts";
import { partitionAt } from "./partitioner.ts";

/** Why a record is rejected, in the order in which it is judged: the first that applies is named. */
export const REASONS = [
  "tombstone", // the value is null
  "too_large", // the value is longer than MAX_VALUE_BYTES
  "no_key", // the key is null or empty
  "bad_json", // the value isn't UTF-8 or isn't JSON (0 bytes aren't)
  "no_voter_id", // voter_id is absent or null, where one is needed
  "no_candidate_id", // candidate_id is absent or null, where one is needed
  "wrong_type", // an id isn't a string of 1–128 characters, or `vote` is present and not 1
  "key_mismatch", // the key isn't the id
  "wrong_partition", // the configured partitioner puts the key elsewhere
  "not_open", // the log timestamp lies outside the opening hours
] as const;
/** @see REASONS */
export type Reason = typeof REASONS[number];

/** The longest value that is read. */
export const MAX_VALUE_BYTES = 65_536;
/** The longest id, in characters (Unicode code points). */
export const MAX_ID_CHARACTERS = 128;
/** The longest id in UTF-8. */
export const MAX_ID_BYTES = 4 * MAX_ID_CHARACTERS;

/** What a record is judged by besides itself; the same rules over the same log give the same tally. */
export interface Rules {
  /** How many partitions voters_topic and votes_topic have. */
  readonly partitions: number;
  readonly partitioner: Partitioner;
  /** The width of a tumbling window. */
  readonly windowMs: number;
  /** How far behind the greatest event time of its partition a vote may be without being late. */
  readonly graceMs: number;
  /** Votes count from this log timestamp on; null: from the beginning. */
  readonly opensAt: number | null;
  /** Votes count before this log timestamp; null: for ever. */
  readonly closesAt: number | null;
}

/** A record's JSON object. Its fields are whatever the producer wrote. */
export type Fields = Record<string, unknown>;

type IdField = "voter_id" | "candidate_id";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const encodedId = new Uint8Array(MAX_ID_BYTES);

/** Reads a record of voters_topic: its fields, or the reason why it is rejected. */
export function readVoter(batch: ReadBatch, i: number, rules: Rules): Fields | Reason {
  const fields = readFields(batch, i, ["voter_id"]);
  if (typeof fields === "string") return fields;
  if (!isKey(fields.voter_id as string, batch, i)) return "key_mismatch";
  return isInItsPartition(batch, i, rules) ? fields : "wrong_partition";
}

/** Reads a record of candidates_topic: its fields, or the reason why it is rejected. */
export function readCandidate(batch: ReadBatch, i: number): Fields | Reason {
  const fields = readFields(batch, i, ["candidate_id"]);
  if (typeof fields === "string") return fields;
  return isKey(fields.candidate_id as string, batch, i) ? fields : "key_mismatch";
}

/** Reads a record of votes_topic: its fields, or the reason why it is rejected. */
export function readVote(batch: ReadBatch, i: number, rules: Rules): Fields | Reason {
  const fields = readFields(batch, i, ["voter_id", "candidate_id"]);
  if (typeof fields === "string") return fields;
  if (fields.vote !== undefined && fields.vote !== 1) return "wrong_type";
  if (!isKey(fields.voter_id as string, batch, i)) return "key_mismatch";
  if (!isInItsPartition(batch, i, rules)) return "wrong_partition";
  return isOpen(batch.timestamps[i], rules) ? fields : "not_open";
}

/** Whether a vote with this log timestamp is within the opening hours. */
export function isOpen(logTimestamp: number, rules: Pick<Rules, "opensAt" | "closesAt">): boolean {
  return (rules.opensAt === null || logTimestamp >= rules.opensAt) &&
    (rules.closesAt === null || logTimestamp < rules.closesAt);
}

/** The checks that need no more than the record: all of REASONS up to wrong_type of the ids. */
function readFields(batch: ReadBatch, i: number, ids: readonly IdField[]): Fields | Reason {
  const { bytes, bounds } = batch;
  const keyStart = bounds[4 * i], keyEnd = bounds[4 * i + 1];
  const valueStart = bounds[4 * i + 2], valueEnd = bounds[4 * i + 3];
  if (valueStart < 0) return "tombstone";
  if (valueEnd - valueStart > MAX_VALUE_BYTES) return "too_large";
  if (keyStart < 0 || keyStart === keyEnd) return "no_key";
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(bytes.subarray(valueStart, valueEnd)));
  } catch {
    return "bad_json"; // both failures, of UTF-8 and of JSON, are the producer's and mean the same
  }
  const fields = typeof parsed === "object" && parsed !== null ? parsed as Fields : {};
  for (const id of ids) if (fields[id] === undefined || fields[id] === null) return `no_${id}`;
  for (const id of ids) if (!isId(fields[id])) return "wrong_type";
  return fields;
}

/** Whether an id is one: with a lone surrogate it has no UTF-8 form, so no key could ever equal it. */
export function isId(value: unknown): value is string {
  if (typeof value !== "string" || value === "" || value.length > 2 * MAX_ID_CHARACTERS) return false;
  if (!value.isWellFormed()) return false;
  return value.length <= MAX_ID_CHARACTERS || [...value].length <= MAX_ID_CHARACTERS;
}

function isKey(id: string, { bytes, bounds }: ReadBatch, i: number): boolean {
  const start = bounds[4 * i], end = bounds[4 * i + 1];
  const { written } = encoder.encodeInto(id, encodedId);
  if (written !== end - start) return false;
  for (let at = 0; at < written; at++) if (encodedId[at] !== bytes[start + at]) return false;
  return true;
}

/** Whether record i's key belongs into the partition that it was read from. */
export function isInItsPartition(
  { bytes, bounds, partition }: ReadBatch,
  i: number,
  { partitioner, partitions }: Rules,
): boolean {
  return partitionAt(partitioner, bytes, bounds[4 * i], bounds[4 * i + 1], partitions) === partition;
}
