/**
 * The fold: one partition's records in, its tally out.
 *
 * Pure and local: all that judges a vote is its own partition's records and the registry of candidates, so the
 * outcome depends neither on how partitions and topics interleave nor on what was read twice.
 *
 * A voter's first well-formed record is her vote. It waits while she, or its candidate, is not accredited, and
 * counts the moment both are. Its event time, window and lateness are fixed when it is read.
 * @module
 */
import { type Gender, GENDERS } from "./election.ts";
import { boundedTime, CLOCK_TOLERANCE_MS } from "./event_time.ts";
import { createLedger, foldBatch, type Ledger, note } from "./ledger.ts";
import type { ReadBatch } from "./log.ts";
import { createPlaces, MAX_CITIES, MAX_STATES, placeNumber, type Places } from "./places.ts";
import { MAX_ID_BYTES, type Rules } from "./record.ts";
import {
  createVoterShapes,
  createVoteShapes,
  scanVote,
  scanVoter,
  type VoteRead,
  type VoterRead,
} from "./record_scan.ts";
import { type Cell, countVote, createTally, groupOf, increment, settle, type Tally } from "./tally.ts";
import { hashOf } from "./value_hash.ts";
import {
  ACCREDITED,
  addFlags,
  AGE_UNKNOWN,
  ageOf,
  cityOf,
  COUNTED,
  flagsOf,
  genderOf,
  LATE,
  recordHashOf,
  setPerson,
  setRecordHash,
  setVote,
  setVoteCandidate,
  stateOf,
  timeWrittenOf,
  voteCandidateOf,
  VOTED,
  voteTimeOf,
} from "./voter_table.ts";
import { createVoterIndex, findOrAddVoter, findVoters, touch, type VoterIndex, voterKey } from "./voters.ts";
import { windowOf } from "./windows.ts";

/**
 * Of what a fold means and how a snapshot keeps it: another one is rebuilt from the log. To be raised whenever the
 * same records would come to something else, or Results would look different.
 */
export const FOLD_VERSION = 2;

/** A candidate whom votes name but who is not accredited yet. */
export interface Unaccredited {
  readonly candidateId: string;
  /** Dense numbers of the voters whose vote waits for her. */
  readonly voters: number[];
}

/** All that is known of one partition at its offsets. */
export interface Fold {
  readonly partition: number;
  readonly rules: Rules;
  readonly voters: VoterIndex;
  readonly tally: Tally;
  readonly states: Places;
  readonly cities: Places;
  /** What became of the records of voters_topic and of votes_topic. */
  readonly votersLedger: Ledger;
  readonly votesLedger: Ledger;
  /** Accredited voters, and by `groupOf` (see tally.ts). */
  accredited: number;
  readonly accreditedByGroup: number[];
  /** Records of voters_topic that say the same again, byte for byte. */
  repeats: number;
  /** Well-formed records of a voter who has voted already. */
  duplicates: number;
  /** Of these, the ones that repeat her vote's candidate and time: the producer sent it twice. */
  redeliveries: number;
  /** Votes that wait for their voter or candidate. */
  waiting: number;
  /** The greatest event time of all well-formed votes so far, epoch ms; −Infinity before the first. */
  greatestEventTime: number;
  /** Index in the registry by candidate_id. */
  readonly candidates: Map<string, number>;
  /** A vote for one of these has the `voteCandidate` −1 − her place in this list. */
  readonly unaccredited: Unaccredited[];
  /** That `voteCandidate` by candidate_id. */
  readonly unaccreditedNumbers: Map<string, number>;
  /** The candidates_topic offset up to which candidates have been applied. */
  candidatesNext: number;
}

/** The fold of an empty partition. */
export function createFold(partition: number, rules: Rules): Fold {
  return {
    partition,
    rules,
    voters: createVoterIndex(),
    tally: createTally(),
    states: createPlaces(MAX_STATES),
    cities: createPlaces(MAX_CITIES),
    votersLedger: createLedger(),
    votesLedger: createLedger(),
    accredited: 0,
    accreditedByGroup: [],
    repeats: 0,
    duplicates: 0,
    redeliveries: 0,
    waiting: 0,
    greatestEventTime: -Infinity,
    candidates: new Map(),
    unaccredited: [],
    unaccreditedNumbers: new Map(),
    candidatesNext: 0,
  };
}

