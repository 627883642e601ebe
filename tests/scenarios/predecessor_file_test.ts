/**
 * The predecessor's file, produced by kcat, is counted exactly as SQL counts it.
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { type Topic, TOPIC_NAMES } from "../../pipeline/log.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { type Reason, REASONS } from "../../pipeline/record.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { startTeller } from "../services/teller.ts";
import { untilResults } from "./live.ts";
import { type Part, type PredecessorFile, predecessorFile } from "./predecessor_file.ts";
import { dumpByKcat, type KcatRecord, produceByKcat } from "./predecessor_kcat.ts";
import { countBySql, latestTimestamp, type SqlCount } from "./predecessor_sql.ts";

const VOTES = 100_000, PARTITIONS = 4, SEED = 42;
const GRACE_SECONDS = 60;

/** Reasons that no record of a topic can have: ids it doesn't carry, hours it doesn't keep, a single partition. */
const IMPOSSIBLE: Record<Topic, Reason[]> = {
  voters_topic: ["no_candidate_id", "not_open"],
  votes_topic: [],
  candidates_topic: ["no_voter_id", "wrong_partition", "not_open"],
};

const test = needs("shared kafka", "kcat");

test("the predecessor's file, every kind of record in it, is counted as SQL counts it", async (t) => {
  const [broker] = await sharedKafka();
  const prefix = newPrefix();
  // Another election's topic, as wide as ours, shows where kcat puts each key when it isn't forced.
  const homesPrefix = newPrefix(), homesTopic = `${homesPrefix}votes_topic`;
  for (const topicPrefix of [prefix, homesPrefix]) await makeTopics(broker, topicPrefix);
  const produce = async (parts: readonly Part[]) => {
    for (const { topic, records } of parts) await produceByKcat(broker, prefix + topic, records);
  };
  const dump = await Deno.makeTempFile({ suffix: ".ndjson" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(dump));

  const file = predecessorFile({ seed: SEED, votes: VOTES, partitions: PARTITIONS, nowMs: Date.now() });
  await produce(file.beforeOpening);
  await dumpByKcat(broker, [`${prefix}votes_topic`], dump);
  const opensMs = await latestTimestamp(dump) + 1;

  // It counts the rest while kcat produces it.
  const teller = stack.use(
    await startTeller({
      env: {
        KAFKA_BROKERS: broker,
        TELLER_TOPIC_PREFIX: prefix,
        TELLER_OPENS: new Date(opensMs).toISOString(),
        TELLER_GRACE_SECONDS: String(GRACE_SECONDS),
      },
    }),
  );
  await produce(file.afterOpening);
  await produceByKcat(broker, homesTopic, oncePerKey(file));
  await dumpByKcat(broker, [...TOPIC_NAMES.map((topic) => prefix + topic), homesTopic], dump);
  const rules = { opensMs, graceMs: GRACE_SECONDS * 1000, topicPrefix: prefix, homesTopic };
  const expected = await countBySql(dump, rules);
  const results = await untilResults(
    teller.url,
    ({ version, catching_up }) => version >= expected.version && !catching_up,
  );

  await t.step("the file holds what it promises", () => {
    const { totals, rejections } = expected;
    ok(totals.votes > 0.9 * VOTES && totals.votes < VOTES, `${totals.votes} votes`);
    for (const [name, n] of Object.entries(totals)) ok(n > 0, name);
    for (const topic of TOPIC_NAMES) {
      const found = rejections.filter((rejection) => rejection.topic === topic).map(({ reason }) => reason);
      const possible = REASONS.filter((reason) => !IMPOSSIBLE[topic].includes(reason));
      deepEqual(found, possible.toSorted(), topic);
    }
  });
  await t.step("every record is read", () => {
    equal(results.version, expected.version);
    deepEqual(results.offsets, expected.offsets);
  });
  await t.step("totals", () => {
    const { turnout: _, votes_per_second: __, ...totals } = results.totals;
    deepEqual(totals, expected.totals);
  });
  await t.step("votes per candidate", () => {
    deepEqual(
      results.candidates.map(({ photo_url: _, share: __, ...candidate }) => candidate),
      expected.candidates,
    );
  });
  await t.step("votes and voters per location", () => {
    deepEqual(results.locations.map(({ turnout: _, ...location }) => location), expected.locations);
  });
  await t.step("rejections by reason", async () => {
    deepEqual(await rejectionsOf(teller.url), expected.rejections);
  });
  await t.step("the watermark", () => equal(results.watermark, expected.watermark));
});

/** Makes an election's topics, before Teller knows when the election opens. */
async function makeTopics(broker: string, topicPrefix: string): Promise<void> {
  await using _log = await openKafkaLog({
    brokers: [broker],
    ssl: false,
    sasl: null,
    topicPrefix,
    partitions: PARTITIONS,
    partitioner: partitionerOf("murmur2"),
  });
}

/** Every key of the file once. */
function* oncePerKey({ beforeOpening, afterOpening }: PredecessorFile): Generator<KcatRecord> {
  const seen = new Set<KcatRecord["key"]>([null, ""]);
  for (const { records } of [...beforeOpening, ...afterOpening]) {
    for (const { key } of records) {
      if (seen.has(key)) continue;
      seen.add(key);
      yield { key, value: "home" };
    }
  }
}

/** How many records Teller has rejected, by topic and reason, in code-point order; reasons of none left out. */
async function rejectionsOf(
  url: string,
): Promise<SqlCount["rejections"]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const lines = metrics.matchAll(/^teller_records_rejected_total\{topic="(\w+)",reason="(\w+)"\} (\d+)$/gm);
  return Array.from(lines, ([, topic, reason, records]) => ({ topic, reason, records: Number(records) }))
    .filter(({ records }) => records > 0)
    .sort((a, b) => a.topic + a.reason < b.topic + b.reason ? -1 : 1);
}
