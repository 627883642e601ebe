/**
 * Reads the records that the fold counts, without parsing those that look like the ones before.
 *
 * What is read this way is exactly what record.ts reads; whatever isn't plainly well-formed is left to it. So it never
 * says why a record is rejected, and a test holds the two against each other.
 * @module
 */
import { parseEventTime, readEventTime } from "./event_time.ts";
import type { ReadBatch } from "./log.ts";
import {
  type Fields,
  isInItsPartition,
  isOpen,
  MAX_ID_CHARACTERS,
  MAX_VALUE_BYTES,
  readVote,
  readVoter,
  type Reason,
  type Rules,
} from "./record.ts";
import { createShapes, fitsShape, noteMiss, type Shapes } from "./record_shape.ts";
import { NUMBER, TEXT } from "./record_shape_learn.ts";
import { sameBytes, textOf } from "./repeated_texts.ts";

/** What is read of a vote besides its voter, who is the record's key; one is enough for all votes. */
export interface VoteRead {
  candidateId: string;
  /** What `parseEventTime` makes of `voting_time`. */
  timeWritten: number;
}

/**
 * The shapes of votes, of which none is known yet; what they know only saves time. They are learned from well-formed
 * votes alone: in each, `vote` is a number or absent.
 */
export const createVoteShapes = (): Shapes =>
  createShapes([
    { path: "voter_id", kind: TEXT },
    { path: "candidate_id", kind: TEXT },
    { path: "voting_time", kind: TEXT },
    { path: "vote", kind: NUMBER },
  ]);
const VOTER_ID = 0, CANDIDATE_ID = 2, VOTING_TIME = 4, VOTE = 6;

/** The shapes of voters, likewise. */
export const createVoterShapes = (): Shapes =>
  createShapes([
    { path: "voter_id", kind: TEXT },
    { path: "registered_age", kind: NUMBER },
    { path: "gender", kind: TEXT },
    { path: "address.state", kind: TEXT },
    { path: "address.city", kind: TEXT },
  ]);
const AGE = 2, GENDER = 4, STATE = 6, CITY = 8;

const spans = new Int32Array(10);

/**
 * Reads a record of votes_topic as `readVote` does, into `read`; gives the reason where it is rejected, else null.
 * @param view of the batch's bytes
 */
export function scanVote(
  shapes: Shapes,
  batch: ReadBatch,
  view: DataView,
  i: number,
  rules: Rules,
  read: VoteRead,
): Reason | null {
  const { bytes, bounds } = batch;
  const start = bounds[4 * i + 2], end = bounds[4 * i + 3];
  const known = isScannable(batch, i) && fitsShape(shapes, bytes, view, start, end, spans);
  if (
    known &&
    isKey(view, bounds, i, spans[VOTER_ID], spans[VOTER_ID + 1]) &&
    isShortId(spans[CANDIDATE_ID], spans[CANDIDATE_ID + 1]) &&
    isOneOrAbsent(bytes, spans[VOTE], spans[VOTE + 1]) &&
    isInItsPartition(batch, i, rules) &&
    isOpen(batch.timestamps[i], rules)
  ) {
    read.candidateId = textOf(bytes, view, spans[CANDIDATE_ID], spans[CANDIDATE_ID + 1]);
    read.timeWritten = spans[VOTING_TIME] < 0
      ? NaN
      : readEventTime(bytes, spans[VOTING_TIME], spans[VOTING_TIME + 1]);
    return null;
  }
  const fields = readVote(batch, i, rules);
  if (typeof fields === "string") return fields;
  if (!known) noteMiss(shapes, bytes, start, end);
  read.candidateId = fields.candidate_id as string;
  read.timeWritten = parseEventTime(fields.voting_time);
  return null;
}

/** What is read of a voter besides her id: whatever the producer wrote, or undefined. */
export interface VoterRead {
  registeredAge: unknown;
  gender: unknown;
  state: unknown;
  city: unknown;
}

/**
 * Reads a record of voters_topic as `readVoter` does, into `read`; gives the reason where it is rejected, else null.
 * @param view of the batch's bytes
 */
export function scanVoter(
  shapes: Shapes,
  batch: ReadBatch,
  view: DataView,
  i: number,
  rules: Rules,
  read: VoterRead,
): Reason | null {
  const { bytes, bounds } = batch;
  const start = bounds[4 * i + 2], end = bounds[4 * i + 3];
  const known = isScannable(batch, i) && fitsShape(shapes, bytes, view, start, end, spans);
  if (
    known && isKey(view, bounds, i, spans[VOTER_ID], spans[VOTER_ID + 1]) && isInItsPartition(batch, i, rules)
  ) {
    const age = textAt(bytes, view, AGE);
    read.registeredAge = age === undefined ? undefined : Number(age);
    read.gender = textAt(bytes, view, GENDER);
    read.state = textAt(bytes, view, STATE);
    read.city = textAt(bytes, view, CITY);
    return null;
  }
  const fields = readVoter(batch, i, rules);
  if (typeof fields === "string") return fields;
  if (!known) noteMiss(shapes, bytes, start, end);
  const address = fields.address as Fields | null | undefined; // any JSON value has these two or undefined
  read.registeredAge = fields.registered_age;
  read.gender = fields.gender;
  read.state = address?.state;
  read.city = address?.city;
  return null;
}

function textAt(bytes: Uint8Array, view: DataView, field: number): string | undefined {
  return spans[field] < 0 ? undefined : textOf(bytes, view, spans[field], spans[field + 1]);
}

/** Whether there is a value and a key, and neither is too long for this. */
function isScannable({ bounds }: ReadBatch, i: number): boolean {
  const keyLength = bounds[4 * i + 1] - bounds[4 * i];
  return keyLength > 0 && keyLength <= MAX_ID_CHARACTERS && bounds[4 * i + 2] >= 0 &&
    bounds[4 * i + 3] - bounds[4 * i + 2] <= MAX_VALUE_BYTES;
}

const ONE = 49;

/** Whether a field's text is the key's; no key is empty here, so that an absent field isn't. */
function isKey(view: DataView, bounds: Int32Array, i: number, start: number, end: number): boolean {
  const keyStart = bounds[4 * i], length = bounds[4 * i + 1] - keyStart;
  return end - start === length && sameBytes(view, start, view, keyStart, length);
}

/** Whether a field's text is an id, of which no byte can be more than a character. */
const isShortId = (start: number, end: number) => end > start && end - start <= MAX_ID_CHARACTERS;

const isOneOrAbsent = (bytes: Uint8Array, start: number, end: number) =>
  start < 0 || (end - start === 1 && bytes[start] === ONE);
