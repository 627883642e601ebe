/** @module The demo's votes: who votes when and for whom, and that the race is one. */
import assert from "node:assert/strict";
import { createElectorate } from "../../pipeline/demo_electorate.ts";
import { createPreferences } from "../../pipeline/demo_preferences.ts";
import { dayFraction, drawVotingOrder } from "../../pipeline/demo_votes.ts";

const VOTERS = 50_000;

function orderOf(seed: number, voters: number): Uint32Array {
  const steps = drawVotingOrder(seed, voters, createElectorate(seed));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Plays the default demo and looks at the running totals, as the dashboard's windows do, 180 times a day. */
function play(seed: number, candidates = 3) {
  const traitsOf = createElectorate(seed), choose = createPreferences({ seed, candidates });
  const totals = new Array<number>(candidates).fill(0);
  let leader = -1, changes = 0, window = 0;
  orderOf(seed, VOTERS).forEach((i, place) => {
    const cast = (place + 0.5) / VOTERS;
    totals[choose(i, traitsOf(i), cast)]++;
    if (cast < 0.05 || Math.floor(dayFraction(cast) * 180) === window) return;
    window = Math.floor(dayFraction(cast) * 180);
    const first = totals.indexOf(Math.max(...totals));
    if (leader >= 0 && first !== leader) changes++;
    leader = first;
  });
  const [most, second = 0] = totals.toSorted((a, b) => b - a);
  return { changes, margin: (most - second) / VOTERS, totals };
}

Deno.test("everybody has one place in the voting order, and older people tend to come earlier", () => {
  const traitsOf = createElectorate(42);
  for (const voters of [1, 2, 1000, VOTERS]) {
    const order = orderOf(42, voters);
    assert.deepEqual(order.toSorted(), Uint32Array.from({ length: voters }, (_, i) => i));
  }
  const order = Array.from(orderOf(42, VOTERS));
  const meanAge = (places: number[]) => places.reduce((sum, i) => sum + traitsOf(i).age, 0) / places.length;
  const quarters = [0, 1, 2, 3].map((q) => meanAge(order.slice(q * VOTERS / 4, (q + 1) * VOTERS / 4)));
  assert.deepEqual(quarters, quarters.toSorted((a, b) => b - a));
  assert(quarters[0] > quarters[3] + 10, `mean ages ${quarters}`);
  assert(order.slice(0, 1000).some((i) => traitsOf(i).age < 30), "some young people are early");
});

Deno.test("the voting day runs from its beginning to its end, busiest after work", () => {
  const fractions = Array.from({ length: 10_001 }, (_, n) => dayFraction(n / 10_000));
  assert.equal(fractions[0], 0);
  assert.equal(fractions[10_000], 1);
  for (let n = 1; n < fractions.length; n++) assert(fractions[n] > fractions[n - 1]);
  const perHour = Array.from(
    { length: 15 },
    (_, hour) => fractions.filter((f) => Math.floor(f * 15) === hour).length,
  );
  const at = (clock: number) => perHour[clock - 7];
  assert(at(8) > at(10) && at(12) > at(11) && at(12) > at(14) && at(17) > at(15) && at(17) > at(21));
  assert.equal(Math.max(...perHour), Math.max(at(17), at(18)));
});

Deno.test("a choice depends on the voter and the moment only, not on the choices made before", () => {
  const traitsOf = createElectorate(42);
  const once = createPreferences({ seed: 42, candidates: 5 });
  const again = createPreferences({ seed: 42, candidates: 5 });
  const choices = Array.from({ length: 2000 }, (_, i) => once(i, traitsOf(i), i / 2000));
  for (let i = 1999; i >= 0; i -= 3) assert.equal(again(i, traitsOf(i), i / 2000), choices[i]);
  assert.equal(new Set(choices).size, 5);
});

Deno.test("the default election changes its leader again and again and ends close but clear", () => {
  const { changes, margin } = play(42);
  assert(changes >= 4, `${changes} lead changes`);
  assert(margin > 0.005 && margin < 0.03, `margin ${margin}`);
});

Deno.test("twenty other seeds are as lively", () => {
  const plays = Array.from({ length: 20 }, (_, n) => play(n + 1));
  const changes = plays.map((play) => play.changes).sort((a, b) => a - b);
  const message = `lead changes ${changes}`;
  assert(changes[0] >= 3 && changes[10] >= 5, message);
  for (const { margin } of plays) assert(margin < 0.03, `margin ${margin}`);
  const winners = new Set(plays.map(({ totals }) => totals.indexOf(Math.max(...totals))));
  assert(winners.size > 1, "the seed decides who wins");
});

Deno.test("any number of candidates gets votes, and the race is between the first three", () => {
  for (const candidates of [1, 2, 4, 26]) {
    const { totals } = play(7, candidates);
    assert.equal(totals.reduce((a, b) => a + b), VOTERS);
    assert(totals.every((total) => total > 0));
    const contenders = totals.slice(0, 3), others = totals.slice(3);
    assert(Math.min(...contenders) > Math.max(0, ...others));
  }
});
