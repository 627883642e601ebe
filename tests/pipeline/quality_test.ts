import assert from "node:assert/strict";
import type { Fold } from "../../pipeline/fold.ts";
import type { AppendRecord, EventLog, Topic } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Sql } from "../../pipeline/postgres.ts";
import { type QualityReport, startQuality } from "../../pipeline/quality_loop.ts";
import { startPostgresSink } from "../../pipeline/sink_postgres.ts";
import { startTopicSink } from "../../pipeline/sink_topics.ts";
import { startStream } from "../../pipeline/stream.ts";
import { emptied, onBoth } from "./sink_postgres_databases.ts";
import { json, PARTITIONS, RULES } from "./sink_testbed.ts";

/** "each flagged within 10 s" */
const WITHIN_MS = 10_000;
const EVERY_MS = 50;
const VOTERS = 60;
const VOTED = 40;

const encoder = new TextEncoder();
const candidate = (id: string, name = id) =>
  json({ candidate_id: id, candidate_name: name, party_affiliation: "Red" }, "candidate_id");
const voter = (id: string, age = 40) =>
  json({ voter_id: id, registered_age: age, gender: "female", address: { state: "Kent", city: "Dover" } });
const vote = (id: string, candidate_id: string, voting_time?: string) =>
  json({ voter_id: id, candidate_id, voting_time });
const rubbish = { key: encoder.encode("odd"), value: encoder.encode("{") };
const timely = () => new Date().toISOString();

/** What a discrepancy is put into. */
interface Scene {
  readonly log: EventLog;
  readonly sql: Sql;
  readonly folds: readonly Fold[];
}

/** One kind of discrepancy: how it comes about, and which checks see it: all of these and no other. */
interface Kind {
  readonly inject: (scene: Scene) => Promise<unknown> | void;
  readonly seenBy: readonly string[];
}

const append = (topic: Topic, record: () => AppendRecord) => ({ log }: Scene) =>
  log.append(topic, [record()]);
const filled = (folds: readonly Fold[]) => folds.find(({ tally }) => tally.cells > 0)!;

const KINDS: Record<string, Kind> = {
  "a vote of nobody": {
    inject: append("votes_topic", () => vote("nobody", "c0", timely())),
    seenBy: ["votes_without_voter"],
  },
  "a vote for nobody": {
    inject: append("votes_topic", () => vote("v50", "c9", timely())),
    seenBy: ["votes_without_candidate"],
  },
  "a voter twice": { inject: append("voters_topic", () => voter("v1", 41)), seenBy: ["duplicate_voters"] },
  "a candidate twice": {
    inject: append("candidates_topic", () => candidate("c1", "Another")),
    seenBy: ["duplicate_candidates"],
  },
  "a second vote": {
    inject: append("votes_topic", () => vote("v1", "c0", timely())),
    seenBy: ["duplicate_votes"],
  },
  "a vote that is none": { inject: append("votes_topic", () => rubbish), seenBy: ["rejected_votes"] },
  "a voter who is none": { inject: append("voters_topic", () => rubbish), seenBy: ["rejected_voters"] },
  "a candidate who is none": {
    inject: append("candidates_topic", () => rubbish),
    seenBy: ["rejected_candidates"],
  },
  "a vote without a time": {
    inject: append("votes_topic", () => vote("v51", "c0")),
    seenBy: ["replaced_times"],
  },
  "a cell of the cube changed": {
    inject: ({ folds }) => void filled(folds).tally.cube[3]++, /* the first cell's votes */
    seenBy: ["cube"],
  },
  "a sum by gender changed": {
    inject: ({ folds }) => void filled(folds).tally.byGender[1]--,
    seenBy: ["totals"],
  },
  "a state with more votes than voters": {
    inject({ folds }) {
      const { tally, states } = filled(folds);
      tally.byState[states.numbers.get("Kent")!] += VOTERS;
    },
    seenBy: ["totals", "turnout", "aggregated_topics"],
  },
  "a record that nothing accounts for": {
    inject: ({ folds }) => void filled(folds).duplicates--,
    seenBy: ["offsets"],
  },
  "a row of votes deleted": {
    inject: ({ sql }) => sql`delete from votes where voter_id = 'v3'`,
    seenBy: ["postgres_votes", "postgres_choices", "postgres_missing"],
  },
  "a row of votes for another candidate": {
    inject: ({ sql }) => sql`update votes set candidate_id = 'c1' where voter_id = 'v0'`,
    seenBy: ["postgres_choices"],
  },
  "a row of votes added": {
    inject: ({ sql }) => sql`insert into votes values ('stranger', 'c0', now(), 1)`,
    seenBy: ["postgres_added"],
  },
  "a voter deleted from Postgres": {
    inject: ({ sql }) => sql`delete from voters where voter_id = 'v4'`,
    seenBy: ["postgres_missing"],
  },
  "a voter whom Postgres knows nothing of": {
    inject: ({ sql }) =>
      sql`with gone as (delete from voters where voter_id = 'v55' returning voter_id)
        delete from teller_written using gone where table_name = 'voters' and id = gone.voter_id`,
    seenBy: ["postgres_voters"],
  },
  "a candidate whom Postgres knows nothing of": {
    inject: ({ sql }) =>
      sql`with gone as (delete from candidates where candidate_id = 'c2' returning candidate_id)
        delete from teller_written using gone where table_name = 'candidates' and id = gone.candidate_id`,
    seenBy: ["postgres_candidates"],
  },
  "a record of somebody else's in an aggregated topic": {
    inject: ({ log }) =>
      log.emit("aggregated_turnout_by_gender", [
        {
          key: encoder.encode("male"),
          value: encoder.encode('{"gender":"male","total_votes":7}'),
          headers: {},
        },
      ]),
    seenBy: ["aggregated_topics"],
  },
};

