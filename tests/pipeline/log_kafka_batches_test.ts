import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import snappyjs from "snappyjs";
import { Fault } from "../../pipeline/fault.ts";
import type { AppendRecord, ReadBatch } from "../../pipeline/log.ts";
import { type AbortedTransaction, CRC_START, walkBatches } from "../../pipeline/log_kafka_batches.ts";
import { crc32c } from "../../pipeline/log_kafka_crc32c.ts";
import { encodeBatch } from "../../pipeline/log_kafka_encode.ts";
import { record, records, textOf } from "./log_kafka_testbed.ts";

const field = fc.option(fc.uint8Array({ maxLength: 300 }));
const someRecords = fc.array(fc.record({ key: field, value: field }), { minLength: 1, maxLength: 40 });
const nobody = { producerId: -1n, epoch: -1, sequence: -1 };
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

Deno.test("what was written as batches is read back, from any offset on", () => {
  fc.assert(
    fc.property(fc.array(someRecords, { minLength: 1, maxLength: 5 }), fc.nat(250), (batches, from) => {
      const { log, expected } = logOf(batches);
      const { batches: walked } = walkBatches(3, log, from, []);
      assert.deepEqual(walked.flatMap(bytesOf), expected.slice(from));
      if (from < expected.length) assert.equal(walked.at(-1)?.next, expected.length);
    }),
  );
});

Deno.test("a batch cut off at the end is left for the next time, and its size told if it is the first", () => {
  fc.assert(fc.property(someRecords, someRecords, fc.nat(), (one, two, cut) => {
    const first = batchAt(0, one);
    const second = batchAt(one.length, two);
    const cutAt = 12 + cut % (second.length - 12);
    const { batches, missingBytes } = walkBatches(0, concat(first, second.subarray(0, cutAt)), 0, []);
    assert.equal(batches.at(-1)?.next, one.length);
    assert.equal(missingBytes, 0);
    const alone = walkBatches(0, second.subarray(0, cutAt), one.length, []);
    assert.deepEqual(alone, { batches: [], missingBytes: second.length });
  }));
});

Deno.test("damaged bytes are a retryable refusal or end the walk, and are never taken for records", () => {
  fc.assert(
    fc.property(someRecords, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1 }), (some, changes) => {
      const whole = batchAt(0, some);
      const changed = whole.slice();
      for (const [at, byte] of changes) changed[17 + at % (whole.length - 17)] = byte;
      fc.pre(whole.some((byte, i) => byte !== changed[i]));
      assert.throws(() => walkBatches(0, changed, 0, []), isRefusal);
    }),
  );
});

