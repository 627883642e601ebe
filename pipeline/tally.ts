/**
 * The tally of one partition: a cube of counts, and the sums over it that are asked for all the time.
 *
 * Dimensions: tumbling event-time window × candidate × state × age band × gender. A cell holds the votes in it
 * and, of these, the late ones (by which its window has been revised).
 * @module
 */
import { AGE_BANDS, ageBandIndex, GENDERS } from "./election.ts";
import { AGE_UNKNOWN } from "./voter_table.ts";

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

/** The cube as rows of its non-empty cells, behind an open-addressing hash table; and running sums. */
export interface Tally {
  /** How many cells are in use. */
  cells: number;
  /** Four words a cell: window, candidate, group (see `groupOf`), votes. In rows, as a vote needs all of one cell's. */
  cube: Uint32Array;
  /** By cell, how many of its votes were late; empty until one was. */
  late: Uint32Array;
  /** Hash table: cell + 1, or 0. */
  slots: Int32Array;
  /** Votes that aren't in the cube yet (see `settle`), four words each: those of their cell, and 1 for late. */
  readonly unsettled: Uint32Array;
  unsettledCount: number;
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

/** What a cell of the cube holds. */
export interface CellCount {
  window: number;
  candidate: number;
  group: number;
  votes: number;
  late: number;
}

const GROUPS_PER_STATE = AGE_BANDS.length * GENDERS.length;
const FIRST_CAPACITY = 1024;
const MAX_LOAD = 0.7;
/** Votes that are brought into the cube at once, at most: no more than it has room for from the first. */
const MAX_UNSETTLED = FIRST_CAPACITY;
/** The words of a cell in `Tally.cube`. */
const WORDS = 4, WINDOW = 0, CANDIDATE = 1, GROUP = 2, VOTES = 3;
/** Of a vote in `Tally.unsettled`. */
const IS_LATE = 3;

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
    cube: new Uint32Array(WORDS * FIRST_CAPACITY),
    late: new Uint32Array(0),
    slots: new Int32Array(2 * FIRST_CAPACITY),
    unsettled: new Uint32Array(WORDS * MAX_UNSETTLED),
    unsettledCount: 0,
    totalVotes: 0,
    totalLate: 0,
    byCandidate: [],
    byState: [],
    byAge: new Uint32Array(AGE_UNKNOWN + 1),
    byGender: new Uint32Array(GENDERS.length),
    byCity: [],
  };
}

/** Counts one vote, in the sums at once; whoever has counted the last one MUST call `settle`. */
export function countVote(tally: Tally, cell: Cell, late: boolean): void {
  const { unsettled } = tally;
  const at = WORDS * tally.unsettledCount++;
  unsettled[at + WINDOW] = cell.window;
  unsettled[at + CANDIDATE] = cell.candidate;
  unsettled[at + GROUP] = groupOf(cell.state, cell.age, cell.gender);
  unsettled[at + IS_LATE] = late ? 1 : 0;
  tally.totalVotes++;
  if (late) tally.totalLate++;
  increment(tally.byCandidate, cell.candidate);
  increment(tally.byState, cell.state);
  increment(tally.byCity, cell.city);
  tally.byAge[cell.age]++;
  tally.byGender[cell.gender]++;
  if (tally.unsettledCount === MAX_UNSETTLED) settle(tally);
}

/**
 * Brings the votes that have been counted into the cube.
 *
 * Many at a time, as a cube of millions of cells is larger than the processor's caches: the loops before the last
 * one only bring in what it needs, so that all wait for memory at the same time (see `findVoters`).
 */
