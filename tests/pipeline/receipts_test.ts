/** Receipts: what is said of a voter or a record is what a plain reading of the partition says. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { acceptCandidates, createFold, foldVoters, foldVotes } from "../../pipeline/fold.ts";
import { accreditedBy, receiptOf, standingOf } from "../../pipeline/receipts.ts";
import { batchOf, type PlainRecord } from "./batches.ts";
import { rulesOf } from "./rules.ts";

const rules = rulesOf(1, { opensAt: 1_000 });
const encoder = new TextEncoder();
const ids = ["a", "b", "c", "ü", "0f8fad5b-d9cb-469f-a165-70867728950e"];
const voterId = fc.constantFrom(...ids);
const offsets = (records: Omit<PlainRecord, "offset">[], gaps: number[]): PlainRecord[] => {
  let next = 0;
  return records.map((record, i) => {
    const offset = next + (gaps[i % gaps.length] ?? 0);
    next = offset + 1;
    return { ...record, offset };
  });
};

const accreditation = fc.record({ voter_id: voterId, state: fc.constantFrom("Kent", "Fife") });
const ballot = fc.record({
  voter_id: voterId,
  candidate_id: fc.constantFrom("c0", "c1", "c2"),
  timestamp: fc.constantFrom(0, 2_000, 3_000),
  broken: fc.constantFrom(false, false, false, true),
});
const candidates = fc.subarray(["c0", "c1", "c2"]);
const gaps = fc.array(fc.constantFrom(0, 0, 1, 3), { minLength: 1, maxLength: 5 });

const valueOf = ({ voter_id, state }: { voter_id: string; state: string }) =>
  JSON.stringify({ voter_id, address: { state } });

Deno.test("every voter's standing and every record's receipt are those of a plain reading, in any order of topics", () => {
  fc.assert(
    fc.property(
      fc.array(accreditation, { maxLength: 8 }),
      fc.array(ballot, { maxLength: 20 }),
      candidates,
      gaps,
      fc.boolean(),
      (accreditations, ballots, accredited, gaps, votesFirst) => {
        const voterRecords = offsets(
          accreditations.map((one) => ({ key: one.voter_id, value: valueOf(one), timestamp: 0 })),
          [0],
        );
        const voteRecords = offsets(
          ballots.map(({ voter_id, candidate_id, timestamp, broken }) => ({
            key: voter_id,
            value: broken ? "{" : JSON.stringify({ voter_id, candidate_id }),
            timestamp,
          })),
          gaps,
        );
        const fold = createFold(0, rules);
        const votes = batchOf(0, voteRecords);
        if (votesFirst) foldVotes(fold, votes);
        foldVoters(fold, batchOf(0, voterRecords));
        acceptCandidates(fold, accredited, accredited.length);
        if (!votesFirst) foldVotes(fold, votes);

        for (const id of [...ids, "stranger"]) {
          const record = accreditations.find(({ voter_id }) => voter_id === id);
          const her = ballots.findIndex((one) =>
            one.voter_id === id && !one.broken && one.timestamp >= 1_000
          );
          const standing = her < 0 ? null : { partition: 0, offset: voteRecords[her].offset };
          assert.deepEqual(standingOf(fold, id), {
            accredited: record !== undefined,
            state: record?.state ?? "unknown",
            vote: standing,
          });
          const same = accreditedBy(
            fold,
            id,
            encoder.encode(valueOf(record ?? { voter_id: id, state: "Kent" })),
          );
          assert.equal(same, record === undefined ? "none" : "same");
          const other = accreditedBy(fold, id, encoder.encode("other"));
          assert.equal(other, record === undefined ? "none" : "other");

          ballots.forEach((one, i) => {
            if (one.voter_id !== id) return;
            const { state, reason, stands } = receiptOf(fold, votes, i);
            if (one.broken) return assert.deepEqual([state, reason, stands], ["rejected", "bad_json", null]);
            if (one.timestamp < 1_000) return assert.deepEqual([state, reason], ["rejected", "not_open"]);
            if (i !== her) return assert.deepEqual([state, stands], ["duplicate", standing]);
            const counts = record !== undefined && accredited.includes(one.candidate_id);
            assert.deepEqual([state, reason, stands], [counts ? "counted" : "waiting", null, null]);
          });
        }
      },
    ),
    { numRuns: 500 },
  );
});
