/**
 * What the records of a batch say, in columns: all that the fold needs of them, and none of their bytes.
 *
 * Reading is pure, and most of the work of counting; so it may be done on another thread than the fold, and what it
 * gives can be handed over whole: all columns of a batch are views of one buffer.
 * @module
 */
import { type Gender, GENDERS } from "./election.ts";
import { lastRecordOf } from "./ledger.ts";
import type { ReadBatch } from "./log.ts";
import { type Reason, REASONS, type Rules } from "./record.ts";
import {
  createVoterShapes,
  createVoteShapes,
  scanVote,
  scanVoter,
  type VoteRead,
  type VoterRead,
} from "./record_scan.ts";
import type { LastRecord } from "./snapshot.ts";
import { hashOf } from "./value_hash.ts";
import { AGE_UNKNOWN } from "./voter_table.ts";
import { voterKey } from "./voters.ts";

/** What either topic's records have in common; every column has n entries, or as many for each record as it says. */
interface RecordsRead {
  readonly partition: number;
  readonly n: number;
  /** As in ReadBatch. */
  readonly next: number;
  readonly offsets: Float64Array<ArrayBuffer>;
  /** Why a record is rejected, as its place in REASONS from 1 on; 0: it is well-formed. Else the columns say nothing. */
  readonly rejected: Uint8Array;
  /** Four words a record: the voter's key (see `voterKey`). */
  readonly keys: Uint32Array;
  /** The last record, whatever it says; null where there is none. */
  readonly last: LastRecord | null;
}

/** A batch of votes_topic. */
export interface VotesRead extends RecordsRead {
  /** The log's own. */
  readonly timestamps: Float64Array;
  /** What `parseEventTime` makes of `voting_time`. */
  readonly times: Float64Array;
  /** Whom the vote is for: a place in `candidateIds`. */
  readonly candidates: Int32Array;
  readonly candidateIds: readonly string[];
}

/** A batch of voters_topic. */
export interface VotersRead extends RecordsRead {
  /** Two words a record: `hashOf` its value. */
  readonly hashes: Uint32Array;
  /** Registered age in whole years, or AGE_UNKNOWN. */
  readonly ages: Uint8Array;
  /** Index in GENDERS. */
  readonly genders: Uint8Array;
  /** Where she lives, as written: places in `names`, −1 where no string is. */
  readonly states: Int32Array;
  readonly cities: Int32Array;
  readonly names: readonly string[];
}

/** Why record i is rejected; null where it is well-formed. */
export function reasonOf({ rejected }: RecordsRead, i: number): Reason | null {
  return rejected[i] === 0 ? null : REASONS[rejected[i] - 1];
}

/** Reads a batch of votes_topic. */
export function readVotes(batch: ReadBatch, rules: Rules): VotesRead {
  const { n } = batch;
  const view = viewOf(batch);
  const { float64, uint32, int32, uint8 } = columnsFor(n, { float64: 3, words: 5, bytes: 1 });
  const offsets = float64(n), timestamps = float64(n), times = float64(n);
  const keys = uint32(4 * n), candidates = int32(n), rejected = uint8(n);
  const numberOf = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const reason = scanVote(voteShapes, batch, view, i, rules, voteRead);
    if (reason !== null) {
      rejected[i] = 1 + REASONS.indexOf(reason);
      continue;
    }
    times[i] = voteRead.timeWritten;
    candidates[i] = numbered(numberOf, voteRead.candidateId);
  }
  offsets.set(batch.offsets.subarray(0, n));
  timestamps.set(batch.timestamps.subarray(0, n));
  readKeys(batch, rejected, keys);
  const candidateIds = [...numberOf.keys()];
  return { ...whole(batch), offsets, timestamps, times, keys, candidates, rejected, candidateIds };
}

/** Reads a batch of voters_topic. */
export function readVoters(batch: ReadBatch, rules: Rules): VotersRead {
  const { n, bytes, bounds } = batch;
  const view = viewOf(batch);
  const { float64, uint32, int32, uint8 } = columnsFor(n, { float64: 1, words: 8, bytes: 3 });
  const offsets = float64(n), keys = uint32(4 * n), hashes = uint32(2 * n);
  const states = int32(n), cities = int32(n), ages = uint8(n), genders = uint8(n), rejected = uint8(n);
  const numberOf = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const reason = scanVoter(voterShapes, batch, view, i, rules, voterRead);
    if (reason !== null) {
      rejected[i] = 1 + REASONS.indexOf(reason);
      continue;
    }
    const [hash0, hash1] = hashOf(bytes, bounds[4 * i + 2], bounds[4 * i + 3]);
    hashes[2 * i] = hash0;
    hashes[2 * i + 1] = hash1;
    ages[i] = age(voterRead.registeredAge);
    genders[i] = gender(voterRead.gender);
    states[i] = numbered(numberOf, voterRead.state);
    cities[i] = numbered(numberOf, voterRead.city);
  }
  offsets.set(batch.offsets.subarray(0, n));
  readKeys(batch, rejected, keys);
  const names = [...numberOf.keys()];
  return { ...whole(batch), offsets, keys, hashes, states, cities, ages, genders, rejected, names };
}

/** They hold nothing of an election, and only save time. */
const voteShapes = createVoteShapes(), voterShapes = createVoterShapes();
/** What was read of the record at hand: an object for each would cost more than counting it. */
const voteRead: VoteRead = { candidateId: "", timeWritten: NaN };
const voterRead: VoterRead = {
  registeredAge: undefined,
  gender: undefined,
  state: undefined,
  city: undefined,
};

const viewOf = ({ bytes }: ReadBatch) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function whole(batch: ReadBatch): Pick<RecordsRead, "partition" | "n" | "next" | "last"> {
  const { partition, n, next } = batch;
  return { partition, n, next, last: lastRecordOf(batch) };
}

function readKeys({ bytes, bounds, n }: ReadBatch, rejected: Uint8Array, keys: Uint32Array): void {
  for (let i = 0; i < n; i++) {
    if (rejected[i] === 0) voterKey(bytes, bounds[4 * i], bounds[4 * i + 1], keys, 4 * i);
  }
}

/** Hands out columns of one buffer: so many a record of each width, which must be asked for from the widest on. */
function columnsFor(n: number, { float64, words, bytes }: { float64: number; words: number; bytes: number }) {
  const buffer = new ArrayBuffer(n * (8 * float64 + 4 * words + bytes));
  let at = 0;
  const take = (size: number) => (at += size) - size;
  return {
    float64: (length: number) => new Float64Array(buffer, take(8 * length), length),
    uint32: (length: number) => new Uint32Array(buffer, take(4 * length), length),
    int32: (length: number) => new Int32Array(buffer, take(4 * length), length),
    uint8: (length: number) => new Uint8Array(buffer, take(length), length),
  };
}

/** The text's number, by first appearance; −1 where it is none. */
function numbered(numberOf: Map<string, number>, text: unknown): number {
  if (typeof text !== "string") return -1;
  const known = numberOf.get(text);
  if (known !== undefined) return known;
  numberOf.set(text, numberOf.size);
  return numberOf.size - 1;
}

function age(written: unknown): number {
  const known = Number.isInteger(written) && written as number >= 0 && written as number < AGE_UNKNOWN;
  return known ? written as number : AGE_UNKNOWN;
}

function gender(written: unknown): number {
  const number = GENDERS.indexOf(written as Gender);
  return number < 0 ? GENDERS.indexOf("unknown") : number;
}
