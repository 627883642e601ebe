import assert from "node:assert/strict";
import process from "node:process";
import { Kafka, logLevel } from "kafkajs";
import { Fault } from "../../pipeline/fault.ts";
import { KafkaCluster } from "../../pipeline/log_kafka_cluster.ts";
import { createNotices } from "../../pipeline/log_kafka_notices.ts";
import { fetchRequest, readFetch } from "../../pipeline/log_kafka_wire.ts";
import { needs } from "../services/available.ts";
import { newPrefix } from "../services/kafka.ts";
import { kcat } from "../services/kcat.ts";
import { openLog, readAll, readTo, record, records, sharedBrokers, textOf } from "./log_kafka_testbed.ts";

const brokers = await sharedBrokers();
const test = needs("shared kafka");
const never = new AbortController().signal;

for (const [i, codec] of ["gzip", "snappy", "lz4", "zstd"].entries()) {
  needs("shared kafka", "kcat")(
    `what a foreign producer compressed with ${codec} is read record by record`,
    async () => {
      const topicPrefix = newPrefix();
      await using log = await openLog(brokers, { topicPrefix });
      const lines = Array.from({ length: 3000 }, (_, i) => `key ${i}:${"value ".repeat(i % 90)}${i}`);
      const topic = `${topicPrefix}votes_topic`;
      await kcat(
        ["-P", "-b", brokers[0], "-t", topic, "-K", ":", "-z", codec, "-X", "linger.ms=300"],
        lines.join("\n"),
      );
      const read = await readAll(log, "votes_topic");
      assert.deepEqual(new Set(read.map(({ key, value }) => `${key}:${value}`)), new Set(lines));
      assert.equal(read.length, lines.length);
      assert.equal(await storedAttributes(topic) & 7, i + 1, "it is stored compressed");
    },
  );
}

test("a batch larger than all limits of a Fetch is read whole, in every partition", async () => {
  const topicPrefix = newPrefix();
  await using log = await openLog(brokers, { topicPrefix, partitions: 3 });
  const large = "x".repeat(900_000);
  const appended = await log.append("votes_topic", Array.from({ length: 9 }, () => record(null, large)));
  assert.deepEqual(new Set(appended.map(({ partition }) => partition)), new Set([0, 1, 2]));
  const read = await readAll(log, "votes_topic");
  assert.deepEqual(read.map(({ value }) => value?.length), new Array(9).fill(900_000));
});

test("many records of one call are spread over sends, and each gets its own position", async () => {
  await using log = await openLog(brokers);
  const some = Array.from({ length: 4000 }, (_, i) => record(`key ${i % 97}`, `${i} ${"x".repeat(2500)}`));
  const positions = await log.append("votes_topic", some);
  const read = new Map(
    (await readAll(log, "votes_topic")).map((
      { partition, offset, value },
    ) => [`${partition}/${offset}`, value]),
  );
  assert.equal(read.size, some.length);
  positions.forEach(({ partition, offset }, i) =>
    assert.ok(read.get(`${partition}/${offset}`)?.startsWith(`${i} `), `record ${i}`)
  );
});

test("calls at the same time each get their own positions, and none gets another's", async () => {
  await using log = await openLog(brokers);
  const calls = Array.from({ length: 60 }, (_, call) => records(1 + call % 7, `call ${call}`));
  const positions = await Promise.all(calls.map((call) => log.append("votes_topic", call)));
  const read = new Map(
    (await readAll(log, "votes_topic")).map(({ partition, offset, key }) => [`${partition}/${offset}`, key]),
  );
  assert.equal(read.size, calls.flat().length);
  for (const [call, placed] of positions.entries()) {
    placed.forEach(({ partition, offset }, i) =>
      assert.equal(read.get(`${partition}/${offset}`), `call ${call} ${i}`)
    );
  }
});

