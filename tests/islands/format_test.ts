/** Numbers as people read them. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { counted, moment, percent } from "../../islands/format.ts";

Deno.test("a percentage is never 0 for something, nor 100 for less than everything", () => {
  fc.assert(fc.property(fc.nat(2_000_000), fc.nat(2_000_000), (a, b) => {
    const [part, whole] = a < b ? [a, b] : [b, a];
    const text = percent(part, whole);
    assert.equal(text === "0.0%", part === 0);
    assert.equal(text === "100.0%", part === whole && whole > 0);
    // What is shown is at most half of its last digit from the truth, but where that would be a lie.
    if (/^\d+\.\d%$/.test(text) && text !== "99.9%" && whole > 0) {
      assert.ok(Math.abs(parseFloat(text) - part / whole * 100) <= 0.05 + 1e-9, `${part}/${whole}: ${text}`);
    }
  }));
});

Deno.test("counts have separators and the right noun, times a zone", () => {
  assert.equal(counted(1, "vote"), "1 vote");
  assert.equal(counted(0, "vote"), "0 votes");
  assert.equal(counted(12_345, "vote"), "12,345 votes");
  assert.equal(moment("2026-06-03T14:03:22.123Z"), "14:03:22 UTC, 3 Jun 2026");
});
