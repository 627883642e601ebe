import assert from "node:assert/strict";
import type { ReadBatch } from "../../pipeline/log.ts";
import { dealOut, mergeLanes } from "../../pipeline/log_kafka_lanes.ts";

Deno.test("every partition is in one lane, at its offset", () => {
  for (const partitions of [0, 1, 2, 3, 64]) {
    const from = new Map(Array.from({ length: partitions }, (_, partition) => [partition, 10 * partition]));
    const dealt = dealOut(from).flatMap((lane) => [...lane]);
    assert.deepEqual(new Map(dealt), from);
    assert.equal(dealt.length, partitions);
  }
});

Deno.test("lanes take turns, each in its order, and none is asked for more before its batch was looked at", async () => {
  const ended: number[] = [];
  let looking: number | null = null;
  async function* open(lane: ReadonlyMap<number, number>) {
    const [[partition]] = lane;
    try {
      for (let next = 1;; next++) {
        yield batch(partition, next);
        assert.notEqual(looking, partition, "its batch is still being looked at");
        await Promise.resolve();
      }
    } finally {
      ended.push(partition);
    }
  }
  const seen: string[] = [];
  for await (const { partition, next } of mergeLanes(dealOut(new Map([[0, 0], [1, 0]])), open, never)) {
    looking = partition;
    await new Promise((resolve) => setTimeout(resolve, 0));
    looking = null;
    seen.push(`${partition}:${next}`);
    if (seen.length === 6) break;
  }
  assert.deepEqual(seen, ["0:1", "1:1", "0:2", "1:2", "0:3", "1:3"]);
  assert.deepEqual(ended.sort(), [0, 1]);
});

Deno.test("one lane's fault ends the others", async () => {
  let ended = false;
  async function* open(lane: ReadonlyMap<number, number>, signal: AbortSignal) {
    if (lane.has(0)) throw new Error("damaged");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    ended = true;
    yield batch(1, 1);
  }
  const merged = mergeLanes(dealOut(new Map([[0, 0], [1, 0]])), open, never);
  await assert.rejects(merged.next(), /damaged/);
  assert.equal(ended, true);
});

const never = new AbortController().signal;

function batch(partition: number, next: number): ReadBatch {
  const none = new Float64Array(0);
  return {
    partition,
    next,
    n: 0,
    bytes: new Uint8Array(0),
    offsets: none,
    timestamps: none,
    bounds: new Int32Array(0),
  };
}
