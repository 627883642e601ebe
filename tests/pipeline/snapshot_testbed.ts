/**
 * Snapshots without a disk: a store in memory that keeps to the port, and folds in a form that can be compared.
 * @module
 */
import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import type { Fold } from "../../pipeline/fold.ts";
import type { Registry } from "../../pipeline/registry.ts";
import type { Capture, SnapshotStore, StoredSnapshot } from "../../pipeline/snapshot.ts";
import { cellAt } from "../../pipeline/tally.ts";
import {
  ageOf,
  cityOf,
  copyKey,
  flagsOf,
  genderOf,
  recordHashOf,
  stateOf,
  timeWrittenOf,
  TOUCHED,
  voteCandidateOf,
  voteOffsetOf,
  voteTimeOf,
} from "../../pipeline/voter_table.ts";
import { findVoter } from "../../pipeline/voters.ts";

/** A store in memory; what it keeps has been through JSON and stands in memory of its own. */
export interface MemoryStore extends SnapshotStore {
  /** The next saves fail while this is true. */
  failing: boolean;
  /** What it keeps is damaged, until something whole is saved. */
  damaged: boolean;
  saves: number;
  kept: StoredSnapshot | null;
  /** The cube: the sum of all changes saved, as `cellsOf` names cells. */
  cells: Record<string, [number, number]>;
  groups: Record<string, number>;
  quality: Capture["quality"] | null;
}

/** An empty store. */
export function createMemoryStore(): MemoryStore {
  const store: MemoryStore = {
    failing: false,
    damaged: false,
    saves: 0,
    kept: null,
    cells: {},
    groups: {},
    quality: null,
    // deno-lint-ignore require-await -- the port is asynchronous
    async save(capture) {
      if (store.failing) throw new Fault("SNAPSHOT_FAILED", "the disk is full", { retryable: true });
      keep(store, capture);
      if (capture.whole) store.damaged = false;
    },
    needsWhole: () => store.damaged,
    latest: () => Promise.resolve(store.kept),
  };
  return store;
}

/** What `save` does where nothing fails. */
export function keep(store: MemoryStore, capture: Capture): void {
  const { facts, results, state, whole } = capture;
  assert.ok(whole || store.kept !== null, "the first one holds everything");
  const before = whole || store.kept === null ? capture.voters.map(() => []) : store.kept.voters;
  const voters = capture.voters.map((block, partition) => [...before[partition], copied(block)]);
  store.kept = { ...JSON.parse(JSON.stringify({ facts, results, state })), voters };
  if (whole) store.cells = {};
  for (const { windowStart, candidateId, state, ageBand, gender, votes, late } of capture.cells) {
    const cell = store.cells[[windowStart, candidateId, state, ageBand, gender].join()] ??= [0, 0];
    cell[0] += votes;
    cell[1] += late;
  }
  const groups = [...capture.groups];
  store.groups = Object.fromEntries(
    groups.map(({ state, ageBand, gender, voters }) => [[state, ageBand, gender].join(), voters]),
  );
  assert.equal(Object.keys(store.groups).length, groups.length, "no group comes twice");
  store.quality = capture.quality;
  store.saves++;
}

/** At a place in memory where columns can't begin, as bytes from a file may be. */
function copied(block: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(block.length + 1).subarray(1);
  bytes.set(block);
  return bytes;
}

/** All that folds know, in one form for all folds that know the same. */
export function canonical({ registry, folds }: { registry: Registry; folds: readonly Fold[] }): unknown {
  return { registry, folds: folds.map(canonicalFold) };
}

function canonicalFold(fold: Fold): unknown {
  const { voters: index, tally, rules: _, unaccreditedNumbers, ...rest } = fold;
  const voters = Array.from({ length: index.size }, (_, voter) => {
    const key = new Uint32Array(4);
    copyKey(index, voter, key, 0);
    assert.equal(findVoter(index, key), voter);
    return {
      key,
      recordHash: [recordHashOf(index, voter, 0), recordHashOf(index, voter, 1)],
      flags: flagsOf(index, voter) & ~TOUCHED,
      person: [ageOf, genderOf, stateOf, cityOf].map((field) => field(index, voter)),
      vote: [voteOffsetOf, voteTimeOf, timeWrittenOf, voteCandidateOf].map((field) => field(index, voter)),
    };
  });
  const { cells, cube: __, late: ___, slots: ____, unsettled: _____, ...sums } = tally;
  const cube = Array.from({ length: cells }, (_, cell) => Object.values(cellAt(tally, cell)).join());
  return {
    ...rest,
    voters,
    sums,
    cube: cube.sort(),
    // One that nobody waits for is left from how the topics interleaved.
    unaccredited: fold.unaccredited.filter(({ voters }) => voters.length > 0)
      .map(({ candidateId, voters }) => [candidateId, [...voters].sort()]),
    unaccreditedNumbers: new Map([...unaccreditedNumbers].sort()),
  };
}
