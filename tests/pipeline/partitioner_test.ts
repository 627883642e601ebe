/**
 * A key belongs to the partition in which other producers put it, and both logs put it there too.
 * @module
 */
import assert from "node:assert/strict";
import type { EventLog, PartitionerName } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { readAll, record } from "../contracts/log_records.ts";
import { needs } from "../services/available.ts";
import { kcat } from "../services/kcat.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";

const PARTITIONS = 12;
const TOPIC = "voters_topic";

/** A thousand different keys, one of them empty. */
const KEYS = Array.from({ length: 1_000 }, (_, i) => {
  if (i === 0) return "";
  const kinds = [crypto.randomUUID(), `Избиратель ${i}`, `${"long ".repeat(40)}${i}`, `${i}`];
  return kinds[i % kinds.length];
});

/** kcat's way to ask for each partitioner; crc32 is its default. */
const KCAT_OPTIONS: Record<PartitionerName, string[]> = {
  murmur2: ["-X", "topic.partitioner=murmur2_random"],
  crc32: [],
};

for (const name of ["murmur2", "crc32"] as const) {
  needs("shared kafka", "kcat")(`kcat puts a thousand keys where ${name} says`, async () => {
    const brokers = await sharedKafka();
    const options = logOptions(brokers, name);
    await using _log = await openKafkaLog(options); // makes the topics
    const at = ["-b", brokers.join(","), "-t", options.topicPrefix + TOPIC];
    // By default librdkafka puts an empty key anywhere.
    const keys = name === "crc32" ? KEYS.filter((key) => key !== "") : KEYS;
    const lines = keys.map((key) => `${key}\t${key}\n`).join("");
    await kcat(["-P", ...at, "-K", "\\t", ...KCAT_OPTIONS[name]], lines);
    const read = await kcat(["-C", ...at, "-e", "-q", "-J"]);
    assertPlaces(name, keys, read.map((line) => JSON.parse(line)));
  });

  needs("shared kafka")(`the Kafka log puts a thousand keys where ${name} says`, async () => {
    await using log = await openKafkaLog(logOptions(await sharedKafka(), name));
    await assertAppendedPlaces(name, log);
  });

  Deno.test(`the embedded log puts a thousand keys where ${name} says`, async () => {
    const dir = await Deno.makeTempDir({ prefix: "teller-log-" });
    {
      await using log = openEmbeddedLog({ dir, partitions: PARTITIONS, partitioner: partitionerOf(name) });
      await assertAppendedPlaces(name, log);
    }
    await Deno.remove(dir, { recursive: true });
  });
}

function logOptions(brokers: string[], name: PartitionerName) {
  return {
    brokers,
    ssl: false,
    sasl: null,
    topicPrefix: newPrefix(),
    partitions: PARTITIONS,
    partitioner: partitionerOf(name),
  };
}

async function assertAppendedPlaces(name: PartitionerName, log: EventLog): Promise<void> {
  await log.append(TOPIC, KEYS.map((key) => record(key, key)));
  assertPlaces(name, KEYS, await readAll(log, TOPIC));
}

function assertPlaces(
  name: PartitionerName,
  keys: string[],
  found: { key: string | null; partition: number }[],
): void {
  const partitionOf = partitionerOf(name);
  const computed = keys.map((key) => [key, partitionOf(new TextEncoder().encode(key), PARTITIONS)]);
  assert.deepEqual(
    Object.fromEntries(found.map(({ key, partition }) => [key, partition])),
    Object.fromEntries(computed),
  );
  assert.equal(found.length, keys.length);
}
