import assert from "node:assert/strict";
import { OUTPUT_TOPIC_NAMES, type OutputTopic } from "../../pipeline/log.ts";
import type { Results } from "../../pipeline/results.ts";
import { startRejectedSink } from "../../pipeline/sink_rejected.ts";
import { startTopicSink } from "../../pipeline/sink_topics.ts";
import { needs } from "../services/available.ts";
import { startKafka } from "../services/kafka.ts";
import { openLog } from "./log_kafka_testbed.ts";
import { count, type Emitted, json, onBothLogs, PARTITIONS, standing, watched } from "./sink_testbed.ts";

const odd = { key: new TextEncoder().encode("odd"), value: new TextEncoder().encode("{") };
const OUTAGE_MS = 3_000;
const decoder = new TextDecoder();

const CANDIDATES = [
  { candidate_id: "c0", candidate_name: "Ann", party_affiliation: "Red", photo_url: "https://x.example/0" },
  { candidate_id: "c1", candidate_name: "Bo", party_affiliation: "Blue", photo_url: "" },
  { candidate_id: "c2", candidate_name: "Cy", party_affiliation: "Red", photo_url: "" },
  { candidate_id: "c3", candidate_name: "Di", party_affiliation: "Green", photo_url: "" },
];
const PLACES = [
  { state: "Kent", city: "Dover" },
  { state: "Kent", city: "Deal" },
  { state: "Жито", city: "Dover" },
  { state: "Essex", city: undefined },
];

/** People of every kind, some of whom say nothing of themselves. */
const VOTERS = Array.from({ length: 300 }, (_, i) => ({
  voter_id: `v${i}`,
  registered_age: i % 7 === 0 ? undefined : 18 + i % 60,
  gender: ["female", "male", "other", "robot"][i % 4],
  address: PLACES[i % PLACES.length],
}));
/** Nobody votes for Di. */
const VOTES = VOTERS.slice(0, 200).map(({ voter_id }, i) => ({ voter_id, candidate_id: `c${i % 3}` }));

/** Counts the first votes by a text of voter and candidate. */
function tallyOf(
  votes: number,
  keyOf: (voter: typeof VOTERS[number], candidate: typeof CANDIDATES[number]) => string,
) {
  const counts: Record<string, number> = {};
  for (let i = 0; i < votes; i++) {
    const key = keyOf(VOTERS[i], CANDIDATES[i % 3]);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const mapValues = <T>(counts: Record<string, number>, value: (key: string, n: number) => T) =>
  Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, value(key, n)]));

/** What should stand in each topic after so many votes. */
function expected(votes: number, results: Results) {
  const age = (voter: typeof VOTERS[number]) => String(voter.registered_age ?? "unknown");
  const gender = (voter: typeof VOTERS[number]) => voter.gender === "robot" ? "unknown" : voter.gender;
  return {
    aggregated_votes_per_candidate: Object.fromEntries(
      results.candidates.map(({ share: _, ...candidate }) => [candidate.candidate_id, candidate]),
    ),
    aggregated_turnout_by_location: Object.fromEntries(
      results.locations.map(({ state, count }) => [state, { state, count }]),
    ),
    aggregated_turnout_by_age: mapValues(
      tallyOf(votes, age),
      (key, n) => ({ registered_age: key === "unknown" ? null : Number(key), total_votes: n }),
    ),
    aggregated_turnout_by_gender: mapValues(
      tallyOf(votes, gender),
      (gender, total_votes) => ({ gender, total_votes }),
    ),
    aggregated_party_wise_votes: mapValues(
      tallyOf(votes, (_, candidate) => candidate.party_affiliation),
      (party_affiliation, total_votes) => ({ party_affiliation, total_votes }),
    ),
    aggregated_votes_by_region: mapValues(
      tallyOf(votes, (voter) => voter.address.city ?? "unknown"),
      (city, total_votes) => ({ city, total_votes }),
    ),
  };
}

