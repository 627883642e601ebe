import assert from "node:assert/strict";
import fc from "fast-check";
import { AGE_BANDS, ageBandIndex, GENDERS } from "../../pipeline/election.ts";
import { MAX_STATES } from "../../pipeline/places.ts";
import { cellAt, countVote, createTally, settle, type Tally, ungroup } from "../../pipeline/tally.ts";
import { AGE_UNKNOWN } from "../../pipeline/voter_table.ts";

const cell = fc.record({
  window: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 2 ** 31 - 1 }).map((n) => 2 * n + 1)),
  candidate: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 100_000 })),
  state: fc.nat({ max: MAX_STATES + 1 }),
  city: fc.nat({ max: 20 }),
  age: fc.nat({ max: AGE_UNKNOWN }),
  gender: fc.nat({ max: GENDERS.length - 1 }),
});

const cellsOf = (tally: Tally) => Array.from({ length: tally.cells }, (_, cell) => cellAt(tally, cell));

Deno.test("the cube holds each cell's votes and late votes, as a Map would", () => {
  const vote = fc.record({ vote: cell, late: fc.boolean(), isLast: fc.boolean() });
  fc.assert(fc.property(fc.array(vote, { maxLength: 300 }), (votes) => {
    const tally = createTally();
    const model = new Map<string, [number, number]>();
    for (const { vote, late, isLast } of votes) {
      countVote(tally, vote, late);
      if (isLast) settle(tally);
      const band = ageBandIndex(vote.age === AGE_UNKNOWN ? null : vote.age);
      const key = [vote.window, vote.candidate, vote.state, band, vote.gender].join();
      const [n, lateOnes] = model.get(key) ?? [0, 0];
      model.set(key, [n + 1, lateOnes + Number(late)]);
    }
    settle(tally);
    const cube = new Map<string, [number, number]>();
    for (const { window, candidate, group, votes, late } of cellsOf(tally)) {
      const { state, ageBand, gender } = ungroup(group);
      cube.set([window, candidate, state, ageBand, gender].join(), [votes, late]);
    }
    assert.equal(cube.size, tally.cells);
    assert.deepEqual(cube, model);
  }));
});

Deno.test("the cube keeps every cell while it grows", () => {
  const tally = createTally();
  const cells = 50_000;
  for (let n = 0; n < 2 * cells; n++) {
    countVote(
      tally,
      { window: n % cells, candidate: n % cells % 7 % 3, state: 2, city: 2, age: 30, gender: 0 },
      false,
    );
  }
  settle(tally);
  assert.equal(tally.totalVotes, 2 * cells);
  const inCube = cellsOf(tally);
  assert.ok(inCube.every(({ votes, late }) => votes === 2 && late === 0));
  assert.equal(new Set(inCube.map(({ window }) => window)).size, cells);
  assert.equal(inCube.length, cells);
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
