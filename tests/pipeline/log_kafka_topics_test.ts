import assert from "node:assert/strict";
import { type Admin, type ITopicConfig, Kafka, logLevel } from "kafkajs";
import { Fault } from "../../pipeline/fault.ts";
import { needs } from "../services/available.ts";
import { newPrefix } from "../services/kafka.ts";
import { openLog, record, sharedBrokers } from "./log_kafka_testbed.ts";

const brokers = await sharedBrokers();
const test = needs("shared kafka");

test("missing topics are made to be kept for ever, with the broker's clock", async () => {
  const topicPrefix = newPrefix();
  await using log = await openLog(brokers, { topicPrefix, partitions: 3 });
  assert.deepEqual(log.findings, []);
  assert.deepEqual(
    [log.partitions("voters_topic"), log.partitions("votes_topic"), log.partitions("candidates_topic")],
    [3, 3, 1],
  );
  const wanted = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "message.timestamp.type": "LogAppendTime",
  };
  await withAdmin(async (admin) => {
    for (const topic of ["voters_topic", "votes_topic", "candidates_topic"]) {
      const resources = [{ type: 2, name: topicPrefix + topic, configNames: Object.keys(wanted) }];
      const { resources: [{ configEntries }] } = await admin.describeConfigs({
        resources,
        includeSynonyms: false,
      });
      assert.deepEqual(
        Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
        wanted,
      );
    }
  });
});

test("a missing topic gets as many partitions as its sister has", async () => {
  for (const sister of ["voters_topic", "votes_topic"]) {
    const topicPrefix = newPrefix();
    await create({ topic: topicPrefix + sister, numPartitions: 5 });
    await using log = await openLog(brokers, { topicPrefix, partitions: 2 });
    assert.deepEqual([log.partitions("voters_topic"), log.partitions("votes_topic")], [5, 5]);
  }
});

test("different counts of voters_topic and votes_topic are refused with the remedy", async () => {
  const topicPrefix = newPrefix();
  await create({ topic: `${topicPrefix}voters_topic`, numPartitions: 4 });
  await create({ topic: `${topicPrefix}votes_topic`, numPartitions: 2 });
  await assertUnsuitable(topicPrefix, "votes_topic", [/2 partitions/, /voters_topic has 4/]);
});

test("several partitions of candidates_topic are refused with the remedy", async () => {
  const topicPrefix = newPrefix();
  await create({ topic: `${topicPrefix}candidates_topic`, numPartitions: 2 });
  await assertUnsuitable(topicPrefix, "candidates_topic", [/2 partitions/, /needs one/, /rpk topic delete/]);
});

for (const policy of ["compact", "compact,delete"]) {
  test(`cleanup.policy ${policy} is refused with the command that sets another`, async () => {
    const topicPrefix = newPrefix();
    const topic = `${topicPrefix}voters_topic`;
    await create({ topic, configEntries: [{ name: "cleanup.policy", value: policy }] });
    await assertUnsuitable(topicPrefix, "voters_topic", [
      new RegExp(`cleanup.policy is ${policy}`),
      new RegExp(`rpk topic alter-config ${topic} --set cleanup.policy=delete`),
      new RegExp(`--entity-name ${topic} --add-config cleanup.policy=delete`),
    ]);
  });
}

test("a log whose first records are gone is refused, naming partition and offset", async () => {
  const topicPrefix = newPrefix();
  const log = await openLog(brokers, { topicPrefix, partitions: 2 });
  const placed = await log.append("votes_topic", [record("a", "1"), record("a", "2"), record("a", "3")]);
  await log[Symbol.asyncDispose]();
  const { partition } = placed[0];
  await withAdmin(async (admin) => {
    const topic = `${topicPrefix}votes_topic`;
    await admin.fetchTopicOffsets(topic); // Makes kafkajs know the topic.
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: "2" }] });
  });
  await assertUnsuitable(topicPrefix, "votes_topic", [
    new RegExp(`partition ${partition} begins at offset 2`),
    /TELLER_TOPIC_PREFIX/,
  ]);
});

test("a retention and the producer's clock are findings, with the commands that change them", async () => {
  const topicPrefix = newPrefix();
  const topic = `${topicPrefix}votes_topic`;
  await create({ topic, configEntries: [{ name: "retention.bytes", value: "123456789" }] });
  await using log = await openLog(brokers, { topicPrefix });
  assert.equal(log.findings.length, 3);
  const [time, bytes, clock] = log.findings;
  assert.match(
    time,
    /retention.ms is 604800000.*rpk topic alter-config \S+votes_topic --set retention.ms=-1/,
  );
  assert.match(bytes, /retention.bytes is 123456789.*--set retention.bytes=-1/);
  assert.match(clock, /CreateTime.*--set message.timestamp.type=LogAppendTime/);
});

test("a topic that accepts only small batches gets small batches", async () => {
  const topicPrefix = newPrefix();
  const topic = `${topicPrefix}votes_topic`;
  await create({ topic, configEntries: [{ name: "max.message.bytes", value: "20000" }] });
  await using log = await openLog(brokers, { topicPrefix });
  const value = "x".repeat(1000);
  const placed = await log.append("votes_topic", Array.from({ length: 200 }, () => record("a", value)));
  assert.deepEqual(placed.map(({ offset }) => offset), Array.from({ length: 200 }, (_, i) => i));
});

test("a prefix that can't be part of a topic's name is refused, naming the setting", async () => {
  await assert.rejects(
    openLog(brokers, { topicPrefix: "no spaces " }),
    (error) =>
      error instanceof Fault && error.code === "LOG_REFUSED" && /TELLER_TOPIC_PREFIX/.test(error.message),
  );
});

async function assertUnsuitable(topicPrefix: string, topic: string, says: RegExp[]): Promise<void> {
  await assert.rejects(openLog(brokers, { topicPrefix }), (error) => {
    assert.ok(error instanceof Fault);
    assert.equal(error.code, "LOG_UNSUITABLE");
    assert.ok(error.message.startsWith(`Kafka topic ${topicPrefix}${topic}: `), error.message);
    for (const pattern of says) assert.match(error.message, pattern);
    return true;
  });
}

async function create(topic: ITopicConfig): Promise<void> {
  await withAdmin(async (admin) => {
    // Its own waiting for leaders fails where the broker that it asks has not heard of the topic yet.
    await admin.createTopics({ topics: [topic], waitForLeaders: false });
    while (!(await admin.listTopics()).includes(topic.topic));
  });
}

async function withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
