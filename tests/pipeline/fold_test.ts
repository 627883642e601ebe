import assert from "node:assert/strict";
import fc from "fast-check";
import { acceptCandidates, createFold, type Fold, foldVoters, foldVotes } from "../../pipeline/fold.ts";
import { AGE_BANDS, GENDERS } from "../../pipeline/election.ts";
import { type Finding, type Ledger, rejectedIn } from "../../pipeline/ledger.ts";
import type { ReadBatch } from "../../pipeline/log.ts";
import { createRegistry, foldCandidates, type Registry } from "../../pipeline/registry.ts";
import { makeResults, type Results } from "../../pipeline/results.ts";
import { ungroup } from "../../pipeline/tally.ts";
import { AGE_UNKNOWN, COUNTED, VOTED } from "../../pipeline/voters.ts";
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

function countOf(results: Results, registry: Registry, folds: Fold[]): Count {
  const { votes_per_second: _, turnout: __, ...totals } = results.totals;
  return {
    totals,
    byCandidate: Object.fromEntries(results.candidates.map((one) => [one.candidate_id, one.total_votes])),
    byState: Object.fromEntries(
      results.locations.map(({ state, count, voters }) => [state, { count, voters }]),
    ),
    byCity: sums(
      folds,
      (fold) => fold.cities.names.map((name, city) => [name, fold.tally.byCity[city] ?? 0]),
    ),
    byAge: sums(
      folds,
      (fold) =>
        Array.from(fold.tally.byAge, (votes, age) => [age === AGE_UNKNOWN ? "unknown" : String(age), votes]),
    ),
    cells: cellsOf(registry, folds),
    redeliveries: folds.reduce((sum, fold) => sum + fold.redeliveries, 0),
    found: Object.fromEntries([
      ...foundIn("candidates", 0, registry.ledger),
      ...folds.flatMap((fold) => [
        ...foundIn("voters", fold.partition, fold.votersLedger),
        ...foundIn("votes", fold.partition, fold.votesLedger),
      ]),
    ]),
    watermark: results.watermark === null ? null : Date.parse(results.watermark),
  };
}

function sums(folds: Fold[], counts: (fold: Fold) => [string, number][]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [name, votes] of folds.flatMap(counts)) if (votes > 0) total[name] = (total[name] ?? 0) + votes;
  return total;
}

function cellsOf(registry: Registry, folds: Fold[]): Count["cells"] {
  const cells: Count["cells"] = {};
  for (const { tally, states } of folds) {
    for (let at = 0; at < tally.cells; at++) {
      const { state, ageBand, gender } = ungroup(tally.group[at]);
      const candidate = registry.candidates[tally.candidate[at]].candidate_id;
      const key = [
        tally.window[at] * rules.windowMs,
        candidate,
        states.names[state],
        AGE_BANDS[ageBand],
        GENDERS[gender],
      ];
      const cell = cells[key.join()] ??= [0, 0];
      cell[0] += tally.votes[at];
      cell[1] += tally.late[at];
    }
  }
  return cells;
}

function foundIn(topic: string, partition: number, ledger: Ledger): [string, number[]][] {
  for (const [finding, n] of Object.entries(ledger.found)) {
    assert.equal(n, ledger.offsets[finding as Finding].length);
  }
  return Object.entries(ledger.offsets).filter(([, offsets]) => offsets.length > 0)
    .map(([finding, offsets]) => [`${topic} ${partition} ${finding}`, offsets]);
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
      const { registry, folds } = read(queuesOf(log, sizes), choices);
      const results = resultsOf({ registry, folds });
      const expected = countPlainly(log, rules);
      assert.deepEqual(countOf(results, registry, folds), expected);
      const { votes, voters, waiting } = expected.totals;
      assert.equal(results.totals.turnout, voters === 0 ? 0 : Math.round(votes * 10_000 / voters) / 10_000);
      const findings = waiting > 0 || Object.keys(expected.found).length > 0;
      assert.equal(results.quality.status, findings ? "findings" : "ok");
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
