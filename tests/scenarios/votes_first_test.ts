/** Votes that stand before their voters and candidates are accredited. @module */
import assert from "node:assert/strict";
import type { EventLog } from "../../pipeline/log.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Results } from "../../pipeline/results.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { startTeller } from "../services/teller.ts";
import { candidateOf, countIn, inDataDir, openLogIn, voteOf, voterOf, votesOf } from "./electorate.ts";
import { untilResults } from "./live.ts";

const IDS = Array.from({ length: 400 }, (_, i) => `voter-${i}`);

/** What arrives, and how many votes then count and wait. */
const STAGES: [(log: EventLog) => Promise<unknown>, { votes: number; waiting: number }][] = [
  [
    (log) => log.append("votes_topic", IDS.map((id, i) => voteOf(id, i % 2 ? "a" : "b"))),
    { votes: 0, waiting: 400 },
  ],
  [(log) => log.append("voters_topic", IDS.slice(0, 300).map(voterOf)), { votes: 0, waiting: 400 }],
  [(log) => log.append("candidates_topic", [candidateOf("a")]), { votes: 150, waiting: 250 }],
  // What waits is her vote all the same: another one is a duplicate.
  [(log) => log.append("votes_topic", [voteOf("voter-0", "a")]), { votes: 150, waiting: 250 }],
  [(log) => log.append("candidates_topic", [candidateOf("b")]), { votes: 300, waiting: 100 }],
  [(log) => log.append("voters_topic", IDS.slice(300).map(voterOf)), { votes: 400, waiting: 0 }],
];

function check(results: Results): void {
  assert.deepEqual(votesOf(results), { a: 200, b: 200 });
  assert.deepEqual([results.totals.duplicates, results.totals.rejected], [1, 0]);
}

Deno.test("votes before their voters and candidates wait, and count once both are there, across kills", () =>
  inDataDir(async (dataDir) => {
    let results: Results;
    for (const [arrive, { votes, waiting }] of STAGES) {
      {
        await using log = openLogIn(dataDir);
        await arrive(log);
      }
      results = await countIn({ DATA_DIR: dataDir }, "SIGKILL");
      assert.deepEqual([results.totals.votes, results.totals.waiting], [votes, waiting]);
    }
    check(results!);
  }));

needs("shared kafka")("the same live, on Kafka", async () => {
  const brokers = await sharedKafka();
  const topicPrefix = newPrefix();
  await using teller = await startTeller({
    env: { KAFKA_BROKERS: brokers.join(), TELLER_TOPIC_PREFIX: topicPrefix, TELLER_SINKS: "off" },
  });
  const partitioner = partitionerOf("murmur2");
  await using log = await openKafkaLog({
    ...{ brokers, ssl: false, sasl: null, topicPrefix },
    ...{ partitions: 4, partitioner },
  });
  let appended = 0;
  let results: Results;
  for (const [arrive, { votes, waiting }] of STAGES) {
    appended += (await arrive(log) as unknown[]).length;
    results = await untilResults(teller.url, ({ version }) => version === appended);
    assert.deepEqual([results.totals.votes, results.totals.waiting], [votes, waiting]);
  }
  check(results!);
  assert.equal(await teller.stop(), 0);
});
