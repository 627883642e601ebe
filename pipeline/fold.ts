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
import { boundedTime, CLOCK_TOLERANCE_MS } from "./event_time.ts";
import { createLedger, foldBatch, type Ledger, note } from "./ledger.ts";
import type { ReadBatch } from "./log.ts";
import { createPlaces, MAX_CITIES, MAX_STATES, placeNumber, type Places } from "./places.ts";
import type { Rules } from "./record.ts";
import { readVoters, readVotes, reasonOf, type VotersRead, type VotesRead } from "./record_columns.ts";
import { type Cell, countVote, createTally, groupOf, increment, settle, type Tally } from "./tally.ts";
import {
  ACCREDITED,
  addFlags,
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
import { createVoterIndex, findOrAddVoter, findVoters, touch, type VoterIndex } from "./voters.ts";
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
  foldVotersRead(fold, readVoters(batch, fold.rules));
}

/** Folds what a batch of this partition of voters_topic says. */
export function foldVotersRead(fold: Fold, read: VotersRead): void {
  const { keys, hashes } = read;
  findAll(fold, read);
  foldBatch(fold.votersLedger, read, (i, offset) => {
    const reason = reasonOf(read, i);
    if (reason !== null) return note(fold.votersLedger, reason, offset);
    const voter = voterOf(fold, keys, i);
    const { voters } = fold;
    const hash0 = hashes[2 * i], hash1 = hashes[2 * i + 1];
    if (!(flagsOf(voters, voter) & ACCREDITED)) {
      setRecordHash(voters, voter, hash0, hash1);
      accredit(fold, voter, read, i);
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
  foldVotesRead(fold, readVotes(batch, fold.rules));
}

/** Folds what a batch of this partition of votes_topic says. */
export function foldVotesRead(fold: Fold, read: VotesRead): void {
  const { keys, timestamps, times, candidates, candidateIds } = read;
  /** By place in `candidateIds`: undefined as long as no vote for her has been read. */
  const numbers = candidateIds.map((id) => candidateNumber(fold, id));
  findAll(fold, read);
  foldBatch(fold.votesLedger, read, (i, offset) => {
    const reason = reasonOf(read, i);
    if (reason !== null) return note(fold.votesLedger, reason, offset);

    const timeWritten = times[i];
    const logTimestamp = boundedTime(timestamps[i]);
    const believed = timeWritten <= logTimestamp + CLOCK_TOLERANCE_MS; // false for NaN
    const eventTime = believed ? timeWritten : logTimestamp;
    const late = eventTime < fold.greatestEventTime - fold.rules.graceMs;
    if (eventTime > fold.greatestEventTime) fold.greatestEventTime = eventTime;

    const voter = voterOf(fold, keys, i);
    const { voters } = fold;
    if (flagsOf(voters, voter) & VOTED) {
      fold.duplicates++;
      const redelivered = numbers[candidates[i]] === voteCandidateOf(voters, voter) &&
        Object.is(timeWritten, timeWrittenOf(voters, voter));
      if (redelivered) fold.redeliveries++;
      else note(fold.votesLedger, "other_content", offset);
      return;
    }
    if (!believed) note(fold.votesLedger, "replaced_time", offset);
    addFlags(voters, voter, late ? VOTED | LATE : VOTED);
    touch(voters, voter);
    setVote(voters, voter, offset, eventTime, timeWritten);
    const candidate = numbers[candidates[i]] ??= awaitCandidate(fold, candidateIds[candidates[i]]);
    setVoteCandidate(voters, voter, candidate);
    if (candidate < 0) fold.unaccredited[-1 - candidate].voters.push(voter);
    if (candidate >= 0 && flagsOf(voters, voter) & ACCREDITED) count(fold, voter);
    else fold.waiting++;
  });
  settle(fold.tally);
}

function accredit(fold: Fold, voter: number, read: VotersRead, i: number): void {
  const { voters } = fold;
  const { ages, genders, states, cities, names } = read;
  setPerson(voters, voter, {
    age: ages[i],
    gender: genders[i],
    state: placeNumber(fold.states, names[states[i]]),
    city: placeNumber(fold.cities, names[cities[i]]),
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

/** Whose the batch's records are: −1 where nobody's yet. As long as the largest batch so far. */
let found = new Int32Array(0);

/** Looks up the voters of all of a batch's records, for `voterOf`. */
function findAll({ voters }: Fold, { keys, n }: VotesRead | VotersRead): void {
  if (n > found.length) found = new Int32Array(n);
  findVoters(voters, keys, n, found);
}

/** The voter of record i of the batch that `findAll` was called with; there may be one by now. */
function voterOf({ voters }: Fold, keys: Uint32Array, i: number): number {
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