/** In the log's order, no key's version or offsets go back. */
function assertNeverBack(emitted: readonly Emitted[]) {
  const last = new Map<string, Emitted>();
  for (const one of emitted.toSorted((a, b) => a.offset - b.offset)) {
    const key = `${one.topic}/${decoder.decode(one.key!)}`;
    const before = last.get(key);
    if (before !== undefined) assert.ok(Number(one.headers.version) >= Number(before.headers.version), key);
    last.set(key, one);
  }
  assert.ok(last.size > 0);
}

onBothLogs("at rest the last record of every key is what Results say, with its version", async (open) => {
  await using log = await open();
  await log.append("candidates_topic", CANDIDATES.map((one) => json(one, "candidate_id")));
  await log.append("voters_topic", VOTERS.map((one) => json(one)));
  await log.append("votes_topic", VOTES.slice(0, 120).map((one) => json(one)));
  await using counting = count(log, startTopicSink);
  for (const votes of [120, 200]) {
    if (votes === 200) await log.append("votes_topic", VOTES.slice(120).map((one) => json(one)));
    const results = await counting.atRest();
    assert.equal(results.totals.votes, votes);
    for (const [topic, records] of Object.entries(expected(votes, results))) {
      assert.deepEqual(await standing(log, topic as OutputTopic), records, topic);
    }
  }
  const { version, offsets } = counting.latest();
  const versions = [];
  for await (const { headers } of log.scan("aggregated_votes_per_candidate")) {
    assert.equal(headers.election, log.electionId);
    const of = JSON.parse(headers.offsets) as typeof offsets;
    const sum = Object.values(of).flatMap((partitions) => Object.values(partitions)).reduce(
      (a, b) => a + b,
      0,
    );
    assert.equal(Number(headers.version), sum);
    versions.push(sum);
  }
  assert.equal(Math.max(...versions), version);
  assert.deepEqual(counting.notices, []);
});

onBothLogs("a count that begins again writes nothing until it is where the last one was", async (open) => {
  await using log = await open();
  await log.append("candidates_topic", CANDIDATES.map((one) => json(one, "candidate_id")));
  await log.append("voters_topic", VOTERS.map((one) => json(one)));
  await log.append("votes_topic", VOTES.slice(0, 120).map((one) => json(one)));
  const emitted: Emitted[] = [];
  await using first = count(watched(log, emitted), startTopicSink);
  await first.atRest();
  await first[Symbol.asyncDispose]();
  const before = emitted.length;

  await using second = count(watched(log, emitted), startTopicSink);
  await second.atRest();
  assert.equal(emitted.length, before, "the same again is not written");
  await log.append("votes_topic", VOTES.slice(120).map((one) => json(one)));
  const results = await second.atRest();
  assert.deepEqual(
    await standing(log, "aggregated_votes_per_candidate"),
    expected(200, results).aggregated_votes_per_candidate,
  );
  assert.ok(emitted.length > before);
  assertNeverBack(emitted);
});

onBothLogs("of two that count one log, one writes, and the other goes on when it ends", async (open) => {
  await using log = await open();
  await using other = await (log.electionId.includes("-") ? sharing(log) : open());
  await log.append("candidates_topic", CANDIDATES.map((one) => json(one, "candidate_id")));
  await log.append("voters_topic", VOTERS.map((one) => json(one)));
  const emitted: Emitted[] = [], othersEmitted: Emitted[] = [];
  await using one = count(watched(log, emitted), startTopicSink);
  await one.atRest();
  await using two = count(watched(other, othersEmitted), startTopicSink);
  for (let i = 0; i < 100; i += 5) {
    await log.append("votes_topic", VOTES.slice(i, i + 5).map((vote) => json(vote)));
    await one.atRest();
  }
  await two.atRest();
  assertNeverBack([...emitted, ...othersEmitted]);
  await one[Symbol.asyncDispose]();
  await log.append("votes_topic", VOTES.slice(100).map((vote) => json(vote)));
  const results = await two.atRest();
  assert.ok(othersEmitted.length > 0);
  assertNeverBack([...emitted, ...othersEmitted]);
  for (const [topic, records] of Object.entries(expected(200, results))) {
    assert.deepEqual(await standing(log, topic as OutputTopic), records, topic);
  }
});