/** A small election, counted and written, with the checks on it. */
async function watched(sql: Sql, work: (scene: Scene & Watch) => Promise<void>, everyMs?: number) {
  await emptied(sql);
  const dir = await Deno.makeTempDir({ prefix: "teller-quality-" });
  const ending = new AbortController();
  const { signal } = ending;
  await using log = openEmbeddedLog({ dir, partitions: PARTITIONS, partitioner: partitionerOf("murmur2") });
  await log.append("candidates_topic", ["c0", "c1", "c2"].map((id) => candidate(id)));
  await log.append("voters_topic", Array.from({ length: VOTERS }, (_, i) => voter(`v${i}`)));
  await log.append(
    "votes_topic",
    Array.from({ length: VOTED }, (_, i) => vote(`v${i}`, `c${i % 2}`, timely())),
  );
  const stream = startStream({ log, rules: RULES, title: "T", now: Date.now, signal });
  const { registry, folds, updates } = stream;
  const common = {
    log,
    rules: RULES,
    registry,
    folds,
    updates,
    now: Date.now,
    signal,
    onNotice: assert.fail,
  };
  // Nothing follows the count here, so that what a test changes by hand stays as it is.
  const topics = new AbortController();
  const written = Promise.withResolvers<void>();
  const topicSink = startTopicSink({
    ...common,
    signal: topics.signal,
    everyMs: EVERY_MS,
    onWritten: (version) => {
      if (version === 3 + VOTERS + VOTED) written.resolve();
    },
  });
  const failed = new AbortController().signal;
  const database = { sql, renew: assert.fail, failed, [Symbol.asyncDispose]: () => Promise.resolve() };
  const postgresSink = startPostgresSink({ ...common, database });
  const told: string[] = [];
  const quality = startQuality({
    ...common,
    onNotice: (message) => told.push(message),
    caughtUp: stream.caughtUp,
    postgres: () => sql,
    sinks: true,
    onReport: (report) => heard(report),
    everyMs,
  });
  let heard: (report: QualityReport) => void = () => {};
  const until = (is: (report: QualityReport) => boolean) =>
    new Promise<QualityReport>((resolve) => heard = (report) => is(report) && resolve(report));
  try {
    await written.promise;
    topics.abort();
    await topicSink;
    await work({ log, sql, folds, until, told });
  } finally {
    ending.abort();
    await Promise.all([stream.done, topicSink, postgresSink.done, quality.done]);
    await Deno.remove(dir, { recursive: true });
  }
}

