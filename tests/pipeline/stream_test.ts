import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { type EventLog, type Topic, TOPIC_NAMES } from "../../pipeline/log.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Rules } from "../../pipeline/record.ts";
import type { Results } from "../../pipeline/results.ts";
import { startStream, type Stream } from "../../pipeline/stream.ts";
import { rulesOf } from "./rules.ts";

const partitioner = partitionerOf("murmur2");
const rules = rulesOf(3);
const encoder = new TextEncoder();

async function withLog(test: (log: EventLog) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await using log = await openEmbeddedLog({ dir, partitions: 3, partitioner });
    await test(log);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function append(log: EventLog, topic: Topic, values: Record<string, unknown>[]) {
  const idField = topic === "candidates_topic" ? "candidate_id" : "voter_id";
  return log.append(
    topic,
    values.map((value) => ({
      key: encoder.encode(value[idField] as string),
      value: encoder.encode(JSON.stringify(value)),
    })),
  );
}

const voters = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ voter_id: `v${i}`, address: { state: "Kent" } }));
const votes = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ voter_id: `v${i}`, candidate_id: `c${i % 2}` }));
const candidates = [{ candidate_id: "c0" }, { candidate_id: "c1" }];

/** The first Results, from now on, of which `wanted` is true. */
function until(stream: Stream, wanted: (results: Results) => boolean): Promise<Results> {
  return new Promise((resolve) => {
    const unsubscribe = stream.updates.subscribe(check);
    function check(results: Results) {
      if (!wanted(results)) return;
      unsubscribe();
      resolve(results);
    }
    check(stream.updates.latest());
  });
}

function start(
  log: EventLog,
  change: Partial<Rules> = {},
  now = Date.now,
): { stream: Stream; end: () => Promise<void> } {
  const ending = new AbortController();
  const stream = startStream({
    log,
    rules: { ...rules, ...change },
    title: "T",
    now,
    signal: ending.signal,
  });
  return {
    stream,
    async end() {
      ending.abort();
      await stream.done;
    },
  };
}

Deno.test("a stream counts what stands in the log, and then what comes", () =>
  withLog(async (log) => {
    await append(log, "candidates_topic", candidates);
    await append(log, "voters_topic", voters(100));
    await append(log, "votes_topic", votes(50));
    const { stream, end } = start(log);
    assert.equal(stream.updates.latest().catching_up, true);
    assert.equal(stream.updates.latest().totals.votes, 0);
    const caughtUp = await until(stream, (results) => !results.catching_up);
    assert.equal(caughtUp.totals.votes, 50);
    assert.equal(caughtUp.version, 152);

    await append(log, "votes_topic", votes(100).slice(50));
    const all = await until(stream, (results) => results.totals.votes === 100);
    assert.deepEqual(all.candidates.map((candidate) => candidate.total_votes), [50, 50]);
    assert.deepEqual(all.leader, { candidate_id: "c0", margin: 0, tied: true, decided: false });
    assert.deepEqual((await stream.lag())?.votes_topic, [0, 0, 0]);
    await end();
  }));

Deno.test("that all has been caught up with shows at once, however short ago the last results were made", () =>
  withLog(async (log) => {
    await append(log, "candidates_topic", candidates);
    await append(log, "voters_topic", voters(100));
    await append(log, "votes_topic", votes(50));
    const { stream, end } = start(log);
    for (const topic of TOPIC_NAMES) {
      for (const [partition, end] of (await log.ends(topic)).entries()) {
        if (end > 0) await stream.folded(topic, partition, end - 1);
      }
    }
    assert.equal(stream.updates.latest().catching_up, false);
    assert.equal(stream.updates.latest().version, 152);
    await end();
  }));

Deno.test("an empty log is caught up at once", () =>
  withLog(async (log) => {
    const { stream, end } = start(log);
    const results = await until(stream, (results) => !results.catching_up);
    assert.equal(results.version, 0);
    assert.equal(results.leader, null);
    await end();
  }));

Deno.test("what the data-quality checks find shows in the results though nothing is counted", () =>
  withLog(async (log) => {
    const { stream, end } = start(log);
    assert.equal((await until(stream, (results) => !results.catching_up)).quality.status, "ok");
    stream.setFindings(true);
    await until(stream, ({ quality }) => quality.status === "findings");
    stream.setFindings(false);
    await until(stream, ({ quality }) => quality.status === "ok");
    await end();
  }));

