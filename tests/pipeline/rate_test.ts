import assert from "node:assert/strict";
import { createRate } from "../../pipeline/rate.ts";

Deno.test("the rate is the growth over the last ten seconds", () => {
  const rate = createRate();
  assert.equal(rate.measure(1_000, 0), 0);
  assert.equal(rate.measure(1_050, 1_000), 50);
  for (let second = 2; second <= 30; second++) rate.measure(1_000 + 50 * second, 1_000 * second);
  assert.equal(rate.measure(1_000 + 50 * 31, 31_000), 50);
});

Deno.test("the rate falls to 0 ten seconds after the last vote", () => {
  const rate = createRate();
  rate.measure(0, 0);
  rate.measure(100, 1_000);
  assert.ok(rate.measure(100, 10_000) > 0);
  assert.equal(rate.measure(100, 11_000), 0);
});

Deno.test("a clock that stands or goes back gives no nonsense", () => {
  const rate = createRate();
  rate.measure(0, 5_000);
  assert.equal(rate.measure(10, 5_000), 0);
  assert.equal(rate.measure(10, 4_000), 0);
});

Deno.test("after a pause the rate is that of the last ten seconds, not of the pause", () => {
  const rate = createRate();
  rate.measure(0, 0);
  rate.measure(0, 10_000);
  assert.equal(rate.measure(100, 610_000), 10);
});
