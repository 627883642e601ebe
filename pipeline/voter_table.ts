/**
 * What is known of each voter, in a row of 64 bytes over her dense number.
 *
 * In rows and not in a column for each field, as whoever looks at one of a voter's fields looks at most of
 * them: with millions of voters, every column would be one more place in memory to wait for. A row is as long
 * as a line of the processor's caches, and all that an ordinary vote touches stands in its first 44 bytes: in
 * one line where the memory begins at a multiple of 64 or 16 past one, else in two.
 * @module
 */

/** Flags in a voter's row. */
export const ACCREDITED = 1;
/** Her vote, the first well-formed record of hers, has been read. */
export const VOTED = 2;
/** Her vote counts: she and its candidate are accredited. */
export const COUNTED = 4;
/** Her vote was late when it was read. */
export const LATE = 8;
/** Her row has changed since it was captured for a snapshot. */
export const TOUCHED = 16;
/** Her vote says no time. */
const NO_TIME_WRITTEN = 32;
/** Her vote says another time than the one it counts at, which stands in the row besides. */
const OTHER_TIME_WRITTEN = 64;

/** As an age: not known. Real ages end at 130. */
export const AGE_UNKNOWN = 131;

/** The rows, to be read and written by the functions of this module. */
export interface VoterTable {
  /** How many rows there is room for. */
  capacity: number;
  /** Views of the same memory. */
  doubles: Float64Array;
  words: Uint32Array;
  halves: Uint16Array;
  bytes: Uint8Array;
}

const ROW_BYTES = 64;
/** Where a field stands, and how many of its kind a row is long. */
const DOUBLES = ROW_BYTES / 8, OFFSET = 2, TIME = 3, TIME_WRITTEN = 7;
const WORDS = ROW_BYTES / 4, KEY = 0, CANDIDATE = 8, RECORD_HASH = 12;
const HALVES = ROW_BYTES / 2, STATE = 18, CITY = 19;
const BYTES = ROW_BYTES, FLAGS = 40, AGE = 41, GENDER = 42;

/** Rows of zeros. */
export function createVoterTable(capacity: number): VoterTable {
  return { capacity, ...viewsOf(new ArrayBuffer(ROW_BYTES * capacity)) };
}

/** Makes room for twice as many. */
export function growTable(table: VoterTable): void {
  const { bytes } = table;
  table.capacity *= 2;
  Object.assign(table, viewsOf(new ArrayBuffer(ROW_BYTES * table.capacity)));
  table.bytes.set(bytes);
}

function viewsOf(buffer: ArrayBuffer): Pick<VoterTable, "doubles" | "words" | "halves" | "bytes"> {
  return {
    doubles: new Float64Array(buffer),
    words: new Uint32Array(buffer),
    halves: new Uint16Array(buffer),
    bytes: new Uint8Array(buffer),
  };
}

/** Brings a row into the processor's caches; the number says nothing. */
export function loadRow({ bytes }: VoterTable, voter: number): number {
  return bytes[BYTES * voter];
}

/** Whether her key is the four words from `at` on. */
export function hasKey({ words }: VoterTable, voter: number, keys: Uint32Array, at: number): boolean {
  const row = WORDS * voter + KEY;
  return words[row] === keys[at] && words[row + 1] === keys[at + 1] && words[row + 2] === keys[at + 2] &&
    words[row + 3] === keys[at + 3];
}

/** Writes her key, four words from `at` on. */
export function setKey({ words }: VoterTable, voter: number, keys: Uint32Array, at: number): void {
  for (let word = 0; word < 4; word++) words[WORDS * voter + KEY + word] = keys[at + word];
}

/** Copies her key to `keys`, four words from `at` on. */
export function copyKey({ words }: VoterTable, voter: number, keys: Uint32Array, at: number): void {
  for (let word = 0; word < 4; word++) keys[at + word] = words[WORDS * voter + KEY + word];
}

/** Her flags. */
export function flagsOf({ bytes }: VoterTable, voter: number): number {
  return bytes[BYTES * voter + FLAGS];
}

