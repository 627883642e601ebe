/**
 * The voter index of one partition: from a voter's key to a dense number, which is that of her row.
 *
 * Deduplication must be exact (a false positive would be a lost vote), so keys are compared in full: 128 bits
 * in the rows, behind an open-addressing hash table of dense numbers.
 * @module
 */
import { createHash } from "node:crypto";
import {
  addFlags,
  copyKey,
  createVoterTable,
  dropFlags,
  flagsOf,
  growTable,
  hasKey,
  loadRow,
  setKey,
  TOUCHED,
  type VoterTable,
} from "./voter_table.ts";

/** The index and the rows; the arrays are replaced when they grow, so read them off the index each time. */
export interface VoterIndex extends VoterTable {
  /** How many voters have a number; numbers are 0 … size − 1, in the order of first appearance. */
  size: number;
  /** Hash table: dense number + 1, or 0; its length is a power of two. */
  slots: Int32Array;
  /** How many voters are TOUCHED, and the first of their numbers. */
  touchedCount: number;
  readonly touched: Uint32Array;
}

const FIRST_CAPACITY = 1024;
/** Slots filled at most: beyond it probes get long. */
const MAX_LOAD = 0.7;
/** Touched voters whose numbers are kept; where there are more, going through all rows costs less than listing them. */
const MAX_LISTED = 8_192;

/** An empty index, with room for that many voters before it grows. */
export function createVoterIndex(room = 0): VoterIndex {
  const capacity = Math.max(room, FIRST_CAPACITY);
  return {
    ...createVoterTable(capacity),
    size: 0,
    slots: new Int32Array(slotsFor(capacity)),
    touched: new Uint32Array(MAX_LISTED),
    touchedCount: 0,
  };
}

/** The voter's dense number, or −1 where the key is not in the index. */
export function findVoter(index: VoterIndex, key: Uint32Array): number {
  return index.slots[slotOf(index, key, 0)] - 1;
}

/** Made use of nowhere, or the loads whose sum it is would be left out. */
export let sumOfLoads = 0;

/**
 * Writes to `found` the dense numbers, or −1, of n voters whose keys follow one another in `keys`.
 *
 * Where an index is larger than the processor's caches, whoever looks up one voter and then her row waits for memory
 * a dozen times, one after the other. Here, step by step, all wait at the same time: the loops before the last one
 * only bring in what is asked for next.
 */
export function findVoters(index: VoterIndex, wanted: Uint32Array, n: number, found: Int32Array): void {
  const { slots } = index;
  const mask = slots.length - 1;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const slot = hashAt(wanted, 4 * i) & mask;
    found[i] = slot;
    sum += slots[slot];
  }
  for (let i = 0; i < n; i++) sum += loadRow(index, Math.max(slots[found[i]] - 1, 0));
  for (let i = 0; i < n; i++) found[i] = slots[slotFrom(index, found[i], wanted, 4 * i)] - 1;
  sumOfLoads = sum;
}

/** The dense number of the voter whose key is at `at`; one not in the index gets the next, with no flag set. */
export function findOrAddVoter(index: VoterIndex, keys: Uint32Array, at = 0): number {
  let slot = slotOf(index, keys, at);
  if (index.slots[slot] !== 0) return index.slots[slot] - 1;
  if (index.size === index.capacity) growTable(index);
  if (index.size + 1 > index.slots.length * MAX_LOAD) {
    growSlots(index);
    slot = slotOf(index, keys, at);
  }
  const voter = index.size++;
  setKey(index, voter, keys, at);
  index.slots[slot] = voter + 1;
  return voter;
}

/** Marks a voter whose row changes, for the next capture. */
export function touch(index: VoterIndex, voter: number): void {
  if (flagsOf(index, voter) & TOUCHED) return;
  addFlags(index, voter, TOUCHED);
  if (index.touchedCount < MAX_LISTED) index.touched[index.touchedCount] = voter;
  index.touchedCount++;
}

/** Marks everybody, for a capture of all rows. */
export function touchAll(index: VoterIndex): void {
  for (let voter = 0; voter < index.size; voter++) touch(index, voter);
}

/** Writes the numbers of all who are marked, `touchedCount` of them, in their order; nobody is marked any more. */
export function takeMarks(index: VoterIndex, numbers: Uint32Array): void {
  const { touched, touchedCount } = index;
  if (touchedCount <= MAX_LISTED) numbers.set(touched.subarray(0, touchedCount).sort());
  else {
    for (let voter = 0, n = 0; n < touchedCount; voter++) {
      if (flagsOf(index, voter) & TOUCHED) numbers[n++] = voter;
    }
  }
  for (const voter of numbers) dropFlags(index, voter, TOUCHED);
  index.touchedCount = 0;
}

/** Takes the keys of the next voters up to `size`, written to their rows already, into the index; false for a double. */
export function indexKeys(index: VoterIndex, size: number): boolean {
  const key = new Uint32Array(4);
  for (let voter = index.size; voter < size; voter++) {
    copyKey(index, voter, key, 0);
    if (findOrAddVoter(index, key) !== voter) return false;
  }
  return true;
}

