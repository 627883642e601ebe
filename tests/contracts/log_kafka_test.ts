/**
 * The Kafka log keeps the port's promises, on a real broker and when it goes away and comes back.
 * @module
 */
import assert from "node:assert/strict";
import type { Position } from "../../pipeline/log.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka, startKafka } from "../services/kafka.ts";
import { eventLogContract, PARTITIONS } from "./event_log.ts";
import {
  byPartition,
  fromTheStart,
  readAll,
  readOn,
  records,
  whereAppended,
  whereRead,
} from "./log_records.ts";

const TOPIC = "votes_topic";
const OUTAGE_MS = 3_000;

function optionsFor(brokers: string[]) {
  return {
    brokers,
    ssl: false,
    sasl: null,
    topicPrefix: newPrefix(),
    partitions: PARTITIONS,
    partitioner: partitionerOf("murmur2"),
  };
}

eventLogContract("Kafka log", async () => {
  const options = optionsFor(await sharedKafka());
  return { open: () => openKafkaLog(options), [Symbol.asyncDispose]: async () => {} };
}, needs("shared kafka"));

needs("kafka")("Kafka log: a broker that is killed and comes back costs time, and no record", async () => {
  await using kafka = await startKafka();
  await using log = await openKafkaLog(optionsFor(kafka.brokers));
  const reader = log.read(TOPIC, fromTheStart(log, TOPIC), new AbortController().signal)
    [Symbol.asyncIterator]();
  const sent = records(600);
  const append = async (from: number, to: number) => {
    const positions: Position[] = [];
    for (let i = from; i < to; i += 10) positions.push(...await log.append(TOPIC, sent.slice(i, i + 10)));
    return positions;
  };

  const before = await append(0, 200);
  const readBefore = await readOn(reader, 200);
  // Both go on while the broker isn't there.
  const readingOn = readOn(reader, 400);
  const appendingOn = append(200, 400);
  await kafka.kill();
  await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
  await kafka.start();
  const during = await appendingOn;
  const after = await append(400, 600);

  const found = [...readBefore, ...await readingOn];
  await reader.return?.();
  assert.deepEqual(whereRead(found), whereAppended(sent, [...before, ...during, ...after]));
  assert.deepEqual(byPartition(await readAll(log, TOPIC)), byPartition(found));
});
