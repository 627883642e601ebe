import assert from "node:assert/strict";
import fc from "fast-check";
import { AGE_BANDS, GENDERS } from "../../pipeline/election.ts";
import { type Fold, foldVoters } from "../../pipeline/fold.ts";
import type { StoredSnapshot } from "../../pipeline/snapshot.ts";
import { type Folded, takeCapture } from "../../pipeline/snapshot_capture.ts";
import { restore } from "../../pipeline/snapshot_restore.ts";
import { readState } from "../../pipeline/snapshot_state.ts";
import { KEPT_FLAGS, readBlocks } from "../../pipeline/snapshot_voters.ts";
import { ungroup } from "../../pipeline/tally.ts";
import { flagsOf, voteCandidateOf, voteOffsetOf } from "../../pipeline/voter_table.ts";
import { batchOf } from "./batches.ts";
import { election, rules } from "./elections.ts";
import type { PlainLog } from "./fold_model.ts";
import { cellsOf, emptyFolds, queuesOf, resultsOf, type Step } from "./fold_steps.ts";
import { canonical, createMemoryStore, keep, type MemoryStore } from "./snapshot_testbed.ts";

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const choices = fc.array(fc.nat({ max: 1_000 }), { maxLength: 60 });
/** What happens before a step: a save, one that fails after some more steps, or a crash. */
const incidents = fc.array(
  fc.record({
    kind: fc.constantFrom("save", "fail", "crash"),
    whole: fc.boolean(),
    everySteps: fc.integer({ min: 1, max: 12 }),
    steps: fc.nat({ max: 3 }),
  }),
  { minLength: 1, maxLength: 6 },
);

async function restored(stored: StoredSnapshot): Promise<Folded> {
  const folded = await restore(stored, rules);
  if (typeof folded === "string") assert.fail(folded);
  return folded;
}

/** All steps of all queues in one order. */
function inOrder(queues: Step[][], choices: number[]): Step[] {
  const steps: Step[] = [];
  const done = queues.map(() => 0);
  for (let turn = 0; done.some((n, q) => n < queues[q].length); turn++) {
    const open = done.flatMap((n, q) => n < queues[q].length ? [q] : []);
    const q = open[((choices[turn % (choices.length || 1)] ?? 0) + turn) % open.length];
    steps.push(queues[q][done[q]++]);
  }
  return steps;
}

function groupsOf(folds: readonly Fold[]): Record<string, number> {
  const groups: Record<string, number> = {};
  for (const { accreditedByGroup, states } of folds) {
    for (const [number, voters] of accreditedByGroup.entries()) {
      const { state, ageBand, gender } = ungroup(number);
      const name = [states.names[state], AGE_BANDS[ageBand], GENDERS[gender]].join();
      if (voters > 0) groups[name] = (groups[name] ?? 0) + voters;
    }
  }
  return groups;
}

function save(store: MemoryStore, live: Folded, whole: boolean): void {
  keep(store, takeCapture(live, resultsOf(live), whole).capture);
}

/** Saved just now, the store holds all of the folds, and its cube is theirs. */
async function assertHolds(store: MemoryStore, live: Folded): Promise<void> {
  const again = await restored(store.kept!);
  assert.deepEqual(canonical(again), canonical(live));
  assert.equal(JSON.stringify(resultsOf(again)), JSON.stringify(resultsOf(live)));
  assert.deepEqual(store.cells, cellsOf(live.registry, live.folds));
  assert.deepEqual(store.groups, groupsOf(live.folds));
}

