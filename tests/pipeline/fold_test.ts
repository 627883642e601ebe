import assert from "node:assert/strict";
import fc from "fast-check";
import { acceptCandidates, createFold, type Fold, foldVoters, foldVotes } from "../../pipeline/fold.ts";
import { rejectedIn } from "../../pipeline/ledger.ts";
import type { ReadBatch } from "../../pipeline/log.ts";
import { createRegistry, foldCandidates, type Registry } from "../../pipeline/registry.ts";
import { makeResults, type Results } from "../../pipeline/results.ts";
import { COUNTED, VOTED } from "../../pipeline/voters.ts";
import { batchOf, type PlainRecord } from "./batches.ts";
import { election, NOW, PARTITIONS, rules } from "./elections.ts";
import { type Count, countPlainly, type PlainLog } from "./fold_model.ts";

// ——— ways to read one ———

type Step = (registry: Registry, folds: Fold[]) => void;

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
    steps.push(apply(batchOf(partition, records.slice(at, at + size))));
    at += size;
  }
  return steps;
}

const candidatesStep = (batch: ReadBatch): Step => (registry, folds) => {
  const ids = foldCandidates(registry, batch).map((one) => one.candidate_id);
  for (const fold of folds) acceptCandidates(fold, ids, registry.ledger.next);
};
const votersStep = (batch: ReadBatch): Step => (_, folds) => foldVoters(folds[batch.partition], batch);
const votesStep = (batch: ReadBatch): Step => (_, folds) => foldVotes(folds[batch.partition], batch);

function queuesOf(log: PlainLog, sizes: number[]): Step[][] {
  return [
    stepsOf(log.candidates, sizes, candidatesStep, 0),
    ...log.voters.map((records, partition) => stepsOf(records, sizes, votersStep, partition)),
    ...log.votes.map((records, partition) => stepsOf(records, sizes, votesStep, partition)),
  ];
}

/** Reads all queues, choosing by `choices` which goes on and whether it repeats what it has read before. */
function read(queues: Step[][], choices: number[]): { registry: Registry; folds: Fold[] } {
  const registry = createRegistry();
  const folds = Array.from({ length: PARTITIONS }, (_, partition) => createFold(partition, rules));
  const done = queues.map(() => 0);
  for (let turn = 0; done.some((n, q) => n < queues[q].length); turn++) {
    const choice = choices.length === 0 ? 0 : choices[turn % choices.length];
    const open = done.flatMap((n, q) => n < queues[q].length ? [q] : []);
    const q = open[(choice + turn) % open.length];
    queues[q][done[q]++](registry, folds);
    if (choice % 3 === 0) { for (let again = 0; again < done[q]; again++) queues[q][again](registry, folds); }
  }
  return { registry, folds };
}

function resultsOf({ registry, folds }: { registry: Registry; folds: Fold[] }): Results {
  const info = { id: "e", title: "E", opensAt: rules.opensAt, closesAt: rules.closesAt };
  return makeResults(info, registry, folds, {
    now: NOW,
    catchingUp: false,
    votesPerSecond: 0,
    otherFindings: false,
  });
}

function countOf(results: Results): Count {
  const { votes_per_second: _, turnout: __, ...totals } = results.totals;
  return {
    totals,
    byCandidate: Object.fromEntries(results.candidates.map((one) => [one.candidate_id, one.total_votes])),
    byState: Object.fromEntries(
      results.locations.map(({ state, count, voters }) => [state, { count, voters }]),
    ),
    watermark: results.watermark === null ? null : Date.parse(results.watermark),
  };
}

// ——— promises ———

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const choices = fc.array(fc.nat({ max: 1_000 }), { maxLength: 60 });

Deno.test("any interleaving of topics and partitions, any batches and any duplication give the same results", () => {
  fc.assert(
    fc.property(election, sizes, choices, (log, sizes, choices) => {
      const straight = resultsOf(read(queuesOf(log, [1_000]), []));
      const shuffled = resultsOf(read(queuesOf(log, sizes), choices));
      assert.equal(JSON.stringify(shuffled), JSON.stringify(straight));
    }),
    { numRuns: 500 },
  );
});

Deno.test("the fold counts what a plain count of the whole log counts", () => {
  fc.assert(
    fc.property(election, sizes, choices, (log, sizes, choices) => {
      assert.deepEqual(countOf(resultsOf(read(queuesOf(log, sizes), choices))), countPlainly(log, rules));
    }),
    { numRuns: 500 },
  );
});

Deno.test("every offset is accounted for, and the cube's sums are the totals", () => {
  fc.assert(
    fc.property(election, sizes, choices, (log, sizes, choices) => {
      for (const fold of read(queuesOf(log, sizes), choices).folds) {
        const { tally, votesLedger: ledger, voters } = fold;
        const votes = tally.totalVotes;
        assert.equal(votes + fold.duplicates + fold.waiting + rejectedIn(ledger) + ledger.gaps, ledger.next);
        assert.equal(
          fold.accredited + fold.repeats + rejectedIn(fold.votersLedger) +
            fold.votersLedger.found.other_content +
            fold.votersLedger.gaps,
          fold.votersLedger.next,
        );
        const sum = (counts: ArrayLike<number>) => Array.from(counts).reduce((a, b) => a + b, 0);
        assert.equal(sum(tally.votes.subarray(0, tally.cells)), votes);
        assert.equal(sum(tally.late.subarray(0, tally.cells)), tally.totalLate);
        for (const by of [tally.byCandidate, tally.byState, tally.byCity, tally.byAge]) {
          assert.equal(sum(by), votes);
        }
        const withFlag = (flag: number) =>
          voters.flags.subarray(0, voters.size).filter((flags) => flags & flag).length;
        assert.equal(withFlag(COUNTED), votes);
        assert.equal(withFlag(VOTED), votes + fold.waiting);
      }
    }),
    { numRuns: 300 },
  );
});
