/** Numbers and times as locales write them. @module */
import assert from "node:assert/strict";
import { figuresOf } from "../../widget/figures.ts";

const NOW = Date.parse("2026-06-03T20:00:00Z");

Deno.test("each locale writes in its own way, and what is none is passed over", () => {
  assert.equal(figuresOf("en-GB").count(1_234_567), "1,234,567");
  assert.equal(figuresOf("de").count(1_234_567), "1.234.567");
  assert.equal(figuresOf("hi").count(1_234_567), "12,34,567");
  assert.equal(figuresOf("ar-EG").count(12), "١٢");
  for (const none of [null, undefined, "", "not a locale", "x".repeat(99)]) {
    assert.equal(figuresOf(none, "fr").locale, "fr", String(none));
  }
  assert.equal(figuresOf(null).locale, "en-GB");
});

Deno.test("a share is never 0 for something, nor 100 for less than everything", () => {
  const { percent } = figuresOf("en-GB");
  assert.deepEqual(
    [percent(0, 0), percent(0, 9), percent(1, 10_000), percent(9_999, 10_000), percent(3, 3), percent(1, 3)],
    ["0.0%", "0.0%", "<0.1%", "99.9%", "100.0%", "33.3%"],
  );
});

Deno.test("a moment says its zone, and its day where that is not today", () => {
  const { moment } = figuresOf("en-GB");
  assert.equal(moment("2026-06-03T14:03:22.000Z", NOW), "14:03:22 UTC");
  assert.equal(moment("2026-06-02T14:03:22.000Z", NOW), "14:03:22 UTC, 2 Jun 2026");
});

Deno.test("locales written from right to left are known", () => {
  const isRightToLeft = (locale: string) => figuresOf(locale).isRightToLeft;
  assert.deepEqual(["ar-EG", "he", "fa-IR", "ur"].map(isRightToLeft), [true, true, true, true]);
  assert.deepEqual(["en-GB", "arn", "sr-Latn"].map(isRightToLeft), [false, false, false]);
});
