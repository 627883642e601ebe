import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import type { AppendRecord, EventLog, StoredOutput, Topic } from "../../pipeline/log.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { REASONS } from "../../pipeline/record.ts";
import { listRejected, replayRejected } from "../../pipeline/rejected.ts";
import { MAX_KEPT_BYTES, startRejectedSink } from "../../pipeline/sink_rejected.ts";
import { count, json, onBothLogs, PARTITIONS, RULES } from "./sink_testbed.ts";

const encoder = new TextEncoder();
const bytes = (text: string | null) => text === null ? null : encoder.encode(text);
const raw = (key: string | null, value: string | null): AppendRecord => ({
  key: bytes(key),
  value: bytes(value),
});
const vote = (voter_id: string) => json({ voter_id, candidate_id: "c0" });

/** A record of votes_topic for each reason that its bytes alone can have. */
const ODD: Record<string, AppendRecord> = {
  tombstone: raw(null, null),
  too_large: raw("a", `"${"x".repeat(65_536)}"`),
  no_key: raw("", "{}"),
  bad_json: raw("b", ""),
  no_voter_id: raw("c", "[]"),
  no_candidate_id: raw("d", `{"voter_id":"d"}`),
  wrong_type: raw("e", `{"voter_id":"e","candidate_id":"c0","vote":"1"}`),
  key_mismatch: raw("f", `{"voter_id":"g","candidate_id":"c0"}`),
};

async function stored(log: EventLog): Promise<StoredOutput[]> {
  return await Array.fromAsync(log.scan("votes_rejected"));
}

/** Which record of which topic, and why. */
const labels = (found: readonly StoredOutput[]) =>
  found.map(({ headers: { topic, partition, offset, reason } }) =>
    `${topic}/${partition}/${offset} ${reason}`
  ).sort();

/** Appends records that are to be rejected, and gives their labels. */
async function appendOdd(log: EventLog, topic: Topic, odd: Readonly<Record<string, AppendRecord>>) {
  const positions = await log.append(topic, Object.values(odd));
  const reasons = Object.keys(odd);
  return positions.map(({ partition, offset }, i) => `${topic}/${partition}/${offset} ${reasons[i]}`);
}

onBothLogs("every rejected record of every topic stands in votes_rejected once, as it was", async (open) => {
  await using log = await open();
  const sent = await appendOdd(log, "votes_topic", ODD);
  sent.push(
    ...await appendOdd(log, "voters_topic", { tombstone: raw("x", null), bad_json: raw("y", "\ud800{") }),
  );
  sent.push(...await appendOdd(log, "candidates_topic", { no_candidate_id: raw("c9", "{}") }));
  await using counting = count(log, startRejectedSink);
  await counting.atRest();
  assert.deepEqual(labels(await stored(log)), sent.toSorted());
  for (const { key, value, headers } of await stored(log)) {
    assert.equal(headers.election, log.electionId);
    if (headers.topic !== "votes_topic") continue;
    assert.deepEqual({ key, value }, ODD[headers.reason]);
  }
  // And what comes while it runs, between records that are well-formed.
  await log.append("votes_topic", [vote("v1"), vote("v2")]);
  sent.push(...await appendOdd(log, "votes_topic", { bad_json: raw("v3", "{") }));
  await log.append("votes_topic", [vote("v4")]);
  await counting.atRest();
  assert.deepEqual(labels(await stored(log)), sent.toSorted());
  assert.deepEqual(counting.notices, []);
});

onBothLogs(
  "a count that begins again goes on where votes_rejected ends, however many there are",
  async (open) => {
    await using log = await open();
    const odd = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => [vote(`v${from + i}`), raw(`b${from + i}`, "{")]).flat();
    for (const records of [150, 300, 450]) {
      await log.append("votes_topic", odd(records - 150, records));
      await using counting = count(log, startRejectedSink);
      const { totals } = await counting.atRest();
      assert.equal(totals.rejected, records);
      const found = labels(await stored(log));
      assert.equal(found.length, records);
      assert.equal(new Set(found).size, records);
    }
  },
);

onBothLogs("what was written though the log said otherwise is not written again", async (open) => {
  await using log = await open();
  const sent = await appendOdd(log, "votes_topic", ODD);
  let failures = 0;
  const failing: EventLog = {
    ...log,
    async emit(topic, records) {
      const positions = await log.emit(topic, records);
      if (failures++ < 2) throw new Fault("LOG_UNAVAILABLE", "The answer was lost", { retryable: true });
      return positions;
    },
  };
  await using counting = count(failing, startRejectedSink);
  await counting.atRest();
  assert.deepEqual(labels(await stored(log)), sent.toSorted());
  assert.equal(counting.notices.length, 2, "an outage and its end are said once each");
  assert.match(counting.notices[0], /The answer was lost/);
});

onBothLogs("a record too large to keep is cut, and its headers say how long it was", async (open) => {
  await using log = await open();
  await log.append("votes_topic", [raw("a", "x".repeat(MAX_KEPT_BYTES + 1))]);
  await using counting = count(log, startRejectedSink);
  await counting.atRest();
  const [{ value, headers }] = await stored(log);
  assert.equal(value?.length, MAX_KEPT_BYTES);
  assert.equal(headers.value_bytes, String(MAX_KEPT_BYTES + 1));
  assert.equal(headers.reason, "too_large");
});

onBothLogs(
  "records in the wrong partition count after a replay, once; what is wrong itself stays",
  async (open) => {
    const voters = Array.from({ length: 100 }, (_, i) => `v${i}`);
    const astray = voters.filter((id) => {
      const [one, other] = (["murmur2", "crc32"] as const).map((name) =>
        partitionerOf(name)(bytes(id)!, PARTITIONS)
      );
      return one !== other;
    }).length;
    assert.ok(astray > 0 && astray < 100);
    {
      await using log = await open("crc32");
      await log.append("candidates_topic", [json({ candidate_id: "c0" }, "candidate_id")]);
      await log.append("voters_topic", voters.map((voter_id) => json({ voter_id })));
      await log.append("votes_topic", [...voters.map(vote), ODD.bad_json, ODD.tombstone]);
      await using counting = count(log, startRejectedSink);
      const { totals } = await counting.atRest();
      assert.equal(totals.votes, 100 - astray);
    }
    await using log = await open("murmur2");
    const { signal } = new AbortController();
    const replay = () => replayRejected({ log, rules: RULES, now: Date.now, signal });
    const listed = await Array.fromAsync(listRejected(log, signal));
    assert.equal(listed.filter(({ reason }) => reason === "wrong_partition").length, 2 * astray);
    assert.ok(listed.every(({ replayedTo }) => replayedTo === null));

    const again = { bad_json: 1, tombstone: 1 };
    assert.deepEqual(await replay(), { appended: 2 * astray, again, before: 0 });
    await using counting = count(log, startRejectedSink);
    assert.equal((await counting.atRest()).totals.votes, 100);
    assert.deepEqual(await replay(), { appended: 0, again, before: 2 * astray });
    const after = await Array.fromAsync(listRejected(log, signal));
    assert.equal(after.length, listed.length);
    for (const { reason, replayedTo, key, topic } of after) {
      if (reason !== "wrong_partition") assert.equal(replayedTo, null);
      else assert.equal(replayedTo?.partition, RULES.partitioner(key!, PARTITIONS), topic);
    }
  },
);

Deno.test("the odd records have every reason that bytes alone can have", () => {
  assert.deepEqual(
    Object.keys(ODD),
    REASONS.filter((reason) => !["wrong_partition", "not_open"].includes(reason)),
  );
});
