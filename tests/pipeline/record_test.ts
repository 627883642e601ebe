import assert from "node:assert/strict";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { readCandidate, readVote, readVoter, type Rules } from "../../pipeline/record.ts";
import { batchOf, type PlainRecord } from "./batches.ts";

const partitioner = partitionerOf("murmur2");
const rules: Rules = {
  partitions: 4,
  partitioner,
  windowMs: 10_000,
  graceMs: 0,
  opensAt: 1_000,
  closesAt: 2_000,
};

const good = { voter_id: "v1", candidate_id: "c1", voting_time: "2026-05-07 10:00:00", vote: 1 };
const home = partitioner(new TextEncoder().encode("v1"), 4);
const vote = (record: Partial<PlainRecord>, partition = home) =>
  readVote(
    batchOf(partition, [{ offset: 0, timestamp: 1_500, key: "v1", value: JSON.stringify(good), ...record }]),
    0,
    rules,
  );
const withFields = (fields: Record<string, unknown>) =>
  vote({ value: JSON.stringify({ ...good, ...fields }) });

Deno.test("a well-formed vote is read whatever else the producer wrote into it", () => {
  assert.deepEqual(withFields({ voter_name: "Ann", address: { state: "Kent" } }), {
    ...good,
    voter_name: "Ann",
    address: { state: "Kent" },
  });
  assert.deepEqual(vote({ value: JSON.stringify({ voter_id: "v1", candidate_id: "c1" }) }), {
    voter_id: "v1",
    candidate_id: "c1",
  });
});

Deno.test("each defect of a vote has its reason", () => {
  const ascii129 = "x".repeat(129);
  const cases: [string, ReturnType<typeof vote>][] = [
    ["tombstone", vote({ value: null })],
    ["too_large", vote({ value: JSON.stringify({ ...good, padding: "x".repeat(65_536) }) })],
    ["no_key", vote({ key: null })],
    ["no_key", vote({ key: "" })],
    ["bad_json", vote({ value: "" })],
    ["bad_json", vote({ value: "{" })],
    ["bad_json", vote({ value: "\ufeff" + JSON.stringify(good) })],
    ["bad_json", vote({ value: Uint8Array.of(0x22, 0xff, 0x22) })],
    ["no_voter_id", vote({ value: "[]" })],
    ["no_voter_id", vote({ value: "null" })],
    ["no_voter_id", vote({ value: "7" })],
    ["no_voter_id", withFields({ voter_id: undefined })],
    ["no_voter_id", withFields({ voter_id: null, candidate_id: null })],
    ["no_candidate_id", withFields({ voter_id: 7, candidate_id: null })],
    ["wrong_type", withFields({ voter_id: 7 })],
    ["wrong_type", withFields({ voter_id: "" })],
    ["wrong_type", withFields({ voter_id: ascii129 })],
    ["wrong_type", withFields({ voter_id: "\ud800" })],
    ["wrong_type", withFields({ candidate_id: ["c1"] })],
    ["wrong_type", withFields({ candidate_id: "😀".repeat(129) })],
    ["wrong_type", withFields({ vote: 2 })],
    ["wrong_type", withFields({ vote: "1" })],
    ["wrong_type", withFields({ vote: null })],
    ["wrong_type", withFields({ voter_id: "someone else", vote: 0 })],
    ["key_mismatch", withFields({ voter_id: "v2" })],
    ["key_mismatch", withFields({ voter_id: "v1 " })],
    ["wrong_partition", vote({}, (home + 1) % 4)],
    ["not_open", vote({ timestamp: 999 })],
    ["not_open", vote({ timestamp: 2_000 })],
  ];
  for (const [i, [reason, got]] of cases.entries()) assert.equal(got, reason, `case ${i}`);
});

Deno.test("where several defects meet, the first in order names the reason", () => {
  const other = (home + 1) % 4;
  const huge = "x".repeat(65_537);
  assert.equal(vote({ key: null, value: null }, other), "tombstone");
  assert.equal(vote({ key: null, value: huge }, other), "too_large");
  assert.equal(vote({ key: null, value: "{" }, other), "no_key");
  assert.equal(vote({ value: "{", timestamp: 0 }, other), "bad_json");
  assert.equal(
    vote({ timestamp: 0, value: JSON.stringify({ ...good, voter_id: "v2" }) }, other),
    "key_mismatch",
  );
  assert.equal(vote({ timestamp: 0 }, other), "wrong_partition");
});

Deno.test("an id of 128 characters is read, however many bytes they take", () => {
  const id = "😀".repeat(128);
  const bytes = new TextEncoder().encode(id);
  const record = { offset: 0, timestamp: 1_500, key: id, value: JSON.stringify({ ...good, voter_id: id }) };
  assert.equal(typeof readVote(batchOf(partitioner(bytes, 4), [record]), 0, rules), "object");
});

Deno.test("voters and candidates are judged alike, without opening hours", () => {
  const voter = (value: unknown, partition = home) =>
    readVoter(
      batchOf(partition, [{ offset: 0, timestamp: 0, key: "v1", value: JSON.stringify(value) }]),
      0,
      rules,
    );
  assert.deepEqual(voter({ voter_id: "v1" }), { voter_id: "v1" });
  assert.equal(voter({ candidate_id: "v1" }), "no_voter_id");
  assert.equal(voter({ voter_id: "v2" }), "key_mismatch");
  assert.equal(voter({ voter_id: "v1" }, (home + 1) % 4), "wrong_partition");

  const candidate = (value: unknown) =>
    readCandidate(batchOf(0, [{ offset: 0, timestamp: 0, key: "c1", value: JSON.stringify(value) }]), 0);
  assert.deepEqual(candidate({ candidate_id: "c1" }), { candidate_id: "c1" });
  assert.equal(candidate({ voter_id: "c1" }), "no_candidate_id");
  assert.equal(candidate({ candidate_id: "c2" }), "key_mismatch");
});
