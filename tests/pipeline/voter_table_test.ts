import assert from "node:assert/strict";
import fc from "fast-check";
import * as table from "../../pipeline/voter_table.ts";
import { createVoterIndex, findOrAddVoter, takeMarks, touch } from "../../pipeline/voters.ts";

const double = fc.oneof(fc.maxSafeNat(), fc.double());
const row = fc.record({
  key: fc.tuple(...Array(4).fill(fc.nat({ max: 2 ** 32 - 1 }))),
  hash: fc.tuple(fc.nat({ max: 2 ** 32 - 1 }), fc.nat({ max: 2 ** 32 - 1 })),
  flags: fc.nat({ max: 31 }),
  person: fc.record({
    age: fc.nat({ max: 255 }),
    gender: fc.nat({ max: 255 }),
    state: fc.nat({ max: 65_535 }),
    city: fc.nat({ max: 65_535 }),
  }),
  candidate: fc.integer(),
  offset: double,
  time: double,
  written: fc.oneof(double, fc.constant(NaN), fc.constant(null)),
});

Deno.test("a row gives back what was written to it last, whatever stands beside it and however it grew", () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat({ max: 12 }), row), { maxLength: 40 }), (writes) => {
    const rows = table.createVoterTable(1);
    const model = new Map<number, typeof writes[0][1]>();
    for (const [voter, row] of writes) {
      while (voter >= rows.capacity) table.growTable(rows);
      model.set(voter, row);
      table.setKey(rows, voter, Uint32Array.from(row.key), 0);
      table.setRecordHash(rows, voter, ...row.hash);
      table.setPerson(rows, voter, row.person);
      table.setVoteCandidate(rows, voter, row.candidate);
      table.setVote(rows, voter, row.offset, row.time, row.written ?? row.time);
      table.dropFlags(rows, voter, 31);
      table.addFlags(rows, voter, row.flags);
    }
    for (const [voter, { key, hash, flags, person, candidate, offset, time, written }] of model) {
      const kept = new Uint32Array(4);
      table.copyKey(rows, voter, kept, 0);
      assert.deepEqual([...kept], key);
      assert.ok(table.hasKey(rows, voter, kept, 0));
      for (let word = 0; word < 4; word++) {
        assert.ok(!table.hasKey(rows, voter, kept.map((one, i) => i === word ? one ^ 1 : one), 0));
      }
      assert.deepEqual([table.recordHashOf(rows, voter, 0), table.recordHashOf(rows, voter, 1)], hash);
      assert.equal(table.flagsOf(rows, voter) & 31, flags);
      assert.deepEqual({
        age: table.ageOf(rows, voter),
        gender: table.genderOf(rows, voter),
        state: table.stateOf(rows, voter),
        city: table.cityOf(rows, voter),
      }, { ...person });
      assert.equal(table.voteCandidateOf(rows, voter), candidate);
      assert.equal(table.voteOffsetOf(rows, voter), offset);
      assert.equal(table.voteTimeOf(rows, voter), time);
      assert.equal(table.timeWrittenOf(rows, voter), written ?? time);
    }
  }));
});

Deno.test("those who are marked are taken once, in order, few or many", () => {
  for (const [voters, every] of [[0, 1], [100, 7], [30_000, 7], [30_000, 2], [30_000, 1]]) {
    const index = createVoterIndex();
    for (let i = 0; i < voters; i++) findOrAddVoter(index, Uint32Array.of(i, 1, 2, 3));
    for (let round = 0; round < 2; round++) {
      const marked = Array.from({ length: voters }, (_, voter) => voter).filter((voter) =>
        voter % every === 0
      );
      for (const voter of marked.toReversed()) touch(index, voter);
      for (const voter of marked) touch(index, voter);
      assert.equal(index.touchedCount, marked.length);
      const taken = new Uint32Array(index.touchedCount);
      takeMarks(index, taken);
      assert.deepEqual([...taken], marked);
      assert.equal(index.touchedCount, 0);
    }
  }
});
