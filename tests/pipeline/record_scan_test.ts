import assert from "node:assert/strict";
import fc from "fast-check";
import { parseEventTime } from "../../pipeline/event_time.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { type Fields, readVote, readVoter, type Rules } from "../../pipeline/record.ts";
import {
  createVoterShapes,
  createVoteShapes,
  scanVote,
  scanVoter,
  type VoterRead,
} from "../../pipeline/record_scan.ts";
import type { ReadBatch } from "../../pipeline/log.ts";
import { fitsShape } from "../../pipeline/record_shape.ts";
import { batchOf, type PlainRecord } from "./batches.ts";
import { createPeople, fatVote, predecessorTime } from "../scenarios/predecessor_people.ts";
import { damage, produced, recast, type Written } from "./record_mutations.ts";

const rules: Rules = {
  partitions: 2,
  partitioner: partitionerOf("murmur2"),
  windowMs: 10_000,
  graceMs: 0,
  opensAt: 1_000,
  closesAt: null,
};
const encoder = new TextEncoder();
const people = createPeople(7);

/** What is known of the records before, of either topic. */
const createKnown = () => ({ votes: createVoteShapes(), voters: createVoterShapes() });
type Known = ReturnType<typeof createKnown>;

/** What scanning makes of record i of a batch, as a vote and as a voter. */
function scan({ votes, voters }: Known, batch: ReadBatch, i: number): unknown[] {
  const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
  const vote = { candidateId: "", timeWritten: NaN };
  const voter = { registeredAge: undefined, gender: undefined, state: undefined, city: undefined };
  return [
    scanVote(votes, batch, view, i, rules, vote) ?? vote,
    scanVoter(voters, batch, view, i, rules, voter) ?? told(voter),
  ];
}

/** What parsing makes of it. */
function parse(batch: ReadBatch, i: number): unknown[] {
  const vote = readVote(batch, i, rules), voter = readVoter(batch, i, rules);
  return [
    typeof vote === "string" ? vote : {
      candidateId: vote.candidate_id,
      timeWritten: parseEventTime(vote.voting_time),
    },
    typeof voter === "string" ? voter : told({
      registeredAge: voter.registered_age,
      gender: voter.gender,
      state: (voter.address as Fields | null | undefined)?.state,
      city: (voter.address as Fields | null | undefined)?.city,
    }),
  ];
}

/** A voter's fields as far as they tell anything: an age that is no number is none, and so on. */
function told({ registeredAge, gender, state, city }: VoterRead) {
  const text = (value: unknown) => typeof value === "string" ? value : undefined;
  return {
    registeredAge: typeof registeredAge === "number" ? registeredAge : undefined,
    gender: text(gender),
    state: text(state),
    city: text(city),
  };
}

/** A batch with the record twice: once at its very end, once with other bytes behind it. */
function inBatch({ key, value }: Written, timestamp: number, stray: boolean): ReadBatch {
  const home = rules.partitioner(key, 2);
  const records: PlainRecord[] = [{ offset: 0, timestamp, key, value }, { offset: 1, timestamp, key, value }];
  return batchOf(stray ? 1 - home : home, records);
}

function assertSame(known: Known, written: Written, timestamp = 5_000, stray = false): void {
  const batch = inBatch(written, timestamp, stray);
  for (const i of [0, 1]) {
    assert.deepEqual(scan(known, batch, i), parse(batch, i), new TextDecoder().decode(written.value));
  }
}