/** Applies candidates in the registry's order, and says up to which candidates_topic offset that is. */
export function acceptCandidates(fold: Fold, candidateIds: readonly string[], candidatesNext: number): void {
  for (const id of candidateIds) {
    const candidate = fold.candidates.size;
    fold.candidates.set(id, candidate);
    const number = fold.unaccreditedNumbers.get(id);
    if (number === undefined) continue;
    fold.unaccreditedNumbers.delete(id);
    const waiting = fold.unaccredited[-1 - number].voters;
    for (const voter of waiting) {
      setVoteCandidate(fold.voters, voter, candidate);
      touch(fold.voters, voter);
      if (flagsOf(fold.voters, voter) & ACCREDITED) endWait(fold, voter);
    }
    waiting.length = 0;
  }
  settle(fold.tally);
  fold.candidatesNext = candidatesNext;
}

/** Folds a batch of this partition of voters_topic. */
export function foldVoters(fold: Fold, batch: ReadBatch): void {
  const view = viewOf(batch);
  findAll(fold, batch);
  foldBatch(fold.votersLedger, batch, (i, offset) => {
    const reason = scanVoter(voterShapes, batch, view, i, fold.rules, voterRead);
    if (reason !== null) return note(fold.votersLedger, reason, offset);
    const [hash0, hash1] = hashOf(batch.bytes, batch.bounds[4 * i + 2], batch.bounds[4 * i + 3]);
    const voter = voterOf(fold, i);
    const { voters } = fold;
    if (!(flagsOf(voters, voter) & ACCREDITED)) {
      setRecordHash(voters, voter, hash0, hash1);
      accredit(fold, voter, voterRead);
    } else if (recordHashOf(voters, voter, 0) === hash0 && recordHashOf(voters, voter, 1) === hash1) {
      fold.repeats++;
    } else {
      note(fold.votersLedger, "other_content", offset);
    }
  });
  settle(fold.tally);
}

/** Folds a batch of this partition of votes_topic. */
export function foldVotes(fold: Fold, batch: ReadBatch): void {
  const view = viewOf(batch);
  findAll(fold, batch);
  foldBatch(fold.votesLedger, batch, (i, offset) => {
    const reason = scanVote(voteShapes, batch, view, i, fold.rules, voteRead);
    if (reason !== null) return note(fold.votesLedger, reason, offset);

    const { candidateId, timeWritten } = voteRead;
    const logTimestamp = boundedTime(batch.timestamps[i]);
    const believed = timeWritten <= logTimestamp + CLOCK_TOLERANCE_MS; // false for NaN
    const eventTime = believed ? timeWritten : logTimestamp;
    const late = eventTime < fold.greatestEventTime - fold.rules.graceMs;
    if (eventTime > fold.greatestEventTime) fold.greatestEventTime = eventTime;

    const voter = voterOf(fold, i);
    const { voters } = fold;
    if (flagsOf(voters, voter) & VOTED) {
      fold.duplicates++;
      const redelivered = candidateNumber(fold, candidateId) === voteCandidateOf(voters, voter) &&
        Object.is(timeWritten, timeWrittenOf(voters, voter));
      if (redelivered) fold.redeliveries++;
      else note(fold.votesLedger, "other_content", offset);
      return;
    }
    if (!believed) note(fold.votesLedger, "replaced_time", offset);
    addFlags(voters, voter, late ? VOTED | LATE : VOTED);
    touch(voters, voter);
    setVote(voters, voter, offset, eventTime, timeWritten);
    const candidate = candidateNumber(fold, candidateId) ?? awaitCandidate(fold, candidateId);
    setVoteCandidate(voters, voter, candidate);
    if (candidate < 0) fold.unaccredited[-1 - candidate].voters.push(voter);
    if (candidate >= 0 && flagsOf(voters, voter) & ACCREDITED) count(fold, voter);
    else fold.waiting++;
  });
  settle(fold.tally);
}

function accredit(fold: Fold, voter: number, read: VoterRead): void {
  const { voters } = fold;
  setPerson(voters, voter, {
    age: age(read.registeredAge),
    gender: gender(read.gender),
    state: placeNumber(fold.states, read.state),
    city: placeNumber(fold.cities, read.city),
  });
  addFlags(voters, voter, ACCREDITED);
  touch(voters, voter);
  enrol(fold, voter);
  if (flagsOf(voters, voter) & VOTED && voteCandidateOf(voters, voter) >= 0) endWait(fold, voter);
}

