/**
 * What a snapshot is gone on from, and what is refused: on the embedded log and on Kafka.
 * @module
 */
import assert from "node:assert/strict";
import { type Admin, Kafka, logLevel } from "kafkajs";
import { Fault } from "../../pipeline/fault.ts";
import type { Fold } from "../../pipeline/fold.ts";
import type { AppendRecord, EventLog, Topic } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Rules } from "../../pipeline/record.ts";
import type { Results } from "../../pipeline/results.ts";
import type { SnapshotFacts, StoredSnapshot } from "../../pipeline/snapshot.ts";
import { takeCapture } from "../../pipeline/snapshot_capture.ts";
import { resume } from "../../pipeline/snapshot_resume.ts";
import { startStream, type Stream, type StreamOptions } from "../../pipeline/stream.ts";
import { needs } from "../services/available.ts";
import { newPrefix } from "../services/kafka.ts";
import { openLog, sharedBrokers } from "./log_kafka_testbed.ts";
import { canonical, createMemoryStore, keep } from "./snapshot_testbed.ts";
import { rulesOf } from "./rules.ts";

const brokers = await sharedBrokers();
const onKafka = needs("shared kafka");
const PARTITIONS = 2;
const partitioner = partitionerOf("murmur2");
const rules = rulesOf(PARTITIONS);
const encoder = new TextEncoder();

function record(id: string, value: Record<string, unknown>): AppendRecord {
  return { key: encoder.encode(id), value: encoder.encode(JSON.stringify(value)) };
}

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `v${from + i}`);
const votersOf = (ids: string[]) => ids.map((id) => record(id, { voter_id: id, address: { state: "Kent" } }));
const votesOf = (ids: string[], candidate_id = "c") =>
  ids.map((id) => record(id, { voter_id: id, candidate_id }));

/** Forty voters, of whom the first twenty have voted. */
async function fill(log: EventLog): Promise<void> {
  await log.append("candidates_topic", [record("c", { candidate_id: "c" })]);
  await log.append("voters_topic", votersOf(numbered(0, 40)));
  await log.append("votes_topic", votesOf(numbered(0, 20)));
}

/** Counts the log to its end, from where `resumed` stands. */
async function count(log: EventLog, options: Partial<StreamOptions> = {}) {
  const ending = new AbortController();
  const stream = startStream({ log, rules, title: "T", now: Date.now, signal: ending.signal, ...options });
  const first = stream.updates.latest();
  await new Promise<void>((resolve) => {
    const check = ({ catching_up }: Results) => catching_up || resolve();
    stream.updates.subscribe(check);
    check(first);
  });
  ending.abort();
  await stream.done;
  return { stream, first };
}

async function snapshotOf(log: EventLog): Promise<StoredSnapshot> {
  const { stream } = await count(log);
  const store = createMemoryStore();
  keep(store, takeCapture(stream, stream.resultsNow(), true).capture);
  return store.kept!;
}

function resumeOn(log: EventLog, stored: StoredSnapshot, change: Partial<Rules> = {}) {
  const notices: string[] = [];
  const { signal } = new AbortController();
  const onNotice = (message: string) => notices.push(message);
  return resume(stored, { log, rules: { ...rules, ...change }, signal, onNotice })
    .then((folded) => ({ folded, notices }));
}

function assertChanged(
  log: EventLog,
  stored: StoredSnapshot,
  reason: RegExp,
  remedy = /move the folder snapshots away from DATA_DIR/,
): Promise<void> {
  return assert.rejects(resumeOn(log, stored), (fault) => {
    assert.ok(fault instanceof Fault && fault.code === "LOG_CHANGED", String(fault));
    assert.match(fault.message, reason);
    assert.match(fault.message, remedy);
    return true;
  });
}

