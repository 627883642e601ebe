/**
 * The tally of one partition: a cube of counts, and the sums over it that are asked for all the time.
 *
 * Dimensions: tumbling event-time window × candidate × state × age band × gender. A cell holds the votes in it
 * and, of these, the late ones (by which its window has been revised).
 * @module
 */
import { AGE_BANDS, ageBandIndex, GENDERS } from "./election.ts";
import { doubled } from "./columns.ts";
import { AGE_UNKNOWN } from "./voters.ts";

/** Where a counted vote goes: the accredited voter's attributes as indexes, and the vote's own two. */
export interface Cell {
  /** Number of the window: window start in ms divided by the window's width. */
  window: number;
  /** Index in the registry. */
  candidate: number;
  /** Index in the partition's list of states. */
  state: number;
  /** Index in the partition's list of cities. */
  city: number;
  /** Registered age in years, or AGE_UNKNOWN. */
  age: number;
  /** Index in GENDERS. */
  gender: number;
}

/** The cube as columns of its non-empty cells, behind an open-addressing hash table; and running sums. */
export interface Tally {
  /** How many cells are in use. */
  cells: number;
  window: Uint32Array;
  candidate: Uint32Array;
  /** State, age band and gender in one number: see `groupOf`. */
  group: Uint16Array;
  votes: Uint32Array;
  late: Uint32Array;
  /** Hash table: cell + 1, or 0. */
  slots: Int32Array;
  /** Counted votes, and of these late ones. */
  totalVotes: number;
  totalLate: number;
  /** Counted votes by candidate, state, registered age (AGE_UNKNOWN last), gender and city, by index. */
  byCandidate: number[];
  byState: number[];
  byAge: Uint32Array;
  byGender: Uint32Array;
  byCity: number[];
}

const GROUPS_PER_STATE = AGE_BANDS.length * GENDERS.length;
const FIRST_CAPACITY = 1024;
const MAX_LOAD = 0.7;

/** State, age band and gender as one number below 2^16 (there are at most 1,024 states in a partition). */
export function groupOf(state: number, age: number, gender: number): number {
  const band = ageBandIndex(age === AGE_UNKNOWN ? null : age);
  return state * GROUPS_PER_STATE + band * GENDERS.length + gender;
}

/** The indexes that `groupOf` put together. */
export function ungroup(group: number): { state: number; ageBand: number; gender: number } {
  const inState = group % GROUPS_PER_STATE;
  return {
    state: (group - inState) / GROUPS_PER_STATE,
    ageBand: Math.floor(inState / GENDERS.length),
    gender: inState % GENDERS.length,
  };
}

/** The counts of a list by group, summed up by state. */
export function sumByState(byGroup: readonly number[]): number[] {
  const byState: number[] = [];
  byGroup.forEach((count, group) => {
    const state = Math.floor(group / GROUPS_PER_STATE);
    byState[state] = (byState[state] ?? 0) + count;
  });
  return byState;
}

/** An empty tally. */
export function createTally(): Tally {
  return {
    cells: 0,
    window: new Uint32Array(FIRST_CAPACITY),
    candidate: new Uint32Array(FIRST_CAPACITY),
    group: new Uint16Array(FIRST_CAPACITY),
    votes: new Uint32Array(FIRST_CAPACITY),
    late: new Uint32Array(FIRST_CAPACITY),
    slots: new Int32Array(2 * FIRST_CAPACITY),
    totalVotes: 0,
    totalLate: 0,
    byCandidate: [],
    byState: [],
    byAge: new Uint32Array(AGE_UNKNOWN + 1),
    byGender: new Uint32Array(GENDERS.length),
    byCity: [],
  };
}

/** Counts one vote. */
export function countVote(tally: Tally, cell: Cell, late: boolean): void {
  const at = findOrAddCell(tally, cell.window, cell.candidate, groupOf(cell.state, cell.age, cell.gender));
  tally.votes[at]++;
  tally.totalVotes++;
  increment(tally.byCandidate, cell.candidate);
  increment(tally.byState, cell.state);
  increment(tally.byCity, cell.city);
  tally.byAge[cell.age]++;
  tally.byGender[cell.gender]++;
  if (late) {
    tally.late[at]++;
    tally.totalLate++;
  }
}

/** Adds 1 at an index of a dense list that grows with it. */
export function increment(counts: number[], index: number): void {
  while (counts.length <= index) counts.push(0);
  counts[index]++;
}

function findOrAddCell(tally: Tally, window: number, candidate: number, group: number): number {
  let slot = slotOf(tally, window, candidate, group);
  if (tally.slots[slot] !== 0) return tally.slots[slot] - 1;
  if (tally.cells === tally.window.length) growColumns(tally);
  if (tally.cells + 1 > tally.slots.length * MAX_LOAD) {
    growSlots(tally);
    slot = slotOf(tally, window, candidate, group);
  }
  const at = tally.cells++;
  tally.window[at] = window;
  tally.candidate[at] = candidate;
  tally.group[at] = group;
  tally.slots[slot] = at + 1;
  return at;
}

/** The slot that holds the cell, or the empty one where it belongs. */
function slotOf(tally: Tally, window: number, candidate: number, group: number): number {
  const { slots } = tally;
  const mask = slots.length - 1;
  let h = Math.imul(window, 0x9e3779b1) ^ Math.imul(candidate << 16 | group, 0x85ebca6b) ^ candidate >>> 16;
  h = Math.imul(h ^ h >>> 15, 0xc2b2ae35);
  for (let slot = (h ^ h >>> 13) & mask;; slot = slot + 1 & mask) {
    const at = slots[slot] - 1;
    if (at < 0) return slot;
    if (tally.window[at] === window && tally.candidate[at] === candidate && tally.group[at] === group) {
      return slot;
    }
  }
}

function growSlots(tally: Tally): void {
  tally.slots = new Int32Array(2 * tally.slots.length);
  for (let at = 0; at < tally.cells; at++) {
    tally.slots[slotOf(tally, tally.window[at], tally.candidate[at], tally.group[at])] = at + 1;
  }
}

function growColumns(tally: Tally): void {
  tally.window = doubled(tally.window);
  tally.candidate = doubled(tally.candidate);
  tally.group = doubled(tally.group);
  tally.votes = doubled(tally.votes);
  tally.late = doubled(tally.late);
}