Deno.test("a record is read the same whether it is scanned or parsed, whatever producers write", () => {
  fc.assert(
    fc.property(fc.array(produced, { minLength: 1, maxLength: 5 }), fc.boolean(), (records, stray) => {
      const known = createKnown();
      for (const record of records) assertSame(known, record, 5_000, stray);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a record is read the same whether it is scanned or parsed, whatever happened to its bytes", () => {
  fc.assert(
    fc.property(produced, fc.array(damage, { minLength: 1, maxLength: 3 }), (record, damages) => {
      const known = createKnown();
      assertSame(known, record); // its shape is known from here on
      assertSame(known, damages.reduce((written, one) => one(written), record));
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("a record is read the same whether it is scanned or parsed, however else its JSON is put", () => {
  fc.assert(
    fc.property(produced, fc.array(recast, { minLength: 1, maxLength: 3 }), (record, recasts) => {
      const known = createKnown();
      assertSame(known, record);
      const other = recasts.reduce((written, one) => one(written), record);
      assertSame(known, other);
      assertSame(known, record, 500);
      assertSame(known, record, 5_000, true);
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("every byte of a record matters to scanning as it does to parsing", () => {
  const vote = {
    voter_id: "v1",
    candidate_id: "c1",
    n: -1.5e3,
    address: { state: "Glöcknér \u{1f5f3}", list: [1, "a", null, { voter_id: "v2" }] },
    text: 'a "quoted" \\ text\n\u2028',
    limits: "\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}",
    voting_time: "2026-05-07 10:00:00",
    vote: 1,
  };
  const key = encoder.encode("v1");
  const bytes = encoder.encode('\0\x1f \x7f"\\{}[],:01289-+.eEnrtu/x').values().toArray();
  bytes.push(0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0xff);
  for (const json of [JSON.stringify(vote), JSON.stringify(vote, null, 1)]) {
    const value = encoder.encode(json);
    const known = createKnown();
    assertSame(known, { key, value });
    for (let at = 0; at < value.length; at++) {
      for (const byte of bytes) assertSame(known, { key, value: value.with(at, byte) });
      assertSame(known, { key, value: value.slice(0, at) });
      assertSame(known, { key, value: Uint8Array.from([...value.slice(0, at), ...value.slice(at + 1)]) });
    }
  }
});

Deno.test("a record ends where its bounds say, though the bytes behind would make it whole", () => {
  const vote = fatVote(people.voter(1), people.candidate(0), predecessorTime(5_000));
  const key = encoder.encode(vote.voter_id as string);
  const whole = encoder.encode(JSON.stringify(vote));
  const known = createKnown();
  assertSame(known, { key, value: whole });
  for (let length = 1; length < whole.length; length++) {
    const cut = inBatch({ key, value: whole }, 5_000, false);
    cut.bounds[3] -= whole.length - length;
    assert.deepEqual(scan(known, cut, 0), ["bad_json", "bad_json"], String(length));
  }
});

Deno.test("a record of a known shape is judged by its fields", () => {
  const key = encoder.encode("v1");
  const good = '{"voter_id":"v1","candidate_id":"c1","voting_time":"2026-05-07T10:00:00.123Z","vote":1}';
  const pairs: [first: string, other: string][] = [
    ...["", "x".repeat(129), "é".repeat(65), "\\u0061", '\\"', "c"].map((id): [string, string] => [
      good,
      good.replace("c1", id),
    ]),
    ...["v", "v2", "v11", "V1", "", "\\u0076\\u0031"].map((
      id,
    ): [string, string] => [good, good.replace("v1", id)]),
    ...["2", "0", "11", "1.0", "-1", "1e0"].map((
      vote,
    ): [string, string] => [good, good.replace(/1}/, `${vote}}`)]),
    [good.replace('"2026-05-07T10:00:00.123Z"', "7"), good.replace('"2026-05-07T10:00:00.123Z"', "8")],
    [
      '{"voter_id":"v1","candidate_id":"c1","\\u0076ote":1}',
      '{"voter_id":"v1","candidate_id":"c1","\\u0076ote":2}',
    ],
    [
      '{"voter_id":"v2","voter_id":"v1","candidate_id":"c1"}',
      '{"voter_id":"v1","voter_id":"v2","candidate_id":"c1"}',
    ],
    [
      '{"voter_id":"v1","candidate_id":7,"candidate_id":"c1"}',
      '{"voter_id":"v1","candidate_id":7,"candidate_id":""}',
    ],
    ...[
      '"registered_age":45,"gender":"x"',
      '"registered_age":"45","gender":7',
      '"registered_age":1.5e1',
      '"address":{"state":"Kent","city":"A"}',
      '"address":{"state":7,"city":null}',
      '"address":"Kent"',
      '"address":[{"state":"Kent"}]',
      '"address":["Kent"],"state":"Kent"',
      '"address":{"state":"Kent","city":"A"},"address":{"city":"B"}',
      '"address":{"state":"Kent","state":7}',
      '"address":{"state":"Kent","\\u0073tate":"Fife"}',
      '"address.state":"Kent","address.city":"A"',
      '"a":{"address":{"state":"Kent"}}',
      '"a":[{"gender":"x"},"Kent"],"gender":"x"',
      '"__proto__":{"gender":"x","address":{"state":"Kent"}}',
    ].map((more): [string, string] => {
      const json = `{"voter_id":"v1","candidate_id":"c1",${more}}`;
      return [json, json.replaceAll("Kent", "Fife").replaceAll("45", "46").replaceAll("x", "y")];
    }),
    [
      '{"a":{"vote":1},"voter_id":"v1","candidate_id":"c1"}',
      '{"a":{"vote":2},"voter_id":"v1","candidate_id":"c2"}',
    ],
    [
      '{"a":[{"vote":1}],"voter_id":"v1","candidate_id":"c1"}',
      '{"a":[{"vote":2}],"voter_id":"v1","candidate_id":"c2"}',
    ],
  ];
  for (const [first, other] of pairs) {
    const known = createKnown();
    assertSame(known, { key, value: encoder.encode(first) });
    assertSame(known, { key, value: encoder.encode(other) });
  }
});

Deno.test("the shapes that producers write are learned from their first record", () => {
  const voters = [1, 2].map((i) => people.voter(i)), candidate = people.candidate(0);
  const fat = voters.map((voter) => JSON.stringify(fatVote(voter, candidate, predecessorTime(5_000))));
  const records = { fat, python: fat.map((json) => json.replace(/([:,])(?=["{\d])/g, "$1 ")) };
  for (const [name, [first, second]] of Object.entries(records)) {
    const known = createKnown();
    assertSame(known, { key: encoder.encode(voters[0].voter_id), value: encoder.encode(first) });
    const bytes = encoder.encode(second);
    const fits = fitsShape(
      known.votes,
      bytes,
      new DataView(bytes.buffer),
      0,
      bytes.length,
      new Int32Array(8),
    );
    assert.equal(fits, true, name);
  }
});