/** The count that goes on from a snapshot shows it at once and ends where a count from the first record does. */
async function assertGoesOn(log: EventLog): Promise<void> {
  await fill(log);
  const stored = await snapshotOf(log);
  await log.append("votes_topic", votesOf(numbered(15, 40)));
  const { folded, notices } = await resumeOn(log, stored);
  assert.deepEqual(notices, []);
  const { stream, first } = await count(log, { resumed: folded });
  assert.deepEqual([first.totals.votes, first.version, first.catching_up], [20, stored.facts.version, true]);
  assert.deepEqual(stream.progress(), { done: 25, total: 25 });
  assert.equal(stream.updates.latest().totals.votes, 40);
  assert.deepEqual(settled(stream), settled((await count(log)).stream));
}

/** What is known, without those who were voted for before they were read: that depends on which topic came first. */
function settled({ registry, folds }: Stream): unknown {
  const waitedFor = (fold: Fold) => fold.unaccredited.filter(({ voters }) => voters.length > 0);
  return canonical({ registry, folds: folds.map((fold) => ({ ...fold, unaccredited: waitedFor(fold) })) });
}

// ——— the embedded log ———

async function inFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "teller-resume-" });
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const embedded = (dir: string) => openEmbeddedLog({ dir, partitions: PARTITIONS, partitioner });

Deno.test("from a snapshot the count goes on to what the whole log comes to (embedded)", () =>
  inFolder(async (dir) => {
    await using log = embedded(dir);
    await assertGoesOn(log);
  }));

Deno.test("a snapshot of another election is refused (embedded)", () =>
  inFolder((dir) =>
    inFolder(async (other) => {
      await using log = embedded(dir);
      await fill(log);
      await using another = embedded(other);
      await fill(another);
      await assertChanged(another, await snapshotOf(log), /are of election .*, the log is of/);
    })
  ));

/** An older copy of the log is put in place of one that a snapshot has been taken of. */
function withOlderLog(test: (log: EventLog, stored: StoredSnapshot) => Promise<void>): Promise<void> {
  return inFolder(async (dir) => {
    {
      await using log = embedded(dir);
      await log.append("candidates_topic", [record("c", { candidate_id: "c" })]);
    }
    await Deno.copyFile(`${dir}/log.sqlite`, `${dir}/older`);
    let stored;
    {
      await using log = embedded(dir);
      await log.append("voters_topic", votersOf(numbered(0, 40)));
      await log.append("votes_topic", votesOf(numbered(0, 20)));
      stored = await snapshotOf(log);
    }
    await Deno.rename(`${dir}/older`, `${dir}/log.sqlite`);
    await using log = embedded(dir);
    await test(log, stored);
  });
}

Deno.test("a log that ends before what was read of it is refused (embedded)", () =>
  withOlderLog((log, stored) => assertChanged(log, stored, /was read up to offset \d+ and ends at 0/)));

Deno.test("a log of the same length with other records is refused (embedded)", () =>
  withOlderLog(async (log, stored) => {
    await log.append("voters_topic", votersOf(numbered(0, 40)));
    await log.append("votes_topic", votesOf(numbered(0, 20), "another"));
    await assertChanged(log, stored, /at offset \d+ of votes_topic, partition \d, stands another record/);
  }));

Deno.test("another number of partitions is refused, with a remedy that loses no vote", () =>
  inFolder(async (dir) => {
    await using log = embedded(dir);
    await fill(log);
    const stored = await snapshotOf(log);
    const offsets = { ...stored.facts.offsets, votes_topic: [...stored.facts.offsets.votes_topic, 0] };
    await assertChanged(
      log,
      { ...stored, facts: { ...stored.facts, offsets } },
      /votes_topic had 3 partitions and has 2/,
      /set another TELLER_TOPIC_PREFIX/,
    );
  }));

