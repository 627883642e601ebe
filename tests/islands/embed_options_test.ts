/** What can be chosen for another site is what the server takes. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAsOf } from "../../analytics/as_of.ts";
import { isPoint } from "../../islands/embed_options.ts";

Deno.test("a point of the past is one where the server reads one", () => {
  const points = ["0", "10504", "9".repeat(15), "2026-05-07T10:00Z", "2026-05-07T10:00:00.123456789+01:00"];
  const none = [
    "",
    "yesterday",
    "-1",
    "1.5",
    "9".repeat(16),
    "2026-05-07",
    "2026-05-07T10:00:00",
    "2026-13-07T10:00Z",
  ];
  for (const text of points) assert.deepEqual([isPoint(text), parseAsOf(text) !== null], [true, true], text);
  for (const text of none) assert.deepEqual([isPoint(text), parseAsOf(text)], [false, null], text);
  const times = fc.stringMatching(
    /^2[0-9]{3}-[01]\d-[0-3]\d[T ][0-2]\d:[0-5]\d(:[0-6]\d([.]\d{0,10})?)?(Z|[+-][0-2]\d:?\d\d)?$/,
  );
  fc.assert(fc.property(fc.oneof(times, fc.string()), (text) => {
    assert.equal(isPoint(text), parseAsOf(text) !== null, text);
  }));
});