export function settle(tally: Tally): void {
  const { unsettled, unsettledCount: n } = tally;
  if (n === 0) return;
  makeRoom(tally, n);
  const { slots, cube } = tally;
  const mask = slots.length - 1;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const slot = hashAt(unsettled, WORDS * i) & mask;
    firstSlots[i] = slot;
    sum += slots[slot];
  }
  for (let i = 0; i < n; i++) sum += cube[WORDS * Math.max(slots[firstSlots[i]] - 1, 0)];
  sumOfLoads = sum;
  for (let i = 0; i < n; i++) {
    const vote = WORDS * i;
    const slot = slotFrom(tally, firstSlots[i], unsettled, vote);
    if (slots[slot] === 0) addCell(tally, slot, unsettled, vote);
    const cell = slots[slot] - 1;
    cube[WORDS * cell + VOTES]++;
    if (unsettled[vote + IS_LATE] !== 0) countLate(tally, cell);
  }
  tally.unsettledCount = 0;
}

/** What is in a cell, by its number. */
export function cellAt({ cube, late }: Tally, cell: number): CellCount {
  const at = WORDS * cell;
  return {
    window: cube[at + WINDOW],
    candidate: cube[at + CANDIDATE],
    group: cube[at + GROUP],
    votes: cube[at + VOTES],
    late: cell < late.length ? late[cell] : 0,
  };
}

/** Adds 1 at an index of a dense list that grows with it. */
export function increment(counts: number[], index: number): void {
  while (counts.length <= index) counts.push(0);
  counts[index]++;
}

/** Where the votes at hand are looked for first. */
const firstSlots = new Int32Array(MAX_UNSETTLED);

/** Made use of nowhere, or the loads whose sum it is would be left out. */
export let sumOfLoads = 0;

function addCell(tally: Tally, slot: number, votes: Uint32Array, vote: number): void {
  const at = WORDS * tally.cells++;
  for (let word = 0; word < VOTES; word++) tally.cube[at + word] = votes[vote + word];
  tally.slots[slot] = tally.cells;
}

function countLate(tally: Tally, cell: number): void {
  if (tally.late.length === 0) tally.late = new Uint32Array(tally.cube.length / WORDS);
  tally.late[cell]++;
}

/** The slot that holds the cell at `at` of `wanted`, or the empty one where it belongs, from its first one on. */
function slotFrom({ slots, cube }: Tally, first: number, wanted: Uint32Array, at: number): number {
  const mask = slots.length - 1;
  const window = wanted[at + WINDOW], candidate = wanted[at + CANDIDATE], group = wanted[at + GROUP];
  for (let slot = first;; slot = slot + 1 & mask) {
    const entry = slots[slot];
    if (entry === 0) return slot;
    const cell = WORDS * (entry - 1);
    if (
      cube[cell + WINDOW] === window && cube[cell + CANDIDATE] === candidate && cube[cell + GROUP] === group
    ) return slot;
  }
}

function hashAt(cells: Uint32Array, at: number): number {
  const candidate = cells[at + CANDIDATE];
  let h = Math.imul(cells[at + WINDOW], 0x9e3779b1) ^
    Math.imul(candidate << 16 | cells[at + GROUP], 0x85ebca6b) ^ candidate >>> 16;
  h = Math.imul(h ^ h >>> 15, 0xc2b2ae35);
  return h ^ h >>> 13;
}

/** Grows what is too small for as many more cells, at most MAX_UNSETTLED. */
function makeRoom(tally: Tally, cells: number): void {
  if (tally.cells + cells > tally.cube.length / WORDS) {
    tally.cube = doubled(tally.cube);
    if (tally.late.length > 0) tally.late = doubled(tally.late);
  }
  if (tally.cells + cells <= tally.slots.length * MAX_LOAD) return;
  const { cube } = tally;
  const slots = new Int32Array(2 * tally.slots.length), mask = slots.length - 1;
  for (let cell = 0; cell < tally.cells; cell++) {
    // No two cells are the same, so only empty slots are looked for.
    let slot = hashAt(cube, WORDS * cell) & mask;
    while (slots[slot] !== 0) slot = slot + 1 & mask;
    slots[slot] = cell + 1;
  }
  tally.slots = slots;
}

/** A copy with room for twice as many. */
function doubled(words: Uint32Array): Uint32Array {
  const grown = new Uint32Array(2 * words.length);
  grown.set(words);
  return grown;
}