/** Sets flags besides those that are set. */
export function addFlags({ bytes }: VoterTable, voter: number, flags: number): void {
  bytes[BYTES * voter + FLAGS] |= flags;
}

/** Clears flags. */
export function dropFlags({ bytes }: VoterTable, voter: number, flags: number): void {
  bytes[BYTES * voter + FLAGS] &= ~flags;
}

/** Registered age in whole years, or AGE_UNKNOWN. */
export function ageOf({ bytes }: VoterTable, voter: number): number {
  return bytes[BYTES * voter + AGE];
}

/** Index in GENDERS. */
export function genderOf({ bytes }: VoterTable, voter: number): number {
  return bytes[BYTES * voter + GENDER];
}

/** Index in the partition's list of states. */
export function stateOf({ halves }: VoterTable, voter: number): number {
  return halves[HALVES * voter + STATE];
}

/** Index in the partition's list of cities. */
export function cityOf({ halves }: VoterTable, voter: number): number {
  return halves[HALVES * voter + CITY];
}

/** Writes what an accreditation says, by the functions above. */
export function setPerson(
  { bytes, halves }: VoterTable,
  voter: number,
  { age, gender, state, city }: { age: number; gender: number; state: number; city: number },
): void {
  bytes[BYTES * voter + AGE] = age;
  bytes[BYTES * voter + GENDER] = gender;
  halves[HALVES * voter + STATE] = state;
  halves[HALVES * voter + CITY] = city;
}

/** Word 0 or 1 of the hash of the record that accredited her; the same for the same bytes. */
export function recordHashOf({ words }: VoterTable, voter: number, word: 0 | 1): number {
  return words[WORDS * voter + RECORD_HASH + word];
}

/** Writes that hash. */
export function setRecordHash({ words }: VoterTable, voter: number, hash0: number, hash1: number): void {
  words[WORDS * voter + RECORD_HASH] = hash0;
  words[WORDS * voter + RECORD_HASH + 1] = hash1;
}

/** Her vote's candidate: ≥ 0 an accredited one's index, < 0 one that is not accredited yet (see fold.ts). */
export function voteCandidateOf({ words }: VoterTable, voter: number): number {
  return words[WORDS * voter + CANDIDATE] | 0;
}

/** Writes it. */
export function setVoteCandidate({ words }: VoterTable, voter: number, candidate: number): void {
  words[WORDS * voter + CANDIDATE] = candidate;
}

/** The offset in votes_topic of her vote. */
export function voteOffsetOf({ doubles }: VoterTable, voter: number): number {
  return doubles[DOUBLES * voter + OFFSET];
}

/** Event time that her vote counts at, epoch ms. */
export function voteTimeOf({ doubles }: VoterTable, voter: number): number {
  return doubles[DOUBLES * voter + TIME];
}

/** Event time as her vote's `voting_time` says it, epoch ms, or NaN where it says none. */
export function timeWrittenOf(table: VoterTable, voter: number): number {
  const flags = flagsOf(table, voter);
  if (flags & NO_TIME_WRITTEN) return NaN;
  return table.doubles[DOUBLES * voter + (flags & OTHER_TIME_WRITTEN ? TIME_WRITTEN : TIME)];
}

/** Writes where her vote stands, the time that it counts at, and the one that it says: see `timeWrittenOf`. */
export function setVote(
  table: VoterTable,
  voter: number,
  offset: number,
  time: number,
  written: number,
): void {
  table.doubles[DOUBLES * voter + OFFSET] = offset;
  table.doubles[DOUBLES * voter + TIME] = time;
  dropFlags(table, voter, NO_TIME_WRITTEN | OTHER_TIME_WRITTEN);
  if (Object.is(written, time)) return;
  if (Number.isNaN(written)) return addFlags(table, voter, NO_TIME_WRITTEN);
  table.doubles[DOUBLES * voter + TIME_WRITTEN] = written;
  addFlags(table, voter, OTHER_TIME_WRITTEN);
}
