import assert from "node:assert/strict";
import fc from "fast-check";
import { AGE_BANDS, ageBandIndex, GENDERS } from "../../pipeline/election.ts";
import { MAX_STATES } from "../../pipeline/places.ts";
import { countVote, createTally, ungroup } from "../../pipeline/tally.ts";
import { AGE_UNKNOWN } from "../../pipeline/voters.ts";

const cell = fc.record({
  window: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 2 ** 31 - 1 }).map((n) => 2 * n + 1)),
  candidate: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 100_000 })),
  state: fc.nat({ max: MAX_STATES + 1 }),
  city: fc.nat({ max: 20 }),
  age: fc.nat({ max: AGE_UNKNOWN }),
  gender: fc.nat({ max: GENDERS.length - 1 }),
});

Deno.test("the cube holds each cell's votes and late votes, as a Map would", () => {
  fc.assert(fc.property(fc.array(fc.tuple(cell, fc.boolean()), { maxLength: 300 }), (votes) => {
    const tally = createTally();
    const model = new Map<string, [number, number]>();
    for (const [vote, late] of votes) {
      countVote(tally, vote, late);
      const band = ageBandIndex(vote.age === AGE_UNKNOWN ? null : vote.age);
      const key = [vote.window, vote.candidate, vote.state, band, vote.gender].join();
      const [n, lateOnes] = model.get(key) ?? [0, 0];
      model.set(key, [n + 1, lateOnes + Number(late)]);
    }
    const cube = new Map<string, [number, number]>();
    for (let at = 0; at < tally.cells; at++) {
      const { state, ageBand, gender } = ungroup(tally.group[at]);
      const key = [tally.window[at], tally.candidate[at], state, ageBand, gender].join();
      cube.set(key, [tally.votes[at], tally.late[at]]);
    }
    assert.deepEqual(cube, model);
  }));
});

Deno.test("the cube keeps every cell while it grows", () => {
  const tally = createTally();
  const cells = 50_000;
  for (let n = 0; n < 2 * cells; n++) {
    countVote(
      tally,
      { window: n % cells, candidate: n % 7 % 3, state: 2, city: 2, age: 30, gender: 0 },
      false,
    );
  }
  const sum = tally.votes.subarray(0, tally.cells).reduce((a, b) => a + b, 0);
  assert.equal(sum, 2 * cells);
  assert.equal(tally.totalVotes, 2 * cells);
  assert.equal(new Set(tally.window.subarray(0, tally.cells)).size, cells);
});

Deno.test("age bands are the ones that are promised", () => {
  const bandOf = (age: number | null) => AGE_BANDS[ageBandIndex(age)];
  const expected: [number | null, string][] = [
    [0, "under 18"],
    [17, "under 18"],
    [18, "18–24"],
    [24, "18–24"],
    [25, "25–29"],
    [29, "25–29"],
    [30, "30–39"],
    [49, "40–49"],
    [59, "50–59"],
    [69, "60–69"],
    [70, "70+"],
    [130, "70+"],
    [null, "unknown"],
  ];
  for (const [age, band] of expected) assert.equal(bandOf(age), band, String(age));
});