Deno.test("other rules, or another version of the fold, are named, and the log is counted anew", () =>
  inFolder(async (dir) => {
    await using log = embedded(dir);
    await fill(log);
    const stored = await snapshotOf(log);
    const changes: [Partial<Rules>, RegExp][] = [
      [{ windowMs: 20_000 }, /TELLER_WINDOW_SECONDS/],
      [{ graceMs: 0 }, /TELLER_GRACE_SECONDS/],
      [{ opensAt: 1 }, /TELLER_OPENS/],
      [{ closesAt: 1 }, /TELLER_CLOSES/],
      [{ partitioner: partitionerOf("crc32") }, /TELLER_PARTITIONER/],
    ];
    for (const [change, named] of changes) {
      const { folded, notices } = await resumeOn(log, stored, change);
      assert.equal(folded, null);
      assert.equal(notices.length, 1);
      assert.match(notices[0], named);
      assert.match(notices[0], /counted from its first record/);
    }
    const facts: SnapshotFacts = { ...stored.facts, foldVersion: stored.facts.foldVersion + 1 };
    const { folded, notices } = await resumeOn(log, { ...stored, facts });
    assert.equal(folded, null);
    assert.match(notices[0], /this version of Teller counts or keeps its count differently/);
  }));

Deno.test("a snapshot that can't be read is named, and the log is counted anew", () =>
  inFolder(async (dir) => {
    await using log = embedded(dir);
    await fill(log);
    const stored = await snapshotOf(log);
    const { folded, notices } = await resumeOn(log, { ...stored, voters: stored.voters.map(() => []) });
    assert.equal(folded, null);
    assert.match(notices[0], /partition 0: \d+ voters can't be in 0 rows/);
  }));

// ——— Kafka ———

async function withAdmin(work: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Takes a snapshot, lets something happen to the topics, and opens the log again. */
async function afterwards(
  happens: (admin: Admin, nameOf: (topic: Topic) => string) => Promise<unknown>,
  test: (log: EventLog, stored: StoredSnapshot) => Promise<void>,
): Promise<void> {
  const topicPrefix = newPrefix();
  const options = { topicPrefix, partitions: PARTITIONS };
  let stored;
  {
    await using log = await openLog(brokers, options);
    await fill(log);
    stored = await snapshotOf(log);
  }
  await withAdmin((admin) => happens(admin, (topic) => topicPrefix + topic));
  await using log = await openLog(brokers, options);
  await test(log, stored);
}

onKafka("from a snapshot the count goes on to what the whole log comes to (Kafka)", async () => {
  await using log = await openLog(brokers, { partitions: PARTITIONS });
  await assertGoesOn(log);
});

onKafka("a votes_topic that was made anew is refused (Kafka)", () =>
  afterwards(
    (admin, nameOf) => admin.deleteTopics({ topics: [nameOf("votes_topic")] }),
    (log, stored) => assertChanged(log, stored, /are of election .*, the log is of/),
  ));

onKafka("a voters_topic that was made anew is refused, empty or filled again (Kafka)", () =>
  afterwards(
    (admin, nameOf) => admin.deleteTopics({ topics: [nameOf("voters_topic")] }),
    async (log, stored) => {
      await assertChanged(log, stored, /voters_topic, partition \d, was read up to offset \d+ and ends at 0/);
      await log.append("voters_topic", votersOf(numbered(40, 140)));
      await assertChanged(log, stored, /of voters_topic, partition \d, stands another record/);
    },
  ));

onKafka("more partitions are refused (Kafka)", () =>
  afterwards(
    (admin, nameOf) =>
      admin.createPartitions({
        topicPartitions: (["voters_topic", "votes_topic"] as const)
          .map((topic) => ({ topic: nameOf(topic), count: PARTITIONS + 1 })),
      }),
    (log, stored) =>
      assertChanged(log, stored, /had 2 partitions and has 3/, /set another TELLER_TOPIC_PREFIX/),
  ));

onKafka("a log that has lost the last record that was read is refused (Kafka)", async () => {
  const topicPrefix = newPrefix();
  await using log = await openLog(brokers, { topicPrefix, partitions: PARTITIONS });
  await fill(log);
  const stored = await snapshotOf(log);
  const next = stored.facts.offsets.votes_topic;
  await withAdmin(async (admin) => {
    const topic = `${topicPrefix}votes_topic`;
    await admin.fetchTopicOffsets(topic); // makes kafkajs know the topic
    const partitions = next.map((offset, partition) => ({ partition, offset: String(offset) }));
    await admin.deleteTopicRecords({ topic, partitions });
  });
  await assertChanged(log, stored, /votes_topic no longer holds the record that was read last/);
});