interface Watch {
  /** What the operator has been told. */
  readonly told: readonly string[];
  /** The next report of which that is true. */
  until(is: (report: QualityReport) => boolean): Promise<QualityReport>;
}

const seen = ({ checks }: QualityReport) =>
  checks.filter(({ status }) => status === "finding").map(({ id }) => id);
const isClean = ({ checks }: QualityReport) =>
  checks.length > 0 && checks.every(({ status }) => status === "ok");

/** Nothing is unknown any more: all copies are at rest. */
const isSure = ({ checks }: QualityReport) => checks.every(({ status }) => status !== "unknown");

const each = Object.fromEntries(
  Object.entries(KINDS).map(([name, { inject, seenBy }]) => [
    `${name}: seen by ${seenBy.join(", ")}`,
    (sql: Sql) =>
      watched(sql, async (scene) => {
        await scene.until(isClean);
        const before = scene.until((report) => seen(report).length > 0);
        await inject(scene);
        await before;
        const report = await scene.until((one) =>
          isSure(one) && seenBy.every((id) => seen(one).includes(id))
        );
        // A topic's keys are compared with what the sink would have written; it does not write here.
        const sinkIsBehind = report.checks.find(({ id }) => id === "aggregated_topics")!;
        const others = seen(report).filter((id) => !seenBy.includes(id) && id !== sinkIsBehind.id);
        assert.deepEqual(others, []);
        for (const id of seenBy) {
          const of = scene.told.filter((message) => message.includes(`${id} is `));
          assert.equal(of.length, 1, `${id}: ${scene.told.join("\n")}`);
        }
        assert.ok(
          seenBy.flatMap((id) => report.checks.find((check) => check.id === id)!.compares).length > 0,
        );
      }, EVERY_MS),
  ]),
);

onBoth({
  ...each,
  "twenty kinds of discrepancy at once: each is flagged within 10 s, and stands in quality_findings": (sql) =>
    watched(sql, async (scene) => {
      await scene.until(isClean);
      const started = performance.now();
      for (const { inject } of Object.values(KINDS)) await inject(scene);
      const all = new Set(Object.values(KINDS).flatMap(({ seenBy }) => seenBy));
      await scene.until((report) => [...all].every((id) => seen(report).includes(id)));
      assert.ok(performance.now() - started < WITHIN_MS);
      await scene.until(() => true); // the round after has written what the one before found
      const rows = await sql`select check_id from quality_findings where status = 'finding'`;
      for (const id of all) assert.ok(rows.some(({ check_id }) => check_id === id), id);
    }),
});

Deno.test("after a round that took long, as nobody answered, the next one comes soon all the same", async () => {
  const dir = await Deno.makeTempDir({ prefix: "teller-quality-" });
  const ending = new AbortController();
  const { signal } = ending;
  try {
    await using log = openEmbeddedLog({ dir, partitions: PARTITIONS, partitioner: partitionerOf("murmur2") });
    let scans = 0;
    const silentAtFirst: EventLog = {
      ...log,
      async *scan(topic, signal, from) {
        if (scans++ === 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
        yield* log.scan(topic, signal, from);
      },
    };
    const stream = startStream({ log, rules: RULES, title: "T", now: Date.now, signal });
    const reported: number[] = [];
    const twice = Promise.withResolvers<void>();
    const quality = startQuality({
      log: silentAtFirst,
      registry: stream.registry,
      folds: stream.folds,
      caughtUp: () => true,
      postgres: () => null,
      sinks: true,
      now: Date.now,
      signal,
      onNotice: assert.fail,
      onReport: () => reported.push(performance.now()) === 2 && twice.resolve(),
      everyMs: 20,
    });
    await twice.promise;
    assert.ok(reported[1] - reported[0] < 5_000, `${reported[1] - reported[0]} ms`);
    ending.abort();
    await Promise.all([stream.done, quality.done]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
