import assert from "node:assert/strict";
import fc from "fast-check";
import { hashOf } from "../../pipeline/value_hash.ts";

Deno.test("the same bytes have the same hash wherever they stand", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat({ max: 9 }), (value, before) => {
    const bytes = new Uint8Array(before + value.length + 5).fill(7);
    bytes.set(value, before);
    assert.deepEqual(hashOf(bytes, before, before + value.length), hashOf(value));
  }));
});

Deno.test("values that differ little have hashes that differ in about half of their bits", () => {
  const value = new TextEncoder().encode(
    JSON.stringify({ voter_id: "v1", gender: "female", registered_age: 45 }),
  );
  const bitsIn = (word: number) => word.toString(2).replaceAll("0", "").length;
  const [hash0, hash1] = hashOf(value);
  let sum = 0, least = 64;
  for (let bit = 0; bit < 8 * value.length; bit++) {
    const [other0, other1] = hashOf(value.with(bit >> 3, value[bit >> 3] ^ 1 << (bit & 7)));
    const differing = bitsIn((hash0 ^ other0) >>> 0) + bitsIn((hash1 ^ other1) >>> 0);
    sum += differing;
    least = Math.min(least, differing);
  }
  assert.ok(Math.abs(sum / (8 * value.length) - 32) < 1.5, String(sum / (8 * value.length)));
  assert.ok(least > 10, String(least));
});

Deno.test("no two of many similar values have the same hash, and no half of it repeats more than chance has it", () => {
  const n = 200_000;
  const both = new Set<string>(), halves = [new Set<number>(), new Set<number>()];
  const encoder = new TextEncoder();
  for (let i = 0; i < n; i++) {
    const hash = hashOf(encoder.encode(`{"voter_id":"voter-${i}","registered_age":${18 + i % 80}}`));
    both.add(hash.join());
    halves.forEach((half, at) => half.add(hash[at]));
  }
  assert.equal(both.size, n);
  // By chance n²/2³³, some 5, of them meet in 32 bits.
  for (const half of halves) assert.ok(n - half.size < 25, String(n - half.size));
});
