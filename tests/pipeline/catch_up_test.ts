import assert from "node:assert/strict";
import { type CatchUp, createCatchUp } from "../../pipeline/catch_up.ts";
import type { AppendRecord, EventLog } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import type { Results } from "../../pipeline/results.ts";
import { startStream } from "../../pipeline/stream.ts";
import { rulesOf } from "./rules.ts";

const PARTITIONS = 3;
const rules = rulesOf(PARTITIONS);
/** More than fits into what is on its way from a thread: a row of the log is a batch of some 700 records. */
const VOTERS = 40_000;
const encoder = new TextEncoder();

function record(id: string, fields: object): AppendRecord {
  return { key: encoder.encode(id), value: encoder.encode(JSON.stringify(fields)) };
}

const voters = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => {
    const voter_id = `v${from + i}`;
    return record(voter_id, { voter_id, address: { state: `State ${i % 7}`, city: `City ${i % 90}` } });
  });
const votes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => {
    const voter_id = `v${from + i}`, candidate_id = `c${i % 2}`;
    // As long as the predecessor's, so that there are many batches.
    return record(voter_id, { voter_id, candidate_id, biography: "x".repeat(300) });
  });

/** A log of 40,000 voters and their votes, and the folder it is in. */
async function withLongLog(test: (log: EventLog, dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await using log = openEmbeddedLog({ dir, partitions: PARTITIONS, partitioner: rules.partitioner });
    await log.append(
      "candidates_topic",
      ["c0", "c1"].map((candidate_id) => record(candidate_id, { candidate_id })),
    );
    await log.append("voters_topic", voters(0, VOTERS));
    await log.append("votes_topic", votes(0, VOTERS));
    await test(log, dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Counts until there are so many votes, and no more for the time being. */
async function count(log: EventLog, catchUp: CatchUp | undefined, totalVotes: number): Promise<Results> {
  const ending = new AbortController();
  const stream = startStream({ log, rules, catchUp, title: "T", now: Date.now, signal: ending.signal });
  const counted = Promise.withResolvers<Results>();
  stream.updates.subscribe((results) => results.totals.votes >= totalVotes && counted.resolve(results));
  stream.done.catch(counted.reject);
  try {
    return await counted.promise;
  } finally {
    ending.abort();
    await stream.done.catch(() => {}); // told of above
  }
}

/** What doesn't depend on when it was made. */
const comparable = ({ totals, candidates, locations, version }: Results) => ({
  totals: { ...totals, votes_per_second: 0 },
  candidates,
  locations,
  version,
});

Deno.test("a thread that fails is told of, and what it has not read is read without it", () =>
  withLongLog(async (log, dir) => {
    const expected = comparable(await count(log, undefined, VOTERS));
    for (const threads of [1, 3]) {
      const notices: string[] = [];
      const catchUp = createCatchUp({
        source: { kind: "embedded", dir },
        rules,
        threads,
        onNotice: (message) => notices.push(message),
        start: () => new Worker(new URL("./catch_up_failing.ts", import.meta.url), { type: "module" }),
      });
      assert.deepEqual(comparable(await count(log, catchUp, VOTERS)), expected);
      assert.equal(notices.length, 1);
      assert.match(notices[0], /A thread that reads the log has failed.*as a test wants it/);
    }
  }));

Deno.test("votes that arrive while threads read are counted once", () =>
  withLongLog(async (log, dir) => {
    const more = log.append("voters_topic", voters(VOTERS, VOTERS + 500))
      .then(() => log.append("votes_topic", [...votes(VOTERS, VOTERS + 500), ...votes(0, 500)]));
    const catchUp = createCatchUp({
      source: { kind: "embedded", dir },
      rules,
      threads: 2,
      onNotice: assert.fail,
    });
    const { totals } = await count(log, catchUp, VOTERS + 500);
    await more;
    assert.equal(totals.voters, VOTERS + 500);
    assert.equal(totals.votes, VOTERS + 500);
  }));

Deno.test("a log that can't be read stops the count with its own fault, whoever read it", () =>
  withLongLog(async (log, dir) => {
    const catchUp = createCatchUp({
      source: { kind: "embedded", dir: `${dir}/elsewhere` },
      rules,
      threads: 1,
      onNotice() {},
    });
    const broken: EventLog = {
      ...log,
      // deno-lint-ignore require-yield -- it fails before
      async *read() {
        throw new Error("the log is broken");
      },
    };
    await assert.rejects(count(broken, catchUp, VOTERS), /the log is broken/);
  }));

Deno.test("whoever stops the count in the midst of catching up ends the threads too", () =>
  withLongLog(async (log, dir) => {
    const catchUp = createCatchUp({
      source: { kind: "embedded", dir },
      rules,
      threads: 2,
      onNotice: assert.fail,
    });
    // The test would fail if a thread were left.
    const results = await count(log, catchUp, 1);
    assert.ok(results.totals.votes < VOTERS);
  }));
