import assert from "node:assert/strict";
import type { EventLog, OutputTopic } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Results } from "../../pipeline/results.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { runTeller, startTeller } from "../services/teller.ts";
import { fetchResults, untilResults, view } from "./live.ts";
import { untilWritten } from "./sinks_written.ts";

const decoder = new TextDecoder();
const VOTERS = 1_500;
const LOG = { partitions: 4, partitioner: partitionerOf("murmur2") };

/** A topic's records as JSON by key, the last of each, having seen to it that no version goes back. */
async function standing(log: EventLog, topic: OutputTopic): Promise<Record<string, Record<string, unknown>>> {
  const last: Record<string, Record<string, unknown>> = {};
  const versions: Record<string, number> = {};
  for await (const { key, value, headers } of log.scan(topic)) {
    const name = decoder.decode(key!);
    assert.ok(Number(headers.version) >= (versions[name] ?? 0), `${topic}: ${name} goes back`);
    versions[name] = Number(headers.version);
    last[name] = JSON.parse(decoder.decode(value!));
  }
  return last;
}

/** What `rejected list` printed, without what was logged. */
function rejectedLines(output: string): { reason: string }[] {
  return output.trim().split("\n").map((line) => JSON.parse(line)).filter(({ reason }) =>
    reason !== undefined
  );
}

async function assertAgreement(log: EventLog, results: Results): Promise<void> {
  assert.deepEqual(
    await standing(log, "aggregated_votes_per_candidate"),
    Object.fromEntries(results.candidates.map(({ share: _, ...one }) => [one.candidate_id, one])),
  );
  assert.deepEqual(
    await standing(log, "aggregated_turnout_by_location"),
    Object.fromEntries(results.locations.map(({ state, count }) => [state, { state, count }])),
  );
  for (
    const topic of [
      "aggregated_turnout_by_age",
      "aggregated_turnout_by_gender",
      "aggregated_party_wise_votes",
      "aggregated_votes_by_region",
    ] as const
  ) {
    const votes = Object.values(await standing(log, topic)).reduce(
      (sum, one) => sum + Number(one.total_votes),
      0,
    );
    assert.equal(votes, results.totals.votes, topic);
  }
}

/** Kills a counting Teller now and then; at the end its topics have to say what it says. */
async function killAndCompare(env: Record<string, string>, open: () => Promise<EventLog>): Promise<void> {
  let odd = 0;
  const settings = {
    ...env,
    TELLER_DEMO_VOTERS: String(VOTERS),
    TELLER_DEMO_RATE: "300",
    DATABASE_URL: "postgres://nobody:nothing@127.0.0.1:1/none", // topics need no database
  };
  const appendOdd = async () => {
    await using log = await open();
    const value = new TextEncoder().encode("{");
    for (let i = 0; i < 20; i++) {
      await log.append("votes_topic", [{ key: new TextEncoder().encode(`odd ${odd++}`), value }]);
    }
  };
  for (const votes of [200, 600, 1_000]) {
    await appendOdd();
    await using teller = await startTeller({ command: ["dev"], env: settings });
    const viewer = await view(teller.url);
    await viewer.next("results", (results) => results.totals.votes >= votes);
    await teller.stop("SIGKILL");
    await viewer.close();
  }
  await appendOdd();
  let results: Results;
  {
    await using teller = await startTeller({ command: ["dev"], env: settings });
    await untilResults(teller.url, (results) => results.totals.votes === VOTERS);
    results = await fetchResults(teller.url);
    await untilWritten(teller.url, results.version);
    const { code, logs } = await runTeller({
      command: ["rejected", "list"],
      env: { ...env, DATA_DIR: teller.dataDir },
    });
    assert.equal(code, 0, logs);
    assert.deepEqual(rejectedLines(logs).map(({ reason }) => reason), Array(odd).fill("bad_json"));
    assert.equal(await teller.stop(), 0, teller.logs());
  }
  await using log = await open();
  await assertAgreement(log, results);
  const places = [];
  for await (const { headers } of log.scan("votes_rejected")) {
    assert.equal(headers.reason, "bad_json");
    places.push(`${headers.topic}/${headers.partition}/${headers.offset}`);
  }
  assert.equal(odd, results.totals.rejected);
  assert.equal(places.length, odd);
  assert.equal(new Set(places).size, odd);
}

Deno.test("killed again and again, what it wrote for others agrees with the results (embedded)", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const dataDir = `${dir}/data`;
    await Deno.mkdir(dataDir);
    await killAndCompare(
      { DATA_DIR: dataDir },
      () => Promise.resolve(openEmbeddedLog({ dir: dataDir, ...LOG })),
    );
    const replayed = await runTeller({ command: ["rejected", "replay"], env: { DATA_DIR: dataDir } });
    assert.deepEqual(JSON.parse(replayed.logs), { appended: 0, again: { bad_json: 80 }, before: 0 });
    const mistaken = await runTeller({ command: ["rejected", "eat"], env: { DATA_DIR: dataDir } });
    assert.equal(mistaken.code, 2, mistaken.logs);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

needs("shared kafka")("killed again and again, the same on Kafka", async () => {
  const brokers = await sharedKafka();
  const topicPrefix = newPrefix();
  const dir = await Deno.makeTempDir();
  try {
    await killAndCompare(
      { DATA_DIR: dir, KAFKA_BROKERS: brokers.join(), TELLER_TOPIC_PREFIX: topicPrefix },
      () => openKafkaLog({ brokers, ssl: false, sasl: null, topicPrefix, ...LOG }),
    );
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("with TELLER_SINKS=off nothing is written for others", async () => {
  const dir = await Deno.makeTempDir();
  try {
    {
      await using teller = await startTeller({
        command: ["dev"],
        env: { DATA_DIR: dir, TELLER_SINKS: "off", TELLER_DEMO_VOTERS: "100", TELLER_DEMO_RATE: "0" },
      });
      await untilResults(teller.url, (results) => results.totals.votes === 100);
      assert.equal(await teller.stop(), 0, teller.logs());
    }
    await using log = openEmbeddedLog({ dir, ...LOG });
    assert.deepEqual(await standing(log, "aggregated_votes_per_candidate"), {});
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
