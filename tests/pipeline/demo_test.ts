/** @module The demo election over a log: every voter once, whatever interrupts it. */
import assert from "node:assert/strict";
import { type DemoOptions, runDemo } from "../../pipeline/demo.ts";
import { DAY_MS, dayFraction } from "../../pipeline/demo_votes.ts";
import type { Vote, Voter } from "../../pipeline/election.ts";
import { Fault } from "../../pipeline/fault.ts";
import { type EventLog, type Topic, TOPIC_NAMES } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";

const START = Date.UTC(2026, 4, 7, 22);
const PARTITIONS = 4;

interface Entry<T> {
  key: string;
  value: T;
}

/** An embedded log in a directory that goes when the log is closed. */
function openLog(): EventLog {
  const dir = Deno.makeTempDirSync({ prefix: "teller-demo-" });
  const log = openEmbeddedLog({ dir, partitions: PARTITIONS, partitioner: partitionerOf("murmur2") });
  return {
    ...log,
    async [Symbol.asyncDispose]() {
      await log[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** Everything that stands in a topic, partition by partition in offset order. */
async function readAll<T>(log: EventLog, topic: Topic): Promise<Entry<T>[]> {
  const ends = await log.ends(topic);
  const found: Entry<T>[][] = ends.map(() => []);
  const left = new Set(ends.flatMap((end, partition) => end > 0 ? [partition] : []));
  const stop = new AbortController();
  const decoder = new TextDecoder();
  if (left.size > 0) {
    for await (const batch of log.read(topic, new Map([...left].map((p) => [p, 0])), stop.signal)) {
      for (let r = 0; r < batch.n; r++) {
        const [a, b, c, d] = batch.bounds.subarray(4 * r, 4 * r + 4);
        const key = decoder.decode(batch.bytes.subarray(a, b));
        found[batch.partition].push({ key, value: JSON.parse(decoder.decode(batch.bytes.subarray(c, d))) });
      }
      if (batch.next >= ends[batch.partition]) left.delete(batch.partition);
      if (left.size === 0) break;
    }
  }
  stop.abort();
  return found.flat();
}

/** A log whose appends fail by turns, before or after the records came to stand. */
function failingLog(log: EventLog, fails: (call: number) => "before" | "after" | null): EventLog {
  let call = 0;
  return {
    ...log,
    async append(topic, records) {
      const failure = fails(call++);
      // Half of the records may stand when an append is rejected, as with two partitions of two brokers.
      if (failure === "after") await log.append(topic, records.slice(0, Math.ceil(records.length / 2)));
      if (failure !== null) throw new Fault("LOG_UNAVAILABLE", "cut off by the test", { retryable: true });
      return await log.append(topic, records);
    },
  };
}

/** A clock that only waiting moves. */
function createClock() {
  let time = START;
  return {
    now: () => time,
    wait(ms: number) {
      time += ms;
      return Promise.resolve();
    },
  };
}

function demoOf(log: EventLog, options: Partial<DemoOptions> = {}) {
  return runDemo({
    log,
    seed: 42,
    voters: 3000,
    candidates: 3,
    rate: 0,
    startAt: null,
    signal: new AbortController().signal,
    ...createClock(),
    ...options,
  });
}

function withoutTimes(votes: Entry<Vote>[]) {
  return votes.map(({ key, value }) => ({ key, value: { ...value, voting_time: null } }));
}

function assertDistinct(entries: Entry<unknown>[], count: number) {
  assert.equal(entries.length, count);
  assert.equal(new Set(entries.map((entry) => entry.key)).size, count);
}

Deno.test("every voter is registered once and votes once for a candidate who stands", async () => {
  await using log = openLog();
  const outcome = await demoOf(log);
  assert.deepEqual(outcome, { done: true, votes: 3000, voters: 3000 });
  const voters = await readAll<Voter>(log, "voters_topic"), votes = await readAll<Vote>(log, "votes_topic");
  assertDistinct(voters, 3000);
  assertDistinct(votes, 3000);
  const states = new Map(voters.map(({ key, value }) => [key, value.address.state]));
  const candidates = new Set((await readAll(log, "candidates_topic")).map((entry) => entry.key));
  assert.equal(candidates.size, 3);
  for (const { key, value } of votes) {
    assert.equal(value.voter_id, key);
    assert.equal(value.address.state, states.get(key));
    assert(candidates.has(value.candidate_id));
  }
});

Deno.test("at rate 0 event times ascend over the fifteen hours before now, or from the given start", async () => {
  for (const startAt of [null, Date.UTC(2026, 0, 1, 7)]) {
    await using log = openLog();
    await demoOf(log, { startAt });
    const begin = startAt ?? START - DAY_MS;
    const times = (await readAll<Vote>(log, "votes_topic")).map(({ value }) => Date.parse(value.voting_time));
    const spread = Math.max(...times) - Math.min(...times);
    assert(Math.min(...times) >= begin && Math.max(...times) <= begin + DAY_MS);
    assert(spread > 0.98 * DAY_MS, `the votes are spread over ${spread} ms`);
    const falls = times.filter((time, at) => at > 0 && time < times[at - 1]).length;
    assert(falls < PARTITIONS, "time falls only where one partition ends and the next begins");
  }
});

Deno.test("the same seed gives the same people and votes at any rate, but for times", async () => {
  await using fast = openLog();
  await using paced = openLog();
  await demoOf(fast);
  await demoOf(paced, { rate: null, durationMs: 10_000 });
  for (const topic of ["candidates_topic", "voters_topic"] as const) {
    assert.deepEqual(await readAll(paced, topic), await readAll(fast, topic));
  }
  assert.deepEqual(
    withoutTimes(await readAll(paced, "votes_topic")),
    withoutTimes(await readAll(fast, "votes_topic")),
  );
});

Deno.test("interrupted anywhere, it goes on to the same people and votes", async () => {
  await using whole = openLog();
  await demoOf(whole);
  await using log = openLog();
  let runs = 0;
  for (let done = false; !done; runs++) {
    const controller = new AbortController();
    let progressed = 0;
    const progress = () => ++progressed > 3 + runs && controller.abort();
    ({ done } = await demoOf(log, {
      signal: controller.signal,
      progress,
      rate: runs % 2 === 0 ? 20_000 : 0,
    }));
    assert(done || controller.signal.aborted);
  }
  assert(runs > 2, `it took only ${runs} runs`);
  assert.deepEqual(await readAll(log, "voters_topic"), await readAll(whole, "voters_topic"));
  assert.deepEqual(
    withoutTimes(await readAll(log, "votes_topic")),
    withoutTimes(await readAll(whole, "votes_topic")),
  );
});

Deno.test("a signal that has aborted before the start leaves the log alone", async () => {
  await using log = openLog();
  await demoOf(log, { voters: 10 });
  const { done } = await demoOf(log, { voters: 20, signal: AbortSignal.abort() });
  assert.equal(done, false);
  for (const topic of TOPIC_NAMES) {
    assert.equal((await readAll(log, topic)).length, topic === "candidates_topic" ? 3 : 10);
  }
});

Deno.test("more voters join those who stand; with fewer there is nothing left to do", async () => {
  await using log = openLog();
  await demoOf(log, { voters: 1000 });
  assert.deepEqual(await demoOf(log, { voters: 1500 }), { done: true, votes: 1500, voters: 1500 });
  assert.deepEqual(await demoOf(log, { voters: 500 }), { done: true, votes: 500, voters: 500 });
  assertDistinct(await readAll(log, "voters_topic"), 1500);
  assertDistinct(await readAll(log, "votes_topic"), 1500);
});

Deno.test("a finished election is left as it is", async () => {
  await using log = openLog();
  await demoOf(log);
  const before = await Promise.all(TOPIC_NAMES.map((topic) => log.ends(topic)));
  assert.deepEqual(await demoOf(log), { done: true, votes: 3000, voters: 3000 });
  assert.deepEqual(await Promise.all(TOPIC_NAMES.map((topic) => log.ends(topic))), before);
});

Deno.test("rejected appends whose outcome is unknown neither lose nor double a record", async () => {
  for (const failure of ["before", "after"] as const) {
    await using log = openLog();
    const outcome = await demoOf(failingLog(log, (call) => call % 2 === 0 ? failure : null));
    assert.deepEqual(outcome, { done: true, votes: 3000, voters: 3000 });
    assertDistinct(await readAll(log, "candidates_topic"), 3);
    assertDistinct(await readAll(log, "voters_topic"), 3000);
    assertDistinct(await readAll(log, "votes_topic"), 3000);
  }
});

Deno.test("an outage ends with the signal, not before", async () => {
  await using log = openLog();
  const controller = new AbortController();
  let attempts = 0;
  const cutOff = failingLog(log, () => {
    if (++attempts === 20) controller.abort();
    return "before";
  });
  assert.equal((await demoOf(cutOff, { signal: controller.signal })).done, false);
  assert.equal(attempts, 20);
});

Deno.test("a refusal by the log ends the demo with that fault", async () => {
  await using log = openLog();
  const refusing: EventLog = {
    ...log,
    append: (topic, records) =>
      topic === "votes_topic" && records.length > 0
        ? Promise.reject(new Fault("LOG_REFUSED", "no right to write"))
        : log.append(topic, records),
  };
  await assert.rejects(demoOf(refusing), { code: "LOG_REFUSED" });
});

Deno.test("a refusal ends voting and registration alike, whichever of them meets it", async () => {
  for (const refused of ["voters_topic", "votes_topic"] as const) {
    await using log = openLog();
    let appends = 0;
    const refusing: EventLog = {
      ...log,
      append(topic, records) {
        appends++;
        return topic === refused
          ? Promise.reject(new Fault("LOG_REFUSED", "no"))
          : log.append(topic, records);
      },
    };
    await assert.rejects(demoOf(refusing, { voters: 20_000, rate: 100_000 }), { code: "LOG_REFUSED" });
    assert(appends < 20, `${appends} appends of some 1,000 records`);
  }
});

Deno.test("another seed or number of candidates is refused with the remedy", async () => {
  await using log = openLog();
  await demoOf(log, { voters: 10 });
  const before = await log.ends("voters_topic");
  for (const other of [{ seed: 43 }, { candidates: 4 }, { candidates: 2 }]) {
    await assert.rejects(demoOf(log, other), (error: unknown) => {
      assert(error instanceof Fault && error.code === "ELECTION_EXISTS");
      assert.match(error.message, /--fresh.*TELLER_TOPIC_PREFIX/);
      return true;
    });
  }
  assert.deepEqual(await log.ends("voters_topic"), before);
});

Deno.test("an impossible number of candidates is refused", async () => {
  await using log = openLog();
  for (const candidates of [0, 27]) {
    await assert.rejects(demoOf(log, { candidates }), { code: "BAD_SETTING" });
  }
});

Deno.test("a steady rate is kept on average, and the voting day takes the time it is given", async () => {
  for (const [rate, voters] of [[100, 300], [7, 300], [1000, 3000], [null, 300]] as const) {
    await using log = openLog();
    const clock = createClock();
    await demoOf(log, { ...clock, voters, rate, durationMs: 20_000 });
    const took = clock.now() - START, expectedMs = rate === null ? 20_000 : voters / rate * 1000;
    assert(Math.abs(took - expectedMs) < 500, `rate ${rate}: took ${took} ms instead of ${expectedMs}`);
    const times = (await readAll<Vote>(log, "votes_topic")).map(({ value }) => Date.parse(value.voting_time));
    const half = times.filter((time) => time - START < expectedMs / 2).length;
    const expectedHalf = rate === null ? votesByHalfTime(voters) : voters / 2;
    assert(Math.abs(half - expectedHalf) < 0.03 * voters, `rate ${rate}: ${half} votes in the first half`);
  }
});

/** How many of so many votes the voting day's curve puts into its first half. */
function votesByHalfTime(voters: number): number {
  return Array.from({ length: voters }, (_, at) => dayFraction((at + 0.5) / voters)).filter((f) => f < 0.5)
    .length;
}

Deno.test("a sleep is not made up for by a burst of votes", async () => {
  await using log = openLog();
  const clock = createClock();
  let slept = false, before = 0, most = 0;
  await demoOf(log, {
    rate: 200,
    now: clock.now,
    wait(ms) {
      const sleeps = !slept && clock.now() - START > 5000;
      slept ||= sleeps;
      return clock.wait(sleeps ? 3600_000 : ms);
    },
    progress({ stage, done }) {
      if (stage !== "votes") return;
      most = Math.max(most, done - before);
      before = done;
    },
  });
  assert(slept && most <= 1000, `${most} votes at once`);
});

/** Runs a demo that must let nobody vote before she is registered; gives how many stood at the first vote. */
async function registeredAtFirstVote(options: Partial<DemoOptions>): Promise<number> {
  await using log = openLog();
  const registered = new Set<string>();
  const decoder = new TextDecoder();
  let atFirstVote = 0;
  const watched: EventLog = {
    ...log,
    async append(topic, records) {
      const keys = records.map((record) => decoder.decode(record.key!));
      if (topic === "votes_topic" && keys.length > 0) {
        atFirstVote ||= registered.size;
        for (const key of keys) assert(registered.has(key));
      }
      const positions = await log.append(topic, records);
      if (topic === "voters_topic") keys.forEach((key) => registered.add(key));
      return positions;
    },
  };
  await demoOf(watched, { voters: 20_000, ...options });
  assert.equal(registered.size, 20_000);
  return atFirstVote;
}

Deno.test("voting begins while later voters are still being drawn, and no vote precedes its voter", async () => {
  const standing = await registeredAtFirstVote({ rate: 100_000 });
  assert(standing > 0 && standing < 10_000, `${standing} voters stood at the first vote`);
});

Deno.test("as fast as it goes, voting begins when everybody is registered", async () => {
  assert.equal(await registeredAtFirstVote({ rate: 0 }), 20_000);
});
