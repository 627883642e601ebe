import assert from "node:assert/strict";
import fc from "fast-check";
import { setVote, timeWrittenOf, voteOffsetOf, voteTimeOf } from "../../pipeline/voter_table.ts";
import { createVoterIndex, findOrAddVoter, findVoter, findVoters, voterKey } from "../../pipeline/voters.ts";

const encoder = new TextEncoder();

function keyOf(id: string): Uint32Array {
  const key = new Uint32Array(4);
  const padded = encoder.encode(`<${id}>`);
  voterKey(padded, 1, padded.length - 1, key);
  return key;
}

const anyId = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.string({ unit: "grapheme", minLength: 1 }),
);

Deno.test("every id gets its own number, for good, as a Map would give it", () => {
  fc.assert(fc.property(fc.array(anyId, { maxLength: 400 }), (ids) => {
    const index = createVoterIndex();
    const model = new Map<string, number>();
    for (const id of ids) {
      if (!model.has(id)) {
        assert.equal(findVoter(index, keyOf(id)), -1);
        model.set(id, model.size);
      }
      assert.equal(findOrAddVoter(index, keyOf(id)), model.get(id));
    }
    assert.equal(index.size, model.size);
  }));
});

Deno.test("many looked up at once are found as one by one", () => {
  fc.assert(fc.property(fc.array(anyId), fc.array(anyId), (known, strangers) => {
    const index = createVoterIndex();
    for (const id of known) findOrAddVoter(index, keyOf(id));
    const asked = [...strangers, ...known, ...strangers].map(keyOf);
    const found = new Int32Array(asked.length + 1).fill(7);
    findVoters(index, Uint32Array.from(asked.flatMap((key) => [...key])), asked.length, found);
    assert.deepEqual([...found], [...asked.map((key) => findVoter(index, key)), 7]);
  }));
});

Deno.test("numbers and rows survive growing", () => {
  const index = createVoterIndex();
  const count = 100_000;
  for (let i = 0; i < count; i++) {
    const voter = findOrAddVoter(index, keyOf(`voter ${i}`)); // may replace the arrays
    setVote(index, voter, 2 * i, i, 3 * i);
  }
  for (let i = 0; i < count; i++) {
    const voter = findVoter(index, keyOf(`voter ${i}`));
    assert.equal(voter, i);
    assert.equal(voteOffsetOf(index, voter), 2 * i);
    assert.equal(voteTimeOf(index, voter), i);
    assert.equal(timeWrittenOf(index, voter), 3 * i);
  }
  assert.equal(findVoter(index, keyOf("nobody")), -1);
});

Deno.test("a UUID is its own key, and nothing else can have it", () => {
  fc.assert(fc.property(fc.uuid(), (id) => {
    const hex = [...keyOf(id)].map((word) => word.toString(16).padStart(8, "0")).join("");
    assert.equal(hex, id.replaceAll("-", ""));
  }));
  fc.assert(fc.property(fc.string({ minLength: 1 }), (id) => {
    assert.equal(keyOf(id)[1] >>> 12 & 15, 0, "the version digit of a hashed id is 0, which no UUID has");
  }));
  const upper = "0B9C9B1E-8E0B-4B6C-9C1E-1B2C3D4E5F60";
  assert.notDeepEqual(keyOf(upper), keyOf(upper.toLowerCase()));
});