Deno.test("under load, results come at most ten times a second, and the last ones are not left out", () =>
  withLog(async (log) => {
    await append(log, "candidates_topic", candidates);
    await append(log, "voters_topic", voters(400));
    const { stream, end } = start(log);
    await until(stream, (results) => results.totals.voters === 400);
    let published = 0;
    const unsubscribe = stream.updates.subscribe(() => void published++);
    const startedAt = performance.now();
    for (const vote of votes(400)) await append(log, "votes_topic", [vote]);
    await until(stream, (results) => results.totals.votes === 400);
    const seconds = (performance.now() - startedAt) / 1000;
    unsubscribe();
    assert.ok(published <= 10 * seconds + 2, `${published} in ${seconds} s`);
    await end();
  }));

Deno.test("a vote after a pause is in the results as soon as it is folded, whenever votes per second were updated", () =>
  withLog(async (log) => {
    await append(log, "candidates_topic", candidates);
    await append(log, "voters_topic", voters(2));
    const { stream, end } = start(log);
    await until(stream, (results) => results.version === 4 && !results.catching_up);
    await append(log, "votes_topic", votes(1));
    const { version } = await until(stream, (results) => results.totals.votes === 1);
    let updatedAlone = 0;
    await until(stream, (results) => results.version === version && updatedAlone++ > 0);
    const [{ partition, offset }] = await append(log, "votes_topic", votes(2).slice(1));
    await stream.folded("votes_topic", partition, offset);
    assert.equal(stream.updates.latest().totals.votes, 2);
    await end();
  }));

Deno.test("closing time makes new results, which are final once every earlier vote is folded", () =>
  withLog(async (log) => {
    await append(log, "candidates_topic", candidates);
    await append(log, "voters_topic", voters(10));
    await append(log, "votes_topic", votes(1));
    const closesAt = Date.now() + 1_500;
    const last = Promise.withResolvers<void>();
    // Reading the last vote takes until it is let through, however long ago voting closed.
    const slow: EventLog = {
      ...log,
      async *read(topic, from, signal) {
        for await (const batch of log.read(topic, from, signal)) {
          if (topic === "votes_topic" && stream.caughtUp() && batch.n > 0) await last.promise;
          yield batch;
        }
      },
    };
    const { stream, end } = start(slow, { closesAt });
    const open = await until(stream, (results) => results.totals.votes === 1 && !results.catching_up);
    assert.equal(open.leader?.decided, false);
    await append(log, "votes_topic", votes(2).slice(1));
    const closed = await until(stream, ({ as_of }) => Date.parse(as_of) >= closesAt);
    assert.deepEqual([closed.totals.votes, closed.catching_up, closed.leader?.decided], [1, true, false]);
    last.resolve();
    const final = await until(
      stream,
      ({ as_of, catching_up }) => Date.parse(as_of) >= closesAt && !catching_up,
    );
    assert.deepEqual([final.totals.votes, final.leader?.tied, final.leader?.decided], [2, true, true]);
    await end();
  }));

Deno.test("a closing time that passes while the log doesn't answer at the start is kept all the same", () =>
  withLog(async (log) => {
    await append(log, "candidates_topic", candidates);
    await append(log, "voters_topic", voters(10));
    await append(log, "votes_topic", votes(1));
    const closesAt = Date.now() + 60_000;
    let nowMs = closesAt - 1;
    const answers = Promise.withResolvers<void>();
    const away: EventLog = { ...log, ends: (topic) => answers.promise.then(() => log.ends(topic)) };
    const { stream, end } = start(away, { closesAt }, () => nowMs);
    nowMs = closesAt + 60_000;
    answers.resolve();
    const final = await until(stream, ({ totals, catching_up }) => totals.votes === 1 && !catching_up);
    assert.equal(final.leader?.decided, true);
    await end();
  }));

Deno.test("a fault in one topic's reader ends the stream with that fault: nothing is counted on half", () =>
  withLog(async (log) => {
    await append(log, "candidates_topic", candidates);
    const ends = { ...log, ends: log.ends.bind(log), partitions: log.partitions.bind(log) };
    const failing: EventLog = {
      ...ends,
      append: log.append.bind(log),
      // The log refuses an offset beyond its end, as it does when a topic has been recreated behind our back.
      read: (topic, from, signal) =>
        log.read(topic, topic === "votes_topic" ? new Map([[0, 1_000]]) : from, signal),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const { stream } = start(failing);
    await assert.rejects(
      stream.done,
      (fault) => fault instanceof Fault && fault.code === "OFFSET_OUT_OF_RANGE",
    );
  }));