function enrol(fold: Fold, voter: number): void {
  const { voters } = fold;
  fold.accredited++;
  const group = groupOf(stateOf(voters, voter), ageOf(voters, voter), genderOf(voters, voter));
  increment(fold.accreditedByGroup, group);
}

function endWait(fold: Fold, voter: number): void {
  fold.waiting--;
  count(fold, voter);
}

function count(fold: Fold, voter: number): void {
  const { voters } = fold;
  addFlags(voters, voter, COUNTED);
  countVote(fold.tally, cellOf(voters, voter, fold.rules.windowMs), (flagsOf(voters, voter) & LATE) !== 0);
}

function cellOf(voters: VoterIndex, voter: number, windowMs: number): Cell {
  return {
    window: windowOf(voteTimeOf(voters, voter), windowMs),
    candidate: voteCandidateOf(voters, voter),
    state: stateOf(voters, voter),
    city: cityOf(voters, voter),
    age: ageOf(voters, voter),
    gender: genderOf(voters, voter),
  };
}

/**
 * Counts again what the rows of voters `from` … `to` − 1 and the candidates say, into a fold whose sums are still
 * without them.
 *
 * A counted vote is one voter, so the rows hold all of the tally; all that isn't a voter's must be in place.
 */
export function countAnew(fold: Fold, from: number, to: number): void {
  const { voters } = fold;
  for (let voter = from; voter < to; voter++) {
    const flags = flagsOf(voters, voter), candidate = voteCandidateOf(voters, voter);
    if (flags & ACCREDITED) enrol(fold, voter);
    if (flags & COUNTED) count(fold, voter);
    else if (flags & VOTED) fold.waiting++;
    if (flags & VOTED && candidate < 0) fold.unaccredited[-1 - candidate].voters.push(voter);
  }
  settle(fold.tally);
}

/** Every fold's: they hold nothing of an election. */
const voteShapes = createVoteShapes(), voterShapes = createVoterShapes();
/** What was read of the record at hand: an object for each would cost more than counting it. */
const voteRead: VoteRead = { candidateId: "", timeWritten: NaN };
const voterRead: VoterRead = {
  registeredAge: undefined,
  gender: undefined,
  state: undefined,
  city: undefined,
};
/** The keys of the batch's records, and whose they are: −1 where nobody's yet. As long as the largest batch so far. */
let keys = new Uint32Array(0), found = new Int32Array(0);

function viewOf({ bytes }: ReadBatch): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Looks up the voters of all of a batch's records, for `voterOf`. */
function findAll({ voters }: Fold, { bytes, bounds, n }: ReadBatch): void {
  if (n > found.length) {
    keys = new Uint32Array(4 * n);
    found = new Int32Array(n);
  }
  for (let i = 0; i < n; i++) {
    const start = bounds[4 * i], end = bounds[4 * i + 1];
    // A longer key is no id's, and its record is rejected.
    if (start >= 0 && end - start <= MAX_ID_BYTES) voterKey(bytes, start, end, keys, 4 * i);
  }
  findVoters(voters, keys, n, found);
}

/** The voter of record i of the batch that `findAll` was called with; there may be one by now. */
function voterOf({ voters }: Fold, i: number): number {
  return found[i] >= 0 ? found[i] : findOrAddVoter(voters, keys, 4 * i);
}

function candidateNumber(fold: Fold, candidateId: string): number | undefined {
  return fold.candidates.get(candidateId) ?? fold.unaccreditedNumbers.get(candidateId);
}

function awaitCandidate(fold: Fold, candidateId: string): number {
  const number = -1 - fold.unaccredited.length;
  fold.unaccredited.push({ candidateId, voters: [] });
  fold.unaccreditedNumbers.set(candidateId, number);
  return number;
}

function age(written: unknown): number {
  const known = Number.isInteger(written) && written as number >= 0 && written as number < AGE_UNKNOWN;
  return known ? written as number : AGE_UNKNOWN;
}

function gender(written: unknown): number {
  const number = GENDERS.indexOf(written as Gender);
  return number < 0 ? GENDERS.indexOf("unknown") : number;
}
