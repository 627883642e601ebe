import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fold } from "../../pipeline/fold.ts";
import { type Finding, hashOfRecord, type Ledger, rejectedIn } from "../../pipeline/ledger.ts";
import type { Registry } from "../../pipeline/registry.ts";
import type { Results } from "../../pipeline/results.ts";
import { cellAt } from "../../pipeline/tally.ts";
import { AGE_UNKNOWN, COUNTED, flagsOf, VOTED } from "../../pipeline/voter_table.ts";
import { batchOf, type PlainRecord } from "./batches.ts";
import { election, rules } from "./elections.ts";
import { type Count, countPlainly } from "./fold_model.ts";
import { cellsOf, emptyFolds, queuesOf, resultsOf, type Step } from "./fold_steps.ts";

/** Reads all queues, choosing by `choices` which goes on and whether it repeats what it has read before. */
function read(queues: Step[][], choices: number[]): { registry: Registry; folds: Fold[] } {
  const { registry, folds } = emptyFolds();
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
        const cells = Array.from({ length: tally.cells }, (_, cell) => cellAt(tally, cell));
        assert.equal(sum(cells.map((cell) => cell.votes)), votes);
        assert.equal(sum(cells.map((cell) => cell.late)), tally.totalLate);
        for (const by of [tally.byCandidate, tally.byState, tally.byCity, tally.byAge]) {
          assert.equal(sum(by), votes);
        }
        const withFlag = (flag: number) =>
          [...Array(voters.size).keys()].filter((voter) => flagsOf(voters, voter) & flag).length;
        assert.equal(withFlag(COUNTED), votes);
        assert.equal(withFlag(VOTED), votes + fold.waiting);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("the last record of each partition is remembered, however the records come in batches", () => {
  const lastOf = (partition: number, records: readonly PlainRecord[]) => {
    const last = records.at(-1);
    if (last === undefined) return null;
    return { offset: last.offset, hash: hashOfRecord(batchOf(partition, [last]), 0) };
  };
  fc.assert(
    fc.property(election, sizes, choices, (log, sizes, choices) => {
      const { registry, folds } = read(queuesOf(log, sizes), choices);
      assert.deepEqual(registry.ledger.last, lastOf(0, log.candidates));
      for (const { partition, votersLedger, votesLedger } of folds) {
        assert.deepEqual(votersLedger.last, lastOf(partition, log.voters[partition]));
        assert.deepEqual(votesLedger.last, lastOf(partition, log.votes[partition]));
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("records of other bytes have another hash, though the bytes of key and value run together alike", () => {
  const hash = (key: string | null, value: string | null) =>
    hashOfRecord(batchOf(0, [{ offset: 0, timestamp: 0, key, value }]), 0);
  const all = [["ab", "c"], ["a", "bc"], ["", "abc"], ["abc", ""], ["abc", null], [null, "abc"], [
    null,
    null,
  ]];
  assert.equal(new Set(all.map(([key, value]) => hash(key, value))).size, all.length);
  assert.equal(hash("ab", "c"), hash("ab", "c"));
});
