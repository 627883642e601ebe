/**
 * Restore: the folds and the registry as they were when a snapshot was taken.
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { GENDERS } from "./election.ts";
import { countAnew, createFold, type Fold } from "./fold.ts";
import type { Places } from "./places.ts";
import type { Rules } from "./record.ts";
import type { Registry } from "./registry.ts";
import { makeResults, type Results } from "./results.ts";
import type { StoredSnapshot } from "./snapshot.ts";
import type { Folded } from "./snapshot_capture.ts";
import { type FoldState, readState } from "./snapshot_state.ts";
import { KEPT_FLAGS, readBlocks, type VoterRows } from "./snapshot_voters.ts";
import { giveTurns, type Turn } from "./turns.ts";
import {
  ACCREDITED,
  addFlags,
  AGE_UNKNOWN,
  COUNTED,
  dropFlags,
  flagsOf,
  setKey,
  setPerson,
  setRecordHash,
  setVote,
  setVoteCandidate,
  VOTED,
} from "./voter_table.ts";
import { createVoterIndex, indexKeys } from "./voters.ts";

/** Others get their turn after this long, or after as many rows at least. */
const TURN_MS = 15;
const PIECE_ROWS = 8_192;

/**
 * Makes the folds and the registry of a snapshot, or says why that can't be done.
 *
 * The sums are counted again from the voters' rows and held against the snapshot's Results. Never throws, whatever
 * the state and the rows hold.
 * @param rules those that the snapshot was made by
 */
export async function restore(stored: StoredSnapshot, rules: Rules): Promise<Folded | string> {
  const turn = giveTurns(TURN_MS);
  const state = readState(stored.state);
  if (state === null) return "its state is not in the form that this version writes";
  if (state.folds.length !== rules.partitions || stored.voters.length !== rules.partitions) {
    return `it is of ${state.folds.length} partitions`;
  }
  const registry = restoreRegistry(state.registry);
  if (registry === null) return "a candidate is in it twice";
  const folds: Fold[] = [];
  for (const [partition, kept] of state.folds.entries()) {
    const fold = await restoreFold(partition, kept, stored.voters[partition], registry, rules, turn);
    if (typeof fold === "string") return `partition ${partition}: ${fold}`;
    folds.push(fold);
  }
  const difference = differenceTo(stored.results, registry, folds);
  return difference === null
    ? { registry, folds }
    : `its voters do not come to its results: ${difference} differs`;
}

function restoreRegistry(kept: FoldState["registry"]): Registry | null {
  const { candidates, hashes, ledger, repeats } = kept;
  const byId = new Map(candidates.map(({ candidate_id }, i) => [candidate_id, hashes[i]]));
  if (byId.size !== candidates.length || hashes.length !== candidates.length) return null;
  return { candidates, hashes: byId, ledger, repeats };
}

async function restoreFold(
  partition: number,
  kept: FoldState["folds"][number],
  files: readonly Uint8Array[],
  registry: Registry,
  rules: Rules,
  turn: Turn,
): Promise<Fold | string> {
  const blocks: VoterRows[] = [];
  for (const bytes of files) {
    const read = readBlocks(bytes);
    if (typeof read === "string") return read;
    blocks.push(...read);
  }
  const rows = blocks.reduce((sum, { count }) => sum + count, 0);
  if (kept.voters > rows) return `${kept.voters} voters can't be in ${rows} rows`;
  const fold: Fold = {
    ...createFold(partition, rules),
    voters: createVoterIndex(kept.voters),
    votersLedger: kept.votersLedger,
    votesLedger: kept.votesLedger,
    repeats: kept.repeats,
    duplicates: kept.duplicates,
    redeliveries: kept.redeliveries,
    greatestEventTime: kept.greatestEventTime ?? -Infinity,
    candidates: new Map(registry.candidates.map(({ candidate_id }, number) => [candidate_id, number])),
    candidatesNext: registry.ledger.next,
  };
  if (!restorePlaces(fold.states, kept.states) || !restorePlaces(fold.cities, kept.cities)) {
    return "its places are not in the form that this version writes";
  }
  for (const candidateId of kept.unaccredited) {
    const number = -1 - fold.unaccredited.length;
    fold.unaccredited.push({ candidateId, voters: [] });
    if (!fold.candidates.has(candidateId)) fold.unaccreditedNumbers.set(candidateId, number);
  }
  for (const block of blocks) {
    for (const [from, to] of pieces(block.count)) {
      if (!apply(fold, block, from, to, kept.voters)) return "a voter's row says what can't be";
      await turn();
    }
  }
  for (let voter = 0; voter < kept.voters; voter++) {
    if (flagsOf(fold.voters, voter) === 0) return `voter ${voter} has no row`;
  }
  for (const [from, to] of pieces(kept.voters)) {
    if (!indexKeys(fold.voters, to)) return "a voter is in it twice";
    countAnew(fold, from, to);
    await turn();
  }
  return fold;
}

