import assert from "node:assert/strict";
import fc from "fast-check";
import { compareCodePoints, ratio } from "../../pipeline/election.ts";

Deno.test("ratios are rounded half up to 4 decimals, exactly", () => {
  const half: [number, number, number][] = [[1, 3, 0.3333], [2, 3, 0.6667], [1, 20_000, 0.0001], [
    3,
    20_000,
    0.0002,
  ]];
  for (const [part, whole, expected] of half) assert.equal(ratio(part, whole), expected, `${part}/${whole}`);
  assert.equal(ratio(0, 0), 0);
  fc.assert(
    fc.property(fc.nat({ max: 50_000_000 }), fc.integer({ min: 1, max: 50_000_000 }), (part, whole) => {
      const exact = (20_000n * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)); // floor of x + ½
      assert.equal(ratio(part, whole), Number(exact) / 10_000);
    }),
  );
});

Deno.test("strings are ordered by code point", () => {
  const points = (text: string) => [...text].map((character) => character.codePointAt(0)!);
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
    const [x, y] = [points(a), points(b)];
    const at = x.findIndex((point, i) => point !== y[i]);
    const expected = at < 0 ? x.length - y.length : at >= y.length ? 1 : x[at] - y[at];
    assert.equal(Math.sign(compareCodePoints(a, b)), Math.sign(expected));
  }));
  assert.ok(compareCodePoints("\uffee", "😀") < 0, "UTF-16 would order these the other way");
});