Deno.test("records that contradict themselves are found although their checksum is right", () => {
  fc.assert(
    fc.property(someRecords, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1 }), (some, changes) => {
      const changed = batchAt(0, some);
      for (const [at, byte] of changes) changed[CRC_START + at % (changed.length - CRC_START)] = byte;
      seal(changed);
      let walked: ReadBatch[] = [];
      try {
        walked = walkBatches(0, changed, 0, []).batches;
      } catch (error) {
        assert.ok(isRefusal(error));
      }
      for (const batch of walked) assertInside(batch);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("any bytes at all are walked to an end, without reading outside of them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        for (const batch of walkBatches(0, bytes, 0, []).batches) assertInside(batch);
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === "LOG_REFUSED");
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("good batches before a damaged one are delivered, and it comes first the next time", () => {
  const good = batchAt(0, records(3));
  const bad = batchAt(3, records(2));
  bad[70] ^= 1;
  const { batches } = walkBatches(0, concat(good, bad), 0, []);
  assert.deepEqual(batches.map(({ n, next }) => ({ n, next })), [{ n: 3, next: 3 }]);
  assert.throws(() => walkBatches(0, concat(good, bad), 3, []), isRefusal);
});

Deno.test("message formats from before Kafka 0.11 are refused, and not tried again", () => {
  for (const magic of [0, 1]) {
    const old = batchAt(0, records(1));
    old[16] = magic;
    assert.throws(
      () => walkBatches(0, old, 0, []),
      (error) => error instanceof Fault && error.code === "LOG_REFUSED" && !error.retryable,
    );
  }
});

Deno.test("rolled-back transactions and control batches show only in the next offset", () => {
  const [loser, winner] = [7n, 8n];
  const log = concat(
    transactional(0, loser, records(2, "lost")),
    transactional(2, winner, records(2, "kept")),
    control(4, loser, 0),
    transactional(5, loser, records(1, "kept too")),
    control(6, winner, 1),
    control(7, loser, 1),
    batchAt(8, records(1, "plain")),
    transactional(9, loser, records(1, "lost again")),
    control(10, loser, 0),
  );
  const aborted: AbortedTransaction[] = [
    { producerId: loser, firstOffset: 0 },
    { producerId: loser, firstOffset: 9 },
  ];
  const { batches } = walkBatches(0, log, 0, aborted);
  assert.deepEqual(batches.flatMap(textOf).map(({ offset, key }) => [offset, key]), [
    [2, "kept 0"],
    [3, "kept 1"],
    [5, "kept too 0"],
    [8, "plain 0"],
  ]);
  assert.equal(batches.at(-1)?.next, 11);
  const nothing = walkBatches(0, control(0, winner, 1), 0, []).batches;
  assert.deepEqual(nothing.map(({ n, next }) => ({ n, next })), [{ n: 0, next: 1 }]);
});

Deno.test("with log append time, every record bears the batch's; else its own", () => {
  const batch = batchAt(0, records(2));
  new DataView(batch.buffer).setBigInt64(35, 1_700_000_000_999n);
  const times = (attributes: number) => {
    batch[22] = attributes;
    seal(batch);
    return textOf(walkBatches(0, batch, 0, []).batches[0]).map(({ timestamp }) => timestamp);
  };
  assert.deepEqual(times(0), [1_700_000_000_000, 1_700_000_000_000]);
  assert.deepEqual(times(8), [1_700_000_000_999, 1_700_000_000_999]);
});

Deno.test("snappy is unpacked raw and in the frames that Java producers write", () => {
  const inner = batchAt(0, records(60)).subarray(61);
  const blocks = [inner.subarray(0, 700), inner.subarray(700)].map((block) => snappyjs.compress(block));
  const framed = concat(
    new Uint8Array([0x82, ...new TextEncoder().encode("SNAPPY"), 0, 0, 0, 0, 1, 0, 0, 0, 1]),
    ...blocks.flatMap((block) => [new Uint8Array([0, 0, block.length >> 8, block.length & 255]), block]),
  );
  for (const packed of [snappyjs.compress(inner), framed]) {
    const [batch] = walkBatches(0, compressed(2, 60, packed), 0, []).batches;
    assert.deepEqual(
      textOf(batch).map(({ key }) => key),
      Array.from({ length: 60 }, (_, i) => `record ${i}`),
    );
  }
});

Deno.test("a compressed batch that is damaged inside is a retryable refusal, for every codec", () => {
  const inner = batchAt(0, records(50)).subarray(61);
  const packed = [gzipSync(inner), inner, inner, zstdCompressSync(inner)];
  for (const [i, bytes] of packed.entries()) {
    const broken = bytes.slice(0, bytes.length - 9);
    assert.throws(() => walkBatches(0, compressed(i + 1, 50, broken), 0, []), isRefusal, `codec ${i + 1}`);
  }
});

function isRefusal(error: unknown): boolean {
  return error instanceof Fault && error.code === "LOG_REFUSED" && error.retryable;
}

function assertInside({ bytes, n, bounds, offsets, next }: ReadBatch) {
  assert.ok(n <= offsets.length && 4 * n <= bounds.length);
  for (let i = 0; i < 4 * n; i += 2) {
    if (bounds[i] === -1) assert.equal(bounds[i + 1], -1);
    else assert.ok(0 <= bounds[i] && bounds[i] <= bounds[i + 1] && bounds[i + 1] <= bytes.length);
  }
  for (let i = 0; i < n; i++) assert.ok(offsets[i] < (i + 1 < n ? offsets[i + 1] : next));
}

/** A record's place and bytes, as plain values. */
function bytesOf({ bytes, n, offsets, bounds }: ReadBatch) {
  const part = (i: number) => bounds[i] < 0 ? null : [...bytes.subarray(bounds[i], bounds[i + 1])];
  return Array.from(
    { length: n },
    (_, i) => ({ offset: offsets[i], key: part(4 * i), value: part(4 * i + 2) }),
  );
}

function logOf(batches: AppendRecord[][]) {
  let base = 0;
  const parts = batches.map((some) => batchAt((base += some.length) - some.length, some));
  const expected = batches.flat().map(({ key, value }, offset) => ({
    offset,
    key: key && [...key],
    value: value && [...value],
  }));
  return { log: concat(...parts), expected };
}

/** A batch as a broker stores it: with its offset, which the checksum does not cover. */
function batchAt(base: number, some: readonly AppendRecord[], producerId = nobody.producerId): Uint8Array {
  const batch = encodeBatch(some, 1_700_000_000_000, { ...nobody, producerId }).slice();
  new DataView(batch.buffer).setBigInt64(0, BigInt(base));
  return batch;
}

function withAttributes(batch: Uint8Array, attributes: number): Uint8Array {
  batch[22] = attributes;
  return seal(batch);
}

function transactional(base: number, producerId: bigint, some: readonly AppendRecord[]): Uint8Array {
  return withAttributes(batchAt(base, some, producerId), TRANSACTIONAL);
}

function control(base: number, producerId: bigint, type: 0 | 1): Uint8Array {
  const marker = { key: new Uint8Array([0, 0, 0, type]), value: new Uint8Array(6) };
  return withAttributes(batchAt(base, [marker], producerId), TRANSACTIONAL | CONTROL);
}

function compressed(codec: number, count: number, packed: Uint8Array): Uint8Array {
  const batch = concat(batchAt(0, [record("", "")]).subarray(0, 61), packed);
  const view = new DataView(batch.buffer);
  view.setInt32(8, batch.length - 12);
  view.setInt32(23, count - 1);
  view.setInt32(57, count);
  return withAttributes(batch, codec);
}

/** Makes the checksum right. */
function seal(batch: Uint8Array): Uint8Array {
  new DataView(batch.buffer).setUint32(17, crc32c(batch, CRC_START, batch.length));
  return batch;
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
