/** Between two starts somebody deletes a topic's records, or makes a topic anew. @module */
import assert from "node:assert/strict";
import { type Admin, Kafka, logLevel } from "kafkajs";
import { needs } from "../services/available.ts";
import { sharedKafka } from "../services/kafka.ts";
import { spawnTeller, startTeller } from "../services/teller.ts";
import { candidateOf, inDataDir, voteOf, voterOf } from "./electorate.ts";
import { untilResults } from "./live.ts";
import { onKafka, until } from "./polling_day.ts";

const IDS = Array.from({ length: 200 }, (_, i) => `voter-${i}`);

type Change = (admin: Admin, prefix: string) => Promise<unknown>;

/** What is done, and which of it the refusal has to name. */
const CHANGES: Record<string, [Change, RegExp]> = {
  "records are deleted below our offsets": [
    async (admin, prefix) => {
      const topic = `${prefix}votes_topic`;
      const ends = await admin.fetchTopicOffsets(topic);
      const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
      await admin.deleteTopicRecords({ topic, partitions });
    },
    /votes_topic/,
  ],
  "a topic is made anew": [
    (admin, prefix) => makeAnew(admin, `${prefix}votes_topic`, 4),
    /election|votes_topic/,
  ],
  "a topic is made anew with other partitions": [
    (admin, prefix) => makeAnew(admin, `${prefix}voters_topic`, 3),
    /voters_topic/,
  ],
  "a topic has more partitions": [
    (admin, prefix) =>
      admin.createPartitions({
        topicPartitions: ["voters_topic", "votes_topic"].map((topic) => ({
          topic: prefix + topic,
          count: 6,
        })),
      }),
    /4 partitions and has 6/,
  ],
};

async function makeAnew(admin: Admin, topic: string, numPartitions: number): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
  // A broker needs a moment to forget a topic.
  await until(async () => !(await admin.listTopics()).includes(topic), "the topic is gone");
  await until(
    () => admin.createTopics({ topics: [{ topic, numPartitions }] }).catch(() => false),
    "it is there",
  );
}

needs("shared kafka")("a log that is not the one that was counted is refused with exit 65", async (t) => {
  const brokers = await sharedKafka();
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    for (const [name, [change, reason]] of Object.entries(CHANGES)) {
      await t.step(name, () =>
        inDataDir(async (dataDir) => {
          const { env, open } = onKafka(brokers[0]);
          const settings = { ...env, DATA_DIR: dataDir, TELLER_SINKS: "off", TELLER_SNAPSHOT_SECONDS: "1" };
          {
            await using log = await open();
            await log.append("candidates_topic", [candidateOf("a")]);
            await log.append("voters_topic", IDS.map(voterOf));
            await log.append("votes_topic", IDS.map((id) => voteOf(id, "a")));
          }
          {
            await using teller = await startTeller({ env: settings });
            const { version } = await untilResults(teller.url, (results) => !results.catching_up);
            const saved = async () =>
              (await (await fetch(`${teller.url}/readyz`)).json()).snapshot?.version === version;
            await until(saved, "the count is saved");
            assert.equal(await teller.stop(), 0);
          }
          await change(admin, env.TELLER_TOPIC_PREFIX);
          await using teller = await spawnTeller({ env: settings });
          let ended = false;
          teller.exit.then(() => ended = true);
          const serves = () =>
            fetch(`${teller.url}/readyz`).then(
              async (answer) => (await answer.body?.cancel(), answer.ok),
              () => false,
            );
          await until(async () => ended || await serves(), "it ends or counts");
          assert.ok(ended, "it counts all the same");
          assert.equal(await teller.exit, 65, teller.logs());
          assert.match(teller.logs(), reason);
        }));
    }
  } finally {
    await admin.disconnect();
  }
});