test("rolled-back transactions of a foreign producer are not read, committed ones are", async () => {
  const topicPrefix = newPrefix();
  await using log = await openLog(brokers, { topicPrefix, partitions: 1 });
  const topic = `${topicPrefix}votes_topic`;
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({
    transactionalId: topicPrefix,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const send = async (key: string, end: "commit" | "abort") => {
    const transaction = await producer.transaction();
    const messages = [0, 1, 2].map((i) => ({ key, value: `${key} ${i}` }));
    await transaction.send({ topic, messages });
    await transaction[end]();
  };
  await send("committed 1", "commit");
  await send("aborted 1", "abort");
  await log.append("votes_topic", [record("plain", "")]);
  await send("aborted 2", "abort");
  await send("committed 2", "commit");
  await send("aborted 3", "abort");
  await producer.disconnect();

  // Each of five transactions takes three offsets and one for its end, which the broker writes when it likes.
  const end = 21;
  while ((await log.ends("votes_topic"))[0] < end);
  const read = await readAll(log, "votes_topic");
  assert.deepEqual([...new Set(read.map(({ key }) => key))], ["committed 1", "plain", "committed 2"]);
  assert.equal(read.length, 7);
  const tail = await readTo(log, "votes_topic", new Map([[0, end]]), new Map([[0, 18]]));
  assert.deepEqual(tail, []);
});

test("an offset that the log does not hold ends the reading with a fault", async () => {
  await using log = await openLog(brokers);
  const iterator = log.read("votes_topic", new Map([[0, 0], [1, 17]]), never)[Symbol.asyncIterator]();
  await assert.rejects(
    async () => await iterator.next(),
    (error) => error instanceof Fault && error.code === "OFFSET_OUT_OF_RANGE",
  );
});

test("aborting ends a reader that waits for records at once, and closing one too", async () => {
  const log = await openLog(brokers);
  const abort = new AbortController();
  const aborted = log.read("votes_topic", new Map([[0, 0]]), abort.signal)[Symbol.asyncIterator]();
  const closed = log.read("votes_topic", new Map([[0, 0]]), never)[Symbol.asyncIterator]();
  const [one, other] = [aborted.next(), closed.next()];
  await log.ends("votes_topic");
  abort.abort();
  assert.deepEqual(await one, { done: true, value: undefined });
  await log[Symbol.asyncDispose]();
  await assert.rejects(other, (error) => error instanceof Fault && error.code === "LOG_CLOSED");
  await assert.rejects(
    log.append("votes_topic", records(1)),
    (error) => (error as Fault).code === "LOG_CLOSED",
  );
});

test("a record that the broker finds too large is refused, and what comes after it is appended", async () => {
  await using log = await openLog(brokers);
  const [tooLarge, after] = await Promise.allSettled([
    log.append("votes_topic", [record("a", "x".repeat(2_000_000))]),
    log.append("votes_topic", [record("a", "small")]),
  ]);
  assert.equal(tooLarge.status, "rejected");
  assert.equal((tooLarge.reason as Fault).code, "LOG_REFUSED");
  assert.equal(after.status, "fulfilled");
  const [{ partition }] = after.value;
  const read = await readAll(log, "votes_topic");
  assert.deepEqual(read.map(({ partition, value }) => ({ partition, value })), [{
    partition,
    value: "small",
  }]);
});

test("several processes that open the same new log at once agree on it", async () => {
  const topicPrefix = newPrefix();
  const logs = await Promise.all(Array.from({ length: 4 }, () => openLog(brokers, { topicPrefix })));
  try {
    assert.equal(new Set(logs.map(({ electionId }) => electionId)).size, 1);
    assert.match(logs[0].electionId, /^[0-9a-f]{32}$/);
    await logs[0].append("votes_topic", records(5));
    assert.equal((await readAll(logs[3], "votes_topic")).length, 5);
  } finally {
    await Promise.all(logs.map((log) => log[Symbol.asyncDispose]()));
  }
});

test("a log made anew under the same names is another election", async () => {
  const topicPrefix = newPrefix();
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  const ids = [];
  for (let i = 0; i < 2; i++) {
    const log = await openLog(brokers, { topicPrefix });
    ids.push(log.electionId);
    await log[Symbol.asyncDispose]();
    await admin.connect();
    await admin.deleteTopics({ topics: [`${topicPrefix}votes_topic`] });
    while ((await admin.listTopics()).includes(`${topicPrefix}votes_topic`)); // it goes a little later
    await admin.disconnect();
  }
  assert.notEqual(ids[0], ids[1]);
});

test("nothing that Node's modules warn of happens, such as negative timeouts", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  const log = await openLog(brokers);
  await log.append("votes_topic", records(3));
  await readAll(log, "votes_topic");
  await log[Symbol.asyncDispose]();
  process.off("warning", onWarning);
  assert.deepEqual(warnings, []);
});

test("records bear the time at which the broker took them", async () => {
  await using log = await openLog(brokers);
  const before = Date.now();
  await log.append("votes_topic", records(3));
  const after = Date.now();
  for (const { timestamp } of await readAll(log, "votes_topic")) {
    assert.ok(before <= timestamp && timestamp <= after);
  }
});

test("reading shows each partition's records once and in order while they arrive", async () => {
  await using log = await openLog(brokers);
  const abort = new AbortController();
  const appending = (async () => {
    for (let i = 0; i < 40; i++) await log.append("votes_topic", records(25, `round ${i}`));
  })();
  const next = new Map([[0, 0], [1, 0]]);
  const keys: (string | null)[] = [];
  for await (const batch of log.read("votes_topic", next, abort.signal)) {
    for (const { offset, key } of textOf(batch)) {
      assert.equal(offset, next.get(batch.partition));
      next.set(batch.partition, offset + 1);
      keys.push(key);
    }
    if (keys.length >= 1000) abort.abort();
  }
  await appending;
  assert.equal(new Set(keys).size, 1000);
});

/** The attributes of the first batch that the broker stores. */
async function storedAttributes(topic: string): Promise<number> {
  await using cluster = new KafkaCluster({
    brokers,
    ssl: false,
    sasl: null,
    notices: createNotices(() => {}),
    tellRefusals: true,
  });
  const { topics: [{ leaders }] } = await cluster.metadata([topic]);
  const places = [{ partition: 0, next: 0, maxBytes: 1 << 20 }];
  const request = fetchRequest(topic, places, { maxWaitMs: 0, minBytes: 1, maxBytes: 1 << 20 });
  return readFetch(await cluster.send(leaders[0], request)).partitions[0].records[22];
}
