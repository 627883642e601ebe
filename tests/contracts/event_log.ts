/**
 * What every EventLog keeps of the port's promises (pipeline/log.ts), tested the same way on each adapter.
 * @module
 */
import assert from "node:assert/strict";
import { type EventLog, TOPIC_NAMES } from "../../pipeline/log.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { outputsContract } from "./log_outputs.ts";
import {
  byPartition,
  fromTheStart,
  readAll,
  readOn,
  readSome,
  record,
  records,
  whereAppended,
  whereRead,
} from "./log_records.ts";

/** One log, empty at first, that can be opened again and again; all three topics in PARTITIONS or one. */
export interface LogUnderTest extends AsyncDisposable {
  /** With PARTITIONS partitions and murmur2. */
  open(): Promise<EventLog>;
}

/** How many partitions logs under test have. */
export const PARTITIONS = 3;

const TOPIC = "votes_topic";
/** An aborted read and a closed log must answer well within it. */
const PROMPTLY_MS = 2_000;

type Declare = (name: string, fn: () => Promise<void>) => void;

/** Declares the suite for one adapter: `newLog` gives a log of its own to each test. */
export function eventLogContract(
  name: string,
  newLog: () => Promise<LogUnderTest>,
  declare: Declare = Deno.test,
) {
  const promise = (what: string, check: (log: EventLog, reopen: () => Promise<EventLog>) => Promise<void>) =>
    declare(`${name}: ${what}`, async () => {
      await using place = await newLog();
      await using log = await place.open();
      await check(log, () => place.open());
    });

  promise("what was appended is still there when the log is opened again", async (log, reopen) => {
    const positions = await log.append(TOPIC, records(50));
    await log[Symbol.asyncDispose]();
    await using again = await reopen();
    assert.deepEqual(whereRead(await readAll(again, TOPIC)), whereAppended(records(50), positions));
    assert.deepEqual(
      (await again.append(TOPIC, records(50))).map(({ partition }) => partition),
      positions.map(({ partition }) => partition),
    );
    assert.equal((await readAll(again, TOPIC)).length, 100);
  });

  promise("a reader gets each partition's records in the order they were appended", async (log) => {
    for (let i = 0; i < 10; i++) {
      await log.append(TOPIC, [record("one key", `${i}`), ...records(10, `call ${i}`)]);
    }
    const found = await readAll(log, TOPIC);
    for (const partition of byPartition(found)) {
      assert.deepEqual(partition.map(({ offset }) => offset), partition.map((_, i) => i));
      const times = partition.map(({ timestamp }) => timestamp);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
      assert.ok(times.every((time) => Math.abs(time - Date.now()) < 60_000), `the timestamps are ${times}`);
    }
    const values = found.filter(({ key }) => key === "one key").map(({ value }) => value);
    assert.deepEqual(values, Array.from({ length: 10 }, (_, i) => `${i}`));
  });

  promise("reading resumes at exactly the offset asked for, whichever it is", async (log) => {
    // In three calls, so that offsets lie at the edges of batches and inside.
    for (const n of [1, 4, 3]) await log.append(TOPIC, sameKey(n));
    const [{ partition }] = await readAll(log, TOPIC);
    for (let offset = 0; offset < 8; offset++) {
      const found = await readSome(log, TOPIC, new Map([[partition, offset]]), 8 - offset);
      assert.deepEqual(found.map((one) => one.offset), range(offset, 8), `from offset ${offset}`);
    }
  });

  promise("at the end a reader waits, and then gets exactly the next record", async (log) => {
    const [{ partition }] = await log.append(TOPIC, sameKey(5));
    const reader = log.read(TOPIC, new Map([[partition, 5]]), new AbortController().signal)
      [Symbol.asyncIterator]();
    let answered = false;
    const first = readOn(reader, 1).then((found) => {
      answered = true;
      return found;
    });
    await log.ends(TOPIC);
    assert.equal(answered, false);
    await log.append(TOPIC, [record("same key", "the next")]);
    assert.deepEqual((await first).map(({ offset, value }) => [offset, value]), [[5, "the next"]]);
    await reader.return?.();
  });

  promise("the end offsets count every record that was appended", async (log) => {
    for (const topic of TOPIC_NAMES) {
      assert.deepEqual(await log.ends(topic), Array(log.partitions(topic)).fill(0));
      const ends = Array<number>(log.partitions(topic)).fill(0);
      for (const n of [1, 20, 3]) {
        for (const { partition } of await log.append(topic, records(n))) ends[partition]++;
        assert.deepEqual(await log.ends(topic), ends);
      }
    }
  });

  promise("a reader that runs while records are appended misses none and sees none twice", async (log) => {
    const reading = readSome(log, TOPIC, fromTheStart(log, TOPIC), 1_000);
    const positions = [];
    for (let i = 0; i < 50; i++) positions.push(...await log.append(TOPIC, records(20, `call ${i}`)));
    const sent = range(0, 50).flatMap((i) => records(20, `call ${i}`));
    assert.deepEqual(whereRead(await reading), whereAppended(sent, positions));
  });

  promise("several readers each get everything, from wherever they began", async (log) => {
    await log.append(TOPIC, records(200));
    const ends = await log.ends(TOPIC);
    const halves = new Map(ends.map((end, partition) => [partition, Math.floor(end / 2)]));
    const rest = ends.reduce((sum, end) => sum + end - Math.floor(end / 2), 0);
    const [all, alsoAll, second] = await Promise.all([
      readAll(log, TOPIC),
      readAll(log, TOPIC),
      readSome(log, TOPIC, halves, rest),
    ]);
    assert.equal(all.length, 200);
    assert.deepEqual(byPartition(alsoAll), byPartition(all));
    const secondHalves = byPartition(all).map((partition, i) => partition.slice(halves.get(i)));
    assert.deepEqual(byPartition(second), secondHalves);
  });

  promise("a read that is aborted ends promptly and without an error", async (log) => {
    await log.append(TOPIC, records(1_000));
    const ends = new Map((await log.ends(TOPIC)).entries());
    assert.equal(await drain(log.read(TOPIC, fromTheStart(log, TOPIC), AbortSignal.abort())), 0);
    const busy = new AbortController(), waiting = new AbortController();
    for await (const batch of log.read(TOPIC, fromTheStart(log, TOPIC), busy.signal)) {
      assert.ok(batch.n > 0);
      assert.ok(!busy.signal.aborted, "a batch came after the abort");
      busy.abort();
    }
    const waitingRead = drain(log.read(TOPIC, ends, waiting.signal));
    await log.ends(TOPIC);
    const abortedAt = performance.now();
    waiting.abort();
    assert.equal(await waitingRead, 0);
    assert.ok(performance.now() - abortedAt < PROMPTLY_MS);
  });

  promise("with many appends at once, each position is where that record stands", async (log) => {
    const calls = range(0, 200).map((i) => records(1 + i % 5, `call ${i}`));
    const positions = (await Promise.all(calls.map((call) => log.append(TOPIC, call)))).flat();
    assert.equal(
      new Set(positions.map(({ partition, offset }) => `${partition}/${offset}`)).size,
      positions.length,
    );
    assert.deepEqual(whereRead(await readAll(log, TOPIC)), whereAppended(calls.flat(), positions));
  });

  promise("records of one key stand in its partition, in their order", async (log) => {
    const keys = [...range(0, 20).map((i) => `voter ${i}`), "Жанна Д’Арк", "投票者", "🗳️", "é".repeat(60)];
    for (let round = 0; round < 5; round++) {
      await log.append(TOPIC, keys.map((key) => record(key, `${round}`)));
    }
    const found = await readAll(log, TOPIC);
    const murmur2 = partitionerOf("murmur2");
    for (const key of keys) {
      const own = found.filter((one) => one.key === key);
      const partition = murmur2(new TextEncoder().encode(key), PARTITIONS);
      assert.deepEqual(
        own.map((one) => [one.partition, one.value]),
        range(0, 5).map((i) => [partition, `${i}`]),
      );
    }
  });

  promise("nothing, no bytes and some bytes are three different things", async (log) => {
    const sent = [null, "", "x"].flatMap((key) => [null, "", "y"].map((value) => record(key, value)));
    const positions = await log.append(TOPIC, sent);
    const found = await readAll(log, TOPIC);
    positions.forEach(({ partition, offset }, i) => {
      const one = found.find((one) => one.partition === partition && one.offset === offset);
      assert.deepEqual(record(one!.key, one!.value), sent[i]);
    });
    assert.equal(found.length, 9);
  });

  promise("a record of 64 KiB comes back byte by byte", async (log) => {
    const value = crypto.getRandomValues(new Uint8Array(65_536));
    const [{ partition, offset }] = await log.append(TOPIC, [{ key: new Uint8Array([0, 255]), value }]);
    for await (const batch of log.read(TOPIC, new Map([[partition, offset]]), new AbortController().signal)) {
      const [keyStart, keyEnd, start, end] = batch.bounds;
      // Copied, as an adapter may hand over a Buffer.
      assert.deepEqual(new Uint8Array(batch.bytes.subarray(keyStart, keyEnd)), new Uint8Array([0, 255]));
      assert.deepEqual(new Uint8Array(batch.bytes.subarray(start, end)), value);
      break;
    }
  });

  promise("a hundred thousand records come back complete and in order", async (log) => {
    const sent = records(100_000);
    const positions = [];
    for (let i = 0; i < sent.length; i += 5_000) {
      positions.push(...await log.append(TOPIC, sent.slice(i, i + 5_000)));
    }
    const found = await readAll(log, TOPIC);
    for (const partition of byPartition(found)) {
      assert.ok(partition.every(({ offset }, i) => offset === i));
    }
    assert.deepEqual(whereRead(found), whereAppended(sent, positions));
  });

  promise(
    "the election's id is the log's: the same when opened again, another for another log",
    async (log, reopen) => {
      await using again = await reopen();
      assert.equal(again.electionId, log.electionId);
      await using elsewhere = await newLog();
      await using other = await elsewhere.open();
      assert.notEqual(other.electionId, log.electionId);
      assert.match(log.electionId, /^[0-9a-f-]{32,36}$/);
    },
  );

  promise("votes and voters have the same partitions, candidates one", (log) => {
    const counts = TOPIC_NAMES.map((topic) => [topic, log.partitions(topic)]);
    assert.deepEqual(Object.fromEntries(counts), {
      voters_topic: PARTITIONS,
      votes_topic: PARTITIONS,
      candidates_topic: 1,
    });
    assert.deepEqual(log.findings, []);
    return Promise.resolve();
  });

  promise("a closed log says so, to readers that were waiting too", async (log) => {
    const waiting = drain(log.read(TOPIC, fromTheStart(log, TOPIC), new AbortController().signal));
    const refused = assert.rejects(waiting, { code: "LOG_CLOSED" });
    await log.ends(TOPIC);
    await log[Symbol.asyncDispose]();
    await refused;
    await assert.rejects(log.append(TOPIC, records(1)), { code: "LOG_CLOSED" });
    await assert.rejects(log.ends(TOPIC), { code: "LOG_CLOSED" });
    const read = drain(log.read(TOPIC, fromTheStart(log, TOPIC), new AbortController().signal));
    await assert.rejects(read, { code: "LOG_CLOSED" });
  });

  promise("an offset that the log does not hold is a fault, never a jump", async (log) => {
    const [{ partition }] = await log.append(TOPIC, sameKey(3));
    for (const offset of [4, 1_000, -5]) {
      const read = drain(log.read(TOPIC, new Map([[partition, offset]]), new AbortController().signal));
      await assert.rejects(read, { code: "OFFSET_OUT_OF_RANGE" }, `offset ${offset}`);
    }
  });

  outputsContract(promise);
}

const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

const sameKey = (n: number) => range(0, n).map((i) => record("same key", `${i}`));

/** Reads until the iteration ends by itself; gives the number of records. */
async function drain(batches: AsyncIterable<{ n: number }>): Promise<number> {
  let n = 0;
  for await (const batch of batches) n += batch.n;
  return n;
}
