/**
 * Steps: the batches of an election, each as something to do to a registry and folds, in any order that keeps those
 * of one partition in theirs.
 * @module
 */
import { AGE_BANDS, GENDERS } from "../../pipeline/election.ts";
import { acceptCandidates, createFold, type Fold, foldVoters, foldVotes } from "../../pipeline/fold.ts";
import type { ReadBatch } from "../../pipeline/log.ts";
import { createRegistry, foldCandidates, type Registry } from "../../pipeline/registry.ts";
import { makeResults, type Results } from "../../pipeline/results.ts";
import { cellAt, ungroup } from "../../pipeline/tally.ts";
import { batchOf, type PlainRecord } from "./batches.ts";
import { NOW, PARTITIONS, rules } from "./elections.ts";
import type { Count, PlainLog } from "./fold_model.ts";

/** Folds one batch. */
export type Step = (registry: Registry, folds: Fold[]) => void;

/** One step for each batch of one partition of one topic, in order; cut into batches of the sizes given. */
function stepsOf(
  records: PlainRecord[],
  sizes: number[],
  apply: (batch: ReadBatch) => Step,
  partition: number,
): Step[] {
  const steps: Step[] = [];
  for (let at = 0, i = 0; at < records.length; i++) {
    const size = sizes[i % sizes.length];
    const some = records.slice(Math.max(0, at - size % 3), at + size); // some of them once more
    at += size;
    // `next` may lie past a gap behind the last record.
    const next = at < records.length && size % 2 === 0 ? records[at].offset : undefined;
    steps.push(apply(batchOf(partition, some, next)));
  }
  return steps;
}

const candidatesStep = (batch: ReadBatch): Step => (registry, folds) => {
  const ids = foldCandidates(registry, batch).map((one) => one.candidate_id);
  for (const fold of folds) acceptCandidates(fold, ids, registry.ledger.next);
};
const votersStep = (batch: ReadBatch): Step => (_, folds) => foldVoters(folds[batch.partition], batch);
const votesStep = (batch: ReadBatch): Step => (_, folds) => foldVotes(folds[batch.partition], batch);

/** The steps of every partition of every topic, in order. */
export function queuesOf(log: PlainLog, sizes: number[]): Step[][] {
  return [
    stepsOf(log.candidates, sizes, candidatesStep, 0),
    ...log.voters.map((records, partition) => stepsOf(records, sizes, votersStep, partition)),
    ...log.votes.map((records, partition) => stepsOf(records, sizes, votesStep, partition)),
  ];
}

/** A registry and the folds of all partitions, before the first record. */
export function emptyFolds(): { registry: Registry; folds: Fold[] } {
  const folds = Array.from({ length: PARTITIONS }, (_, partition) => createFold(partition, rules));
  return { registry: createRegistry(), folds };
}

/** Their Results, at a fixed time. */
export function resultsOf({ registry, folds }: { registry: Registry; folds: readonly Fold[] }): Results {
  const info = { id: "e", title: "T", opensAt: rules.opensAt, closesAt: rules.closesAt };
  return makeResults(info, registry, folds, {
    now: NOW,
    catchingUp: false,
    votesPerSecond: 0,
    otherFindings: false,
  });
}

/** All cells of the cube by what they are called. */
export function cellsOf(registry: Registry, folds: readonly Fold[]): Count["cells"] {
  const cells: Count["cells"] = {};
  for (const { tally, states } of folds) {
    for (let at = 0; at < tally.cells; at++) {
      const { window, group, votes, late, ...cellOf } = cellAt(tally, at);
      const { state, ageBand, gender } = ungroup(group);
      const candidate = registry.candidates[cellOf.candidate].candidate_id;
      const key = [
        window * rules.windowMs,
        candidate,
        states.names[state],
        AGE_BANDS[ageBand],
        GENDERS[gender],
      ];
      const cell = cells[key.join()] ??= [0, 0];
      cell[0] += votes;
      cell[1] += late;
    }
  }
  return cells;
}
