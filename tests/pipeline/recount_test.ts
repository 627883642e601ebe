/** The recount and the fold, which share no code, count alike: at the end of a log and at any moment before. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { aggregatesOf } from "../../pipeline/aggregates.ts";
import { AGE_BANDS, GENDERS } from "../../pipeline/election.ts";
import { parseEventTime } from "../../pipeline/event_time.ts";
import { acceptCandidates, createFold, type Fold, foldVoters, foldVotes } from "../../pipeline/fold.ts";
import type { EventLog, Topic } from "../../pipeline/log.ts";
import { createRecount, readOn, type Recount, timeOf } from "../../pipeline/recount.ts";
import { recordsAt } from "../../pipeline/recount_aggregates.ts";
import { cellName, cellsAt, countAt, type Cut, resultsAt } from "../../pipeline/recount_cut.ts";
import { createRegistry, foldCandidates, type Registry } from "../../pipeline/registry.ts";
import { makeResults } from "../../pipeline/results.ts";
import { cellAt, ungroup } from "../../pipeline/tally.ts";
import { batchOf, type PlainRecord } from "./batches.ts";
import { election, NOW, PARTITIONS, rules } from "./elections.ts";
import type { PlainLog } from "./fold_model.ts";

const turn = () => Promise.resolve();
const CUT_RULES = {
  electionId: "e",
  opensAt: rules.opensAt,
  closesAt: rules.closesAt,
  windowMs: rules.windowMs,
  graceMs: rules.graceMs,
};

const recordsOf = (log: PlainLog): Record<Topic, PlainRecord[][]> => ({
  candidates_topic: [log.candidates],
  voters_topic: log.voters,
  votes_topic: log.votes,
});
const endsOf = (records: PlainRecord[][]) => records.map((some) => (some.at(-1)?.offset ?? -1) + 1);

/** As much of the port as a recount reads. */
function logOf(log: PlainLog): EventLog {
  const records = recordsOf(log);
  const readable: Pick<EventLog, "partitioner" | "partitions" | "ends" | "read"> = {
    partitioner: rules.partitioner,
    partitions: (topic) => records[topic].length,
    ends: (topic) => Promise.resolve(endsOf(records[topic])),
    async *read(topic, from, signal) {
      for (const [partition, next] of from) {
        await turn();
        if (signal.aborted) return;
        yield batchOf(partition, records[topic][partition].filter(({ offset }) => offset >= next));
      }
    },
  };
  return readable as EventLog;
}

async function recountOf(log: PlainLog): Promise<Recount> {
  const events = logOf(log);
  const recount = createRecount(events);
  const signal = new AbortController().signal;
  await readOn(recount, { log: events, rules, signal, turn, progress() {}, onPerson() {} });
  return recount;
}

/** The fold of what lies before a cut. */
function foldTo(log: PlainLog, cut: Cut): { registry: Registry; folds: Fold[] } {
  const registry = createRegistry();
  const folds = Array.from({ length: PARTITIONS }, (_, partition) => createFold(partition, rules));
  const before = (topic: Topic, partition: number) => {
    const end = cut[topic][partition];
    return batchOf(partition, recordsOf(log)[topic][partition].filter(({ offset }) => offset < end), end);
  };
  const ids = foldCandidates(registry, before("candidates_topic", 0)).map((one) => one.candidate_id);
  for (const fold of folds) {
    acceptCandidates(fold, ids, registry.ledger.next);
    foldVoters(fold, before("voters_topic", fold.partition));
    foldVotes(fold, before("votes_topic", fold.partition));
  }
  return { registry, folds };
}