/**
 * Writes the 128-bit key of the id in `bytes[start … end)` to `keys`, four words from `at` on.
 *
 * A canonical lower-case UUID of RFC 9562 (versions 1–8) is its own key. Anything else is its truncated SHA-256
 * with the version digit set to 0, which no such UUID has: the two kinds can't collide, and two ids of the
 * second kind only by breaking 124 bits of SHA-256.
 */
export function voterKey(bytes: Uint8Array, start: number, end: number, keys: Uint32Array, at = 0): void {
  if (end - start === 36 && uuidKey(bytes, start, keys, at)) return;
  const digest = createHash("sha256").update(bytes.subarray(start, end)).digest();
  for (let word = 0; word < 4; word++) keys[at + word] = digest.readUInt32BE(4 * word);
  keys[at + 1] &= 0xffff0fff;
}

/** What no digit stands for has a bit that no digit's value has. */
const NO_DIGIT = 0x80;
const HEX = new Uint8Array(256).fill(NO_DIGIT);
for (let digit = 0; digit < 16; digit++) HEX[digit.toString(16).charCodeAt(0)] = digit;
const DASH = 45;

function uuidKey(bytes: Uint8Array, start: number, keys: Uint32Array, at: number): boolean {
  const s = start;
  const dashes = bytes[s + 8] === DASH && bytes[s + 13] === DASH && bytes[s + 18] === DASH &&
    bytes[s + 23] === DASH;
  if (!dashes) return false;
  notHex = 0;
  const k1 = hex4(bytes, s + 9) << 16 | hex4(bytes, s + 14);
  const k2 = hex4(bytes, s + 19) << 16 | hex4(bytes, s + 24);
  keys[at] = hex4(bytes, s) << 16 | hex4(bytes, s + 4);
  keys[at + 1] = k1;
  keys[at + 2] = k2;
  keys[at + 3] = hex4(bytes, s + 28) << 16 | hex4(bytes, s + 32);
  const version = k1 >>> 12 & 15, variant = k2 >>> 30;
  return (notHex & NO_DIGIT) === 0 && version >= 1 && version <= 8 && variant === 2;
}

/** All that `hex4` met, one over the other: looking at it once takes less time than at every digit. */
let notHex = 0;

function hex4(bytes: Uint8Array, at: number): number {
  const a = HEX[bytes[at]], b = HEX[bytes[at + 1]], c = HEX[bytes[at + 2]], d = HEX[bytes[at + 3]];
  notHex |= a | b | c | d;
  return a << 12 | b << 8 | c << 4 | d;
}

/** The slot that holds the key at `at` of `wanted`, or the empty one where it belongs. */
function slotOf(index: VoterIndex, wanted: Uint32Array, at: number): number {
  return slotFrom(index, hashAt(wanted, at) & index.slots.length - 1, wanted, at);
}

/** The same, from the slot that its hash names. */
function slotFrom(index: VoterIndex, first: number, wanted: Uint32Array, at: number): number {
  const { slots } = index;
  const mask = slots.length - 1;
  for (let slot = first;; slot = slot + 1 & mask) {
    const entry = slots[slot];
    if (entry === 0 || hasKey(index, entry - 1, wanted, at)) return slot;
  }
}

/** Another in every process, so that nobody can choose ids that all meet in one slot. Numbers don't depend on it. */
const [SEED0, SEED1, SEED2, SEED3] = crypto.getRandomValues(new Uint32Array(4));

/** Mixes four words into one (rounds of MurmurHash3's body and its finalizer), as ids may be sequential. */
function hashAt(keys: Uint32Array, at: number): number {
  const k0 = keys[at], k1 = keys[at + 1], k2 = keys[at + 2], k3 = keys[at + 3];
  let h = Math.imul(k0 ^ SEED0, 0xcc9e2d51);
  h = Math.imul(h << 13 | h >>> 19, 5) + (k1 ^ SEED1) | 0;
  h = Math.imul(h ^ h >>> 15, 0x1b873593) + Math.imul(k2 ^ SEED2, SEED0 | 1) | 0;
  h = Math.imul(h ^ h >>> 13, 0x85ebca6b) + Math.imul(k3 ^ SEED3, SEED1 | 1) | 0;
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return h ^ h >>> 16;
}

/** A power of two that holds that many voters without growing. */
function slotsFor(voters: number): number {
  return 2 ** Math.ceil(Math.log2((voters + 1) / MAX_LOAD));
}

function growSlots(index: VoterIndex): void {
  const slots = new Int32Array(2 * index.slots.length), mask = slots.length - 1;
  const key = new Uint32Array(4);
  for (let voter = 0; voter < index.size; voter++) {
    copyKey(index, voter, key, 0);
    // No two keys are the same, so only empty slots are looked for.
    let slot = hashAt(key, 0) & mask;
    while (slots[slot] !== 0) slot = slot + 1 & mask;
    slots[slot] = voter + 1;
  }
  index.slots = slots;
}
