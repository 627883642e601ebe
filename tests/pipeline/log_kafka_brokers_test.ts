import assert from "node:assert/strict";
import { Kafka, logLevel } from "kafkajs";
import type { EventLog } from "../../pipeline/log.ts";
import { newPrefix, startKafka } from "../services/kafka.ts";
import { needs } from "../services/available.ts";
import { openLog, record, textOf, type TextRecord } from "./log_kafka_testbed.ts";

const test = needs("kafka");

const PARTITIONS = 2;

test("two brokers", async (t) => {
  await using kafka = await startKafka({ brokers: 2, settings: { "default.replication.factor": "2" } });
  const topicPrefix = newPrefix();
  const notices: string[] = [];
  const onNotice = (message: string) => notices.push(message);
  await using log = await openLog(kafka.brokers, { topicPrefix, partitions: PARTITIONS, onNotice });
  const topic = `${topicPrefix}votes_topic`;

  await t.step(
    "leaders move while records are appended and read: none is lost, none comes twice",
    async () => {
      const traffic = await startTraffic(log);
      for (const broker of [0, 1]) {
        for (let partition = 0; partition < PARTITIONS; partition++) {
          await kafka.moveLeader(
            topic,
            partition,
            broker,
          );
        }
        await traffic.progress();
      }
      assertExact(await traffic.finish());
      assert.deepEqual(notices, []);
    },
  );

  await t.step("a broker is killed and comes back while records are appended and read", async () => {
    await kafka.moveLeader(topic, 0, 0);
    const traffic = await startTraffic(log);
    await traffic.progress();
    await kafka.kill(1);
    await traffic.progress();
    await kafka.start(1);
    await kafka.moveLeader(topic, 0, 1);
    await traffic.progress();
    assertExact(await traffic.finish());
    const [gone, back] = notices.filter((notice) => notice.startsWith(`Kafka at ${kafka.brokers[1]}`));
    assert.match(gone, /Trying again/);
    assert.match(back, /works again/);
  });
});

test("a leader without records holds up nobody: what another leader has is there at once", async () => {
  await using kafka = await startKafka({ brokers: 2 });
  const topicPrefix = newPrefix();
  const assigned = (partition: number, nodeId: number) => ({ partition, replicas: [nodeId] });
  const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const replicaAssignment = [assigned(0, 1), assigned(1, 2)];
  await admin.createTopics({ topics: [{ topic: `${topicPrefix}votes_topic`, replicaAssignment }] });
  await admin.disconnect();

  const partitioner = () => 1;
  await using log = await openLog(kafka.brokers, { topicPrefix, partitioner });
  const abort = new AbortController();
  const iterator = log.read("votes_topic", new Map([[0, 0], [1, 0]]), abort.signal)[Symbol.asyncIterator]();
  const waits: number[] = [];
  for (let i = 0; i < 30; i++) {
    const arrival = iterator.next();
    await log.append("votes_topic", [record("a", String(i))]);
    const appendedMs = performance.now();
    const { value } = await arrival;
    waits.push(performance.now() - appendedMs);
    assert.equal(textOf(value!)[0].value, String(i));
  }
  abort.abort();
  await iterator.next();
  // A Fetch that finds nothing takes 250 ms; each of 30 arrivals would meet one.
  waits.sort((a, b) => a - b);
  assert.ok(waits[15] < 100, `half of the records arrived after ${waits[15]} ms`);
});

/** Appends one record after another and reads them all, until finished. */
async function startTraffic(log: EventLog) {
  // Asked for before the first append, or records that came in between would be missed for ever.
  const from = new Map((await log.ends("votes_topic")).map((end, partition) => [partition, end]));
  const abort = new AbortController();
  const appended = new Map<string, string>();
  const read: TextRecord[] = [];
  let going = true;
  let wake = () => {};

  const appending = (async () => {
    for (let i = 0; going; i++) {
      const some = Array.from({ length: 20 }, (_, j) => record(`key ${i} ${j}`, crypto.randomUUID()));
      const placed = await log.append("votes_topic", some);
      placed.forEach(({ partition, offset }, j) =>
        appended.set(`${partition}/${offset}`, new TextDecoder().decode(some[j].value!))
      );
    }
  })();
  const reading = (async () => {
    for await (const batch of log.read("votes_topic", from, abort.signal)) {
      read.push(...textOf(batch));
      wake();
    }
  })();
  const untilRead = async (n: number) => {
    while (read.length < n) await new Promise<void>((resolve) => wake = resolve);
  };
  return {
    /** Resolves when records appended from now on have been read, from every partition. */
    async progress() {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const of = () => read.filter((one) => one.partition === partition).length;
        const before = of();
        while (of() < before + 20) await new Promise<void>((resolve) => wake = resolve);
      }
    },
    async finish() {
      going = false;
      await appending;
      await untilRead(appended.size);
      abort.abort();
      await reading;
      return { appended, read };
    },
  };
}

function assertExact({ appended, read }: { appended: Map<string, string>; read: TextRecord[] }) {
  const byPlace = new Map(read.map((one) => [`${one.partition}/${one.offset}`, one.value]));
  assert.equal(byPlace.size, read.length, "no place was delivered twice");
  assert.equal(new Set(read.map(({ value }) => value)).size, read.length, "no record stands twice");
  assert.equal(read.length, appended.size);
  for (const [place, value] of appended) assert.equal(byPlace.get(place), value, place);
}