function cellsOf({ registry, folds }: { registry: Registry; folds: Fold[] }) {
  const cells = new Map<string, { votes: number; late: number }>();
  for (const { tally, states } of folds) {
    for (let at = 0; at < tally.cells; at++) {
      const { window, candidate, group, votes, late } = cellAt(tally, at);
      const { state, ageBand, gender } = ungroup(group);
      const name = cellName({
        windowStart: window * rules.windowMs,
        candidateId: registry.candidates[candidate].candidate_id,
        state: states.names[state],
        ageBand: AGE_BANDS[ageBand],
        gender: GENDERS[gender],
      });
      const cell = cells.get(name) ?? { votes: 0, late: 0 };
      cells.set(name, { votes: cell.votes + votes, late: cell.late + late });
    }
  }
  return cells;
}

async function assertAgreement(log: PlainLog, recount: Recount, cut: Cut): Promise<void> {
  const folded = foldTo(log, cut);
  const info = { id: "e", title: "E", opensAt: rules.opensAt, closesAt: rules.closesAt };
  const moment = { now: NOW, catchingUp: false, votesPerSecond: 0, otherFindings: false };
  const { quality: _, catching_up: __, as_of: ___, ...results } = makeResults(
    info,
    folded.registry,
    folded.folds,
    moment,
  );
  const { votes_per_second: ____, ...totals } = results.totals;
  const count = await countAt(recount, cut, turn);
  const { title: _____, ...named } = results.election;
  assert.deepEqual(resultsAt(recount, cut, count, CUT_RULES, NOW), { ...results, election: named, totals });
  assert.deepEqual(await cellsAt(recount, cut, rules.windowMs, turn), cellsOf(folded));
  assert.deepEqual(recordsAt(recount, cut, count), aggregatesOf(folded.registry, folded.folds));
}

Deno.test("at the end of any log and at any moment before, the recount says what the fold says", async () => {
  // Not a double: those are drawn near 0 and 1 mostly.
  const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
  await fc.assert(
    fc.asyncProperty(
      fc.noBias(election),
      fc.noBias(fc.array(share, { minLength: 7, maxLength: 7 })),
      async (log, shares) => {
        const recount = await recountOf(log);
        const ends: Cut = recount.next;
        await assertAgreement(log, recount, ends);
        const some = (n: number, i: number) => Math.floor(n * shares[i]);
        await assertAgreement(log, recount, {
          candidates_topic: ends.candidates_topic.map(some),
          voters_topic: ends.voters_topic.map((n, i) => some(n, 1 + i)),
          votes_topic: ends.votes_topic.map((n, i) => some(n, 4 + i)),
        });
      },
    ),
    { numRuns: 1_000 },
  );
});

Deno.test("the two readings of a time agree, on times and on what only looks like one", () => {
  const two = fc.oneof(fc.integer({ min: 0, max: 61 }), fc.constantFrom(0, 2, 23, 24, 30, 31)).map((n) =>
    String(n).padStart(2, "0")
  );
  const year = fc.constantFrom("2026", "2024", "1900", "1999", "2000", "9999", "0000");
  const zone = fc.oneof(
    fc.constantFrom("Z", "", "z", "+01", "+0100", "-01:00", "+24:00", "-00:61"),
    fc.tuple(fc.constantFrom("+", "-"), two, two).map(([sign, h, m]) => `${sign}${h}:${m}`),
  );
  const time = fc.tuple(
    year,
    two,
    two,
    fc.constantFrom(" ", "T", "t"),
    two,
    two,
    fc.oneof(fc.constant(""), two.map((s) => `:${s}`)),
    fc.constantFrom("", ".1", ",25", ".1239", "."),
    zone,
  ).map(([y, mo, d, t, h, mi, s, f, z]) => `${y}-${mo}-${d}${t}${h}:${mi}${s}${f}${z}`);
  const odd = fc.oneof(fc.string(), fc.constantFrom(null, 5, "2026-05-07 12:00:00", "2026-02-29 12:00:00"));
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: time }, odd), (written) => {
      const time = parseEventTime(written);
      assert.equal(timeOf(written), Number.isNaN(time) ? null : time);
    }),
    { numRuns: 20_000 },
  );
});