Deno.test("at any point of any interleaving, what is restored is what was captured, and goes on alike", async () => {
  await fc.assert(
    fc.asyncProperty(
      election,
      sizes,
      choices,
      incidents,
      async (log: PlainLog, sizes, choices, incidents) => {
        const steps = inOrder(queuesOf(log, sizes), choices);
        const undisturbed: Folded = emptyFolds();
        let live: Folded = emptyFolds();
        const store = createMemoryStore();
        let mustBeWhole = true;
        let at = 0;
        const go = (n: number) => {
          for (; n > 0 && at < steps.length; n--, at++) {
            for (const { registry, folds } of [undisturbed, live]) steps[at](registry, [...folds]);
          }
        };
        while (at < steps.length) {
          for (const { kind, whole, everySteps, steps: meanwhile } of incidents) {
            go(everySteps);
            if (kind === "save") {
              save(store, live, whole || mustBeWhole);
              await assertHolds(store, live);
              mustBeWhole = false;
            } else if (kind === "fail") {
              const { capture, undo } = takeCapture(live, resultsOf(live), whole || mustBeWhole);
              mustBeWhole ||= whole;
              if (meanwhile === 1) Array.from(capture.cells);
              go(meanwhile);
              undo();
            } else {
              live = store.kept === null ? emptyFolds() : await restored(store.kept);
              mustBeWhole = store.kept === null;
              for (const step of steps.slice(0, at)) step(live.registry, [...live.folds]);
            }
            assert.deepEqual(canonical(live), canonical(undisturbed));
          }
        }
        save(store, live, mustBeWhole);
        await assertHolds(store, live);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("a capture holds the voters who have changed, and no others", () => {
  fc.assert(
    fc.property(election, sizes, choices, fc.nat({ max: 40 }), (log, sizes, choices, first) => {
      const steps = inOrder(queuesOf(log, sizes), choices);
      const live = emptyFolds();
      const rows = () =>
        takeCapture(live, resultsOf(live), false).capture.voters.map((block) => {
          const blocks = readBlocks(block);
          if (typeof blocks === "string") assert.fail(blocks);
          return blocks.flatMap(({ voter }) => [...voter]).sort((a, b) => a - b);
        });
      const rowOf = ({ voters }: Fold, voter: number) =>
        [flagsOf(voters, voter) & KEPT_FLAGS, voteOffsetOf(voters, voter), voteCandidateOf(voters, voter)]
          .join();
      for (const step of steps.slice(0, first)) step(live.registry, live.folds);
      assert.deepEqual(rows(), live.folds.map(({ voters }) => [...Array(voters.size).keys()]));
      assert.deepEqual(rows(), live.folds.map(() => []));
      const before = live.folds.map((fold) =>
        Array.from({ length: fold.voters.size }, (_, i) => rowOf(fold, i))
      );
      for (const step of steps.slice(first)) step(live.registry, live.folds);
      const changed = live.folds.map((fold, partition) =>
        [...Array(fold.voters.size).keys()].filter((voter) => rowOf(fold, voter) !== before[partition][voter])
      );
      assert.deepEqual(rows(), changed);
    }),
    { numRuns: 200 },
  );
});

// ——— damage ———

function storedElection(log: PlainLog): StoredSnapshot {
  const live = emptyFolds();
  const store = createMemoryStore();
  const steps = inOrder(queuesOf(log, [5]), []);
  steps.forEach((step, i) => {
    step(live.registry, live.folds);
    if (i === Math.floor(steps.length / 2)) save(store, live, true);
  });
  save(store, live, store.kept === null);
  return store.kept!;
}

const change = fc.record({
  partition: fc.nat({ max: 2 }),
  kind: fc.constantFrom("flip", "cut", "double", "swap", "state"),
  at: fc.nat(),
  bit: fc.nat({ max: 7 }),
});

Deno.test("whatever becomes of the bytes, restoring gives folds or a reason, and never throws", async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(election, fc.array(change, { minLength: 1, maxLength: 4 }), async (log, changes) => {
      const stored = structuredClone(storedElection(log));
      const voters = stored.voters as Uint8Array[][];
      for (const { partition, kind, at, bit } of changes) {
        const files = voters[partition];
        const file = at % files.length;
        const bytes = files[file];
        if (kind === "flip" && bytes.length > 0) bytes[at % bytes.length] ^= 1 << bit;
        else if (kind === "cut") files[file] = bytes.subarray(0, at % (bytes.length + 1));
        else if (kind === "double") files.push(bytes);
        else if (kind === "swap") [voters[0], voters[partition]] = [voters[partition], voters[0]];
        else {
          const folds = (stored.state as { folds: Record<string, unknown>[] }).folds;
          const names = Object.keys(folds[partition]);
          folds[partition][names[at % names.length]] = [at, -1, "x", null, at / 3][at % 5];
        }
      }
      const result = await restore(stored, rules);
      if (typeof result === "string") refused++;
    }),
    { numRuns: 1_000 },
  );
  assert.ok(refused > 500, `only ${refused} were noticed`);
});

Deno.test("the decoders read any bytes and any JSON without throwing", () => {
  const header = fc.tuple(
    fc.constantFrom(0x72746f56, 0),
    fc.nat({ max: 2 }),
    fc.nat({ max: 5 }),
    fc.nat({ max: 1 }),
  )
    .map((words) => new Uint8Array(Uint32Array.from(words).buffer));
  fc.assert(fc.property(
    fc.option(header),
    fc.uint8Array({ maxLength: 400 }),
    fc.nat({ max: 9 }),
    (header, rest, shift) => {
      const bytes = new Uint8Array([...new Uint8Array(shift), ...header ?? [], ...rest]).subarray(shift);
      const blocks = readBlocks(bytes);
      if (bytes.length === 0) assert.deepEqual(blocks, []);
      else if (header === null) assert.equal(typeof blocks, "string");
    },
  ));
  fc.assert(fc.property(fc.jsonValue(), (value) => assert.equal(readState(value), null)));
});

Deno.test("voters who don't come to the results are not taken for the count", async () => {
  const record = { timestamp: Date.UTC(2026, 4, 7, 12), key: "voter-1" };
  const partition = [0, 1, 2].find((p) => rules.partitioner(new TextEncoder().encode("voter-1"), 3) === p)!;
  const place = (value: unknown) =>
    [0, 1, 2].map((p) => p === partition ? [{ offset: 0, ...record, value: JSON.stringify(value) }] : []);
  const stored = storedElection({
    candidates: [{ offset: 0, timestamp: record.timestamp, key: "c", value: '{"candidate_id":"c"}' }],
    voters: place({ voter_id: "voter-1", address: { state: "Kent" } }),
    votes: place({ voter_id: "voter-1", candidate_id: "c" }),
  });
  assert.equal((await restored(stored)).folds[partition].tally.totalVotes, 1);
  const totals = { ...stored.results.totals, votes: 2 };
  assert.match(
    await restore({ ...stored, results: { ...stored.results, totals } }, rules) as string,
    /totals differs/,
  );
});

Deno.test("while a big snapshot is restored, others get their turn", async () => {
  const live = emptyFolds();
  const encoder = new TextEncoder();
  const records = Array.from({ length: 500_000 }, (_, offset) => {
    const key = `voter-${offset}`;
    return { offset, timestamp: 0, key, value: JSON.stringify({ voter_id: key }) };
  }).filter(({ key }) => rules.partitioner(encoder.encode(key), rules.partitions) === 0);
  foldVoters(live.folds[0], batchOf(0, records));
  const store = createMemoryStore();
  save(store, live, true);
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  const again = await restored(store.kept!);
  clearInterval(counting);
  assert.equal(again.folds[0].accredited, records.length);
  assert.ok(turns > 0);
});
