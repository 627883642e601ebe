import assert from "node:assert/strict";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { startStream } from "../../pipeline/stream.ts";
import { createMetrics } from "../../routes/metrics.ts";

const encoder = new TextEncoder();
const record = (key: string, value: unknown) => ({
  key: encoder.encode(key),
  value: encoder.encode(JSON.stringify(value)),
});

Deno.test("metrics say what was counted, rejected by reason, published, and how far behind each partition is", async () => {
  const dir = await Deno.makeTempDir();
  const partitioner = partitionerOf("murmur2");
  const log = await openEmbeddedLog({ dir, partitions: 1, partitioner });
  await log.append("candidates_topic", [record("c", { candidate_id: "c" })]);
  await log.append("voters_topic", [record("a", { voter_id: "a" })]);
  const ending = new AbortController();
  const stream = startStream({
    log,
    rules: { partitions: 1, partitioner, windowMs: 1_000, graceMs: 0, opensAt: null, closesAt: null },
    title: "T",
    now: Date.now,
    signal: ending.signal,
    onPublish: (waitedMs) => metrics.observePublish(waitedMs / 1000),
  });
  const metrics = createMetrics(stream, () => 7, () => ({ version: 5, asOf: Date.now() - 2_000 }));
  const all = new Promise<void>((resolve) =>
    stream.updates.subscribe(({ totals }) => totals.rejected === 1 && totals.waiting === 1 && resolve())
  );
  await log.append("votes_topic", [
    record("a", { voter_id: "a", candidate_id: "c" }),
    record("a", { voter_id: "a", candidate_id: "c" }),
    record("b", { voter_id: "b", candidate_id: "c" }),
    record("b", { voter_id: "other", candidate_id: "c" }),
  ]);
  await all;
  const text = await metrics.render();
  const value = (name: string) =>
    Number(text.split("\n").find((line) => line.startsWith(`${name} `))?.split(" ")[1]);
  assert.equal(value("teller_votes_counted_total"), 1);
  assert.equal(value("teller_votes_duplicate_total"), 1);
  assert.equal(value("teller_votes_waiting"), 1);
  assert.equal(value('teller_records_rejected_total{topic="votes_topic",reason="key_mismatch"}'), 1);
  assert.equal(value('teller_lag_records{topic="votes_topic",partition="0"}'), 0);
  assert.equal(value("teller_sse_clients"), 7);
  assert.equal(value("teller_snapshot_version"), 5);
  assert.ok(value("teller_snapshot_age_seconds") >= 2);
  assert.ok(value("teller_publish_seconds_count") >= 1);
  assert.ok(value("process_resident_memory_bytes") > 1e7);

  ending.abort();
  await stream.done;
  await log.append("votes_topic", [record("c", {})]);
  assert.match(await metrics.render(), /teller_lag_records\{topic="votes_topic",partition="0"\} 1/);
  await log[Symbol.asyncDispose]();
  await Deno.remove(dir, { recursive: true });
});
