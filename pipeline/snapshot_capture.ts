/**
 * Capture: what has changed in the folds since the capture before, cut out at one moment.
 *
 * The cut is synchronous, so nothing is folded during it, and costs what has changed; what can be worked out of the
 * cut is left for later.
 * @module
 */
import { AGE_BANDS, GENDERS } from "./election.ts";
import { type Fold, FOLD_VERSION } from "./fold.ts";
import type { Ledger } from "./ledger.ts";
import type { Topic } from "./log.ts";
import { partitionerName } from "./partitioner.ts";
import type { Rules } from "./record.ts";
import type { Registry } from "./registry.ts";
import type { Results } from "./results.ts";
import type { Capture, CellChange, SnapshotFacts, SnapshotRules, VoterGroup } from "./snapshot.ts";
import { stateOf } from "./snapshot_state.ts";
import { blocksOf, takeTouched, untake } from "./snapshot_voters.ts";
import { cellAt, countVote, createTally, settle, type Tally, ungroup } from "./tally.ts";
import { COUNTED, LATE } from "./voter_table.ts";
import { touchAll } from "./voters.ts";
import { windowOf } from "./windows.ts";

/** Folds, and the registry that they have all applied. */
export interface Folded {
  readonly registry: Registry;
  readonly folds: readonly Fold[];
}

/**
 * A capture, and what to do where it could not be saved: the next one then holds what it held, and MUST be whole if
 * it was.
 */
export interface TakenCapture {
  readonly capture: Capture;
  undo(): void;
}

/**
 * Cuts out what has changed; as a whole one, all that there is.
 * @param results of this very moment
 * @param quality the newest report; none where no checks are made
 */
export function takeCapture(
  { registry, folds }: Folded,
  results: Results,
  whole: boolean,
  quality: Capture["quality"] = { asOf: 0, checks: [] },
): TakenCapture {
  if (whole) { for (const fold of folds) touchAll(fold.voters); }
  const voters = folds.map((fold) => takeTouched(fold.voters));
  const candidateIds = registry.candidates.map((candidate) => candidate.candidate_id);
  const capture: Capture = {
    facts: factsOf(registry, folds, results),
    whole,
    results,
    state: stateOf(registry, folds),
    voters,
    cells: cellsOf(voters, folds, candidateIds),
    groups: groupsOf(folds),
    quality,
  };
  return { capture, undo: () => folds.forEach((fold, partition) => untake(fold.voters, voters[partition])) };
}

/** The rules of a fold as a snapshot keeps them. */
export function snapshotRules(rules: Rules): SnapshotRules {
  const { partitions, partitioner, windowMs, graceMs, opensAt, closesAt } = rules;
  return { partitions, partitioner: partitionerName(partitioner), windowMs, graceMs, opensAt, closesAt };
}

function factsOf(registry: Registry, folds: readonly Fold[], results: Results): SnapshotFacts {
  const ofLedgers = <Value>(value: (ledger: Ledger) => Value): Record<Topic, Value[]> => ({
    voters_topic: folds.map((fold) => value(fold.votersLedger)),
    votes_topic: folds.map((fold) => value(fold.votesLedger)),
    candidates_topic: [value(registry.ledger)],
  });
  return {
    foldVersion: FOLD_VERSION,
    electionId: results.election.id,
    version: results.version,
    asOf: Date.parse(results.as_of),
    watermark: results.watermark === null ? null : Date.parse(results.watermark),
    offsets: ofLedgers((ledger) => ledger.next),
    lastRecords: ofLedgers((ledger) => ledger.last),
    rules: snapshotRules(folds[0].rules),
  };
}

/** The newly counted votes by cell, worked out of the rows a partition at a time, as they are asked for. */
function* cellsOf(
  voters: readonly Uint8Array[],
  folds: readonly Fold[],
  candidateIds: readonly string[],
): Generator<CellChange> {
  for (const [partition, bytes] of voters.entries()) {
    // Numbers of places and candidates stay what they are, so the names may be looked up after the cut.
    const { states, rules } = folds[partition];
    const tally = newlyCounted(bytes, rules.windowMs);
    for (let cell = 0; cell < tally.cells; cell++) {
      const { window, candidate, group, votes, late } = cellAt(tally, cell);
      const { state, ageBand, gender } = ungroup(group);
      yield {
        windowStart: window * rules.windowMs,
        candidateId: candidateIds[candidate],
        state: states.names[state],
        ageBand: AGE_BANDS[ageBand],
        gender: GENDERS[gender],
        votes,
        late,
      };
    }
  }
}

function newlyCounted(bytes: Uint8Array, windowMs: number): Tally {
  const tally = createTally();
  for (const rows of blocksOf(bytes)) {
    for (let row = 0; row < rows.count; row++) {
      if (!(rows.flags[row] & COUNTED)) continue;
      const cell = {
        window: windowOf(rows.voteTime[row], windowMs),
        candidate: rows.voteCandidate[row],
        state: rows.state[row],
        city: rows.city[row],
        age: rows.age[row],
        gender: rows.gender[row],
      };
      countVote(tally, cell, (rows.flags[row] & LATE) !== 0);
    }
  }
  settle(tally);
  return tally;
}

function groupsOf(folds: readonly Fold[]): VoterGroup[] {
  const groups = new Map<string, VoterGroup & { voters: number }>();
  for (const { accreditedByGroup, states } of folds) {
    accreditedByGroup.forEach((voters, number) => {
      if (voters === 0) return;
      const { state, ageBand, gender } = ungroup(number);
      const name = JSON.stringify([states.names[state], ageBand, gender]);
      const group = groups.get(name);
      if (group !== undefined) group.voters += voters;
      else {
        groups.set(name, {
          state: states.names[state],
          ageBand: AGE_BANDS[ageBand],
          gender: GENDERS[gender],
          voters,
        });
      }
    });
  }
  return [...groups.values()];
}
