/**
 * Elections at random, with few ids, so that everything collides with everything: for tests that hold one count
 * against another.
 * @module
 */
import fc from "fast-check";
import type { PlainRecord } from "./batches.ts";
import type { PlainLog } from "./fold_model.ts";
import { rulesOf } from "./rules.ts";

/** The middle of the day of the vote, epoch ms. */
export const NOW = Date.UTC(2026, 4, 7, 12);
/** Of voters_topic and of votes_topic. */
export const PARTITIONS = 3;
/** What the elections are judged by. */
export const rules = rulesOf(PARTITIONS, { opensAt: NOW - 3_600_000, closesAt: NOW + 3_600_000 });
const encoder = new TextEncoder();
const STATES = ["Kent", "Fife", "Gwynedd", "Antrim"];

const voterId = fc.integer({ min: 0, max: 14 }).map((n) => `voter-${n}`);
const candidateId = fc.integer({ min: 0, max: 3 }).map((n) => `candidate-${n}`);
const logTime = fc.integer({ min: -3_700_000, max: 3_700_000 }).map((ms) => NOW + ms);
const votingTime = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.integer({ min: -3_600_000, max: 3_600_000 }).map((ms) => new Date(NOW + ms).toISOString()),
  },
  fc.constantFrom("2026-05-07 11:59:00", "soon", undefined),
);
const candidate = fc.record({ candidate_id: candidateId, candidate_name: fc.constantFrom("Ann", "Bob") });
const voter = fc.record({
  voter_id: voterId,
  registered_age: fc.constantFrom(17, 24, 70, "old"),
  gender: fc.constantFrom("female", "male", "x"),
  address: fc.record({ state: fc.constantFrom(...STATES), city: fc.constantFrom("A", "B") }),
});
const vote = fc.record({ voter_id: voterId, candidate_id: candidateId, voting_time: votingTime });
const rubbish = fc.constantFrom<string | null>(null, "", "{", "[]", '{"voter_id":1,"candidate_id":1}');

type Row = { key: string | null; value: string | null; at: number; skip: number; stray: boolean };
const row = (id: (value: never) => string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Row> =>
  fc.record({
    content: fc.oneof({
      weight: 9,
      arbitrary: value.map((v) => ({ key: id(v as never), value: JSON.stringify(v) })),
    }, rubbish.map((v) => ({ key: "voter-1" as string | null, value: v }))),
    at: logTime,
    skip: fc.constantFrom(0, 0, 0, 1, 5), // offsets that a transaction left empty
    stray: fc.constantFrom(false, false, false, false, true), // in a partition that isn't its key's
  }).map(({ content, ...rest }) => ({ ...content, ...rest }));

/** An election's records: well-formed ones, rubbish, strays in wrong partitions, gaps between offsets. */
export const election: fc.Arbitrary<PlainLog> = fc.record({
  candidates: fc.array(row((c: { candidate_id: string }) => c.candidate_id, candidate), { maxLength: 8 }),
  voters: fc.array(row((v: { voter_id: string }) => v.voter_id, voter), { maxLength: 30 }),
  votes: fc.array(row((v: { voter_id: string }) => v.voter_id, vote), { maxLength: 40 }),
}).map(({ candidates, voters, votes }) => ({
  candidates: inPartitions(candidates, 1)[0],
  voters: inPartitions(voters, PARTITIONS),
  votes: inPartitions(votes, PARTITIONS),
}));

/** Lays rows out with offsets, mostly in the partition of their key, sometimes (stray) in another. */
function inPartitions(rows: Row[], partitions: number): PlainRecord[][] {
  const logs: PlainRecord[][] = Array.from({ length: partitions }, () => []);
  const next = new Array(partitions).fill(0);
  rows.forEach(({ key, value, at, skip, stray }) => {
    const home = rules.partitioner(encoder.encode(key ?? ""), partitions);
    const partition = stray ? (home + 1) % partitions : home;
    const offset = next[partition] + skip;
    next[partition] = offset + 1;
    logs[partition].push({ offset, timestamp: at, key, value });
  });
  return logs;
}