onBothLogs("a record older than what stood, or of nobody's, is corrected at once", async (open) => {
  await using log = await open();
  await log.append("candidates_topic", CANDIDATES.map((one) => json(one, "candidate_id")));
  await log.append("voters_topic", VOTERS.map((one) => json(one)));
  await log.append("votes_topic", VOTES.map((one) => json(one)));
  await using counting = count(log, startTopicSink);
  const results = await counting.atRest();
  const offsets = JSON.stringify({ votes_topic: { 0: 1 } });
  await log.emit("aggregated_turnout_by_location", [{
    ...json({ state: "Kent", count: 1 }, "state"),
    headers: { election: log.electionId, version: "1", offsets },
  }, {
    ...json({ state: "Essex", count: 1 }, "state"),
    headers: { offsets: JSON.stringify({ votes_topic: { 0: 1_000_000 } }) },
  }]);
  await log.append("votes_topic", [json({ voter_id: "v0", candidate_id: "c1" })]);
  await counting.atRest();
  assert.deepEqual(
    await standing(log, "aggregated_turnout_by_location"),
    expected(200, results).aggregated_turnout_by_location,
  );
});

onBothLogs("topics that hold another election's records are left alone, and that is said", async (open) => {
  await using log = await open();
  await log.append("candidates_topic", CANDIDATES.map((one) => json(one, "candidate_id")));
  const theirs = {
    ...json({ state: "Kent", count: 7 }, "state"),
    headers: { election: "another", offsets: "{}" },
  };
  await log.emit("aggregated_turnout_by_location", [theirs]);
  await using counting = count(log, startTopicSink);
  await counting.sinkEnded;
  assert.match(
    counting.notices.join("\n"),
    /^The aggregated topics: .*another election's records \(another\)/,
  );
  for (const topic of OUTPUT_TOPIC_NAMES) {
    const holds = topic === "aggregated_turnout_by_location" ? { Kent: { state: "Kent", count: 7 } } : {};
    assert.deepEqual(await standing(log, topic), holds);
  }
});

needs("kafka")("an outage of the brokers costs the sinks nothing but time, and is said once", async () => {
  await using kafka = await startKafka();
  const notices: string[] = [];
  await using log = await openLog(kafka.brokers, {
    partitions: PARTITIONS,
    onNotice: (message) => notices.push(message),
  });
  await log.append("candidates_topic", CANDIDATES.map((one) => json(one, "candidate_id")));
  await log.append("voters_topic", VOTERS.map((one) => json(one)));
  const emitted: Emitted[] = [];
  await using topics = count(watched(log, emitted), startTopicSink);
  await using rejected = count(log, startRejectedSink);
  await log.append("votes_topic", VOTES.slice(0, 50).map((one) => json(one)));
  await Promise.all([topics.atRest(), rejected.atRest()]);
  const appended = log.append("votes_topic", [...VOTES.slice(50).map((one) => json(one)), odd]);
  await kafka.kill();
  await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
  await kafka.start();
  await appended;
  await log.append("votes_topic", [odd]);
  const [results] = await Promise.all([topics.atRest(), rejected.atRest()]);
  for (const [topic, records] of Object.entries(expected(200, results))) {
    assert.deepEqual(await standing(log, topic as OutputTopic), records, topic);
  }
  assertNeverBack(emitted);
  const places = [];
  for await (const { headers } of log.scan("votes_rejected")) {
    places.push(`${headers.partition}/${headers.offset}`);
  }
  assert.equal(new Set(places).size, 2);
  assert.equal(places.length, 2);
  assert.ok(notices.length > 0);
  assert.equal(
    new Set(notices.map((notice) => notice.replace(/after \d+ s/, ""))).size,
    notices.length,
    notices.join("\n"),
  );
  for (const { notices } of [topics, rejected]) {
    assert.equal(new Set(notices).size, notices.length, notices.join("\n"));
  }
});

/** The embedded log has one process, so a second count there uses the same log. */
function sharing<Log extends AsyncDisposable>(log: Log): Log {
  return { ...log, [Symbol.asyncDispose]: () => Promise.resolve() };
}