function* pieces(rows: number): Generator<[from: number, to: number]> {
  for (let from = 0; from < rows; from += PIECE_ROWS) yield [from, Math.min(from + PIECE_ROWS, rows)];
}

function restorePlaces(places: Places, names: readonly string[]): boolean {
  const { length } = places.names;
  if (names.length > places.limit + length || !places.names.every((name, i) => names[i] === name)) {
    return false;
  }
  for (const name of names.slice(length)) places.numbers.set(name, places.names.push(name) - 1);
  return places.numbers.size === places.names.length;
}

/** Writes some of a block's rows into the voter table; false where one could not have come from a fold. */
function apply(fold: Fold, rows: VoterRows, from: number, to: number, size: number): boolean {
  const { voters } = fold;
  const states = fold.states.names.length, cities = fold.cities.names.length;
  const candidates = fold.candidates.size, unaccredited = fold.unaccredited.length;
  for (let row = from; row < to; row++) {
    const voter = rows.voter[row], flags = rows.flags[row], candidate = rows.voteCandidate[row];
    if (voter >= size || flags & ~KEPT_FLAGS || !(flags & (ACCREDITED | VOTED))) return false;
    const counts = (flags & (ACCREDITED | VOTED)) === (ACCREDITED | VOTED) && candidate >= 0;
    if (counts !== ((flags & COUNTED) !== 0)) return false;
    if (rows.state[row] >= states || rows.city[row] >= cities) return false;
    if (rows.age[row] > AGE_UNKNOWN || rows.gender[row] >= GENDERS.length) return false;
    if (flags & VOTED && (candidate >= candidates || candidate < -unaccredited)) return false;
    if (flags & VOTED && !Number.isFinite(rows.voteTime[row])) return false;
    setKey(voters, voter, rows.keys, 4 * row);
    setPerson(voters, voter, {
      age: rows.age[row],
      gender: rows.gender[row],
      state: rows.state[row],
      city: rows.city[row],
    });
    setRecordHash(voters, voter, rows.recordHash[2 * row], rows.recordHash[2 * row + 1]);
    setVoteCandidate(voters, voter, candidate);
    setVote(voters, voter, rows.voteOffset[row], rows.voteTime[row], rows.voteTimeWritten[row]);
    dropFlags(voters, voter, KEPT_FLAGS);
    addFlags(voters, voter, flags);
  }
  return true;
}

/** What of the log's own figures differs between Results and those of the folds; null where nothing does. */
function differenceTo(results: Results, registry: Registry, folds: readonly Fold[]): string | null {
  const info = { id: "", title: "", opensAt: null, closesAt: null };
  const moment = { now: 0, catchingUp: true, votesPerSecond: 0, otherFindings: false };
  const made = makeResults(info, registry, folds, moment);
  for (const name of ["version", "watermark", "offsets", "candidates", "locations"] as const) {
    if (!isDeepStrictEqual(results[name], made[name])) return name;
  }
  const totals = { ...results.totals, votes_per_second: made.totals.votes_per_second };
  return isDeepStrictEqual(totals, made.totals) ? null : "totals";
}
