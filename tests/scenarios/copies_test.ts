/** What Teller writes for others is, at rest, what it counts: whatever was killed or away in between. @module */
import assert from "node:assert/strict";
import type { EventLog } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { type Database, openPostgres } from "../../pipeline/postgres.ts";
import type { Results } from "../../pipeline/results.ts";
import { readAll, record } from "../contracts/log_records.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { newDatabase } from "../services/postgres.ts";
import { startProxy } from "../services/proxy.ts";
import { runTeller, startTeller } from "../services/teller.ts";
import { assertCopiesAgree } from "./copies.ts";
import { fetchResults, untilResults, view } from "./live.ts";
import { untilWritten } from "./sinks_written.ts";

const KILLS = 20;
/** Every fifth Teller lives for long enough to write all copies: after a kill the topics' sink holds back. */
const LONG_LIFE_EVERY = 5;
const VOTERS = 8_000;
/** Votes per second. */
const RATE = 100;
const REFUSED_EACH_TIME = 4;
/** How long Postgres is away; the time may be set to try a longer one. */
const AWAY_S = Number(Deno.env.get("TEST_AWAY_SECONDS") ?? 3);
const LOG = { partitions: 4, partitioner: partitionerOf("murmur2") };

type Env = Record<string, string>;

/** An election as it is found from outside while no Teller runs. */
interface Place {
  readonly env: Env;
  openLog(): Promise<EventLog>;
  openDatabase(): Promise<Database>;
}

const never = new AbortController().signal;
const server = (url: string) => openPostgres({ url, dir: "", onNotice: assert.fail, signal: never });
const times = (text: string, part: string) => text.split(part).length - 1;

/** Runs with everything embedded. */
async function embedded(test: (place: Place) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await test({
      env: { DATA_DIR: dir },
      openLog: () => Promise.resolve(openEmbeddedLog({ dir, ...LOG })),
      openDatabase: () =>
        openPostgres({ url: null, dir: `${dir}/postgres`, onNotice: assert.fail, signal: never }),
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Runs on a Kafka and a Postgres server, whose port is told. */
async function onServices(test: (place: Place, databasePort: number) => Promise<void>): Promise<void> {
  const brokers = await sharedKafka();
  const topicPrefix = newPrefix();
  await using database = await newDatabase();
  const dir = await Deno.makeTempDir();
  try {
    await test({
      env: {
        DATA_DIR: dir,
        KAFKA_BROKERS: brokers.join(),
        TELLER_TOPIC_PREFIX: topicPrefix,
        DATABASE_URL: database.url,
      },
      openLog: () => openKafkaLog({ brokers, ssl: false, sasl: null, topicPrefix, ...LOG }),
      openDatabase: () => server(database.url),
    }, database.port);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** The demo's Teller, which ends with everything counted and written; then the copies are compared. */
async function assertAgreementAtRest(place: Place, env: Env): Promise<Results> {
  let results: Results;
  {
    await using teller = await startTeller({ command: ["dev"], env });
    await untilResults(teller.url, ({ totals }) => totals.votes === VOTERS);
    results = await fetchResults(teller.url);
    await untilWritten(teller.url, results.version);
    assert.equal(await teller.stop(), 0, teller.logs());
    assert.doesNotMatch(teller.logs(), /not filled|trying again/);
  }
  await using log = await place.openLog();
  await using database = await place.openDatabase();
  await assertCopiesAgree(log, database.sql, results);
  return results;
}

/** Adds what must not count: records that are refused, a stranger's vote, and the first voter's second vote. */
async function disturb({ openLog }: Place, time: number): Promise<void> {
  await using log = await openLog();
  const refused = Array.from({ length: REFUSED_EACH_TIME }, (_, i) => record(`odd ${time}/${i}`, "{"));
  const first = (await readAll(log, "votes_topic")).find(({ value }) => value !== "{");
  const voters = [`stranger ${time}`, ...first ? [first.key] : []];
  const votes = voters.map((voter_id) => {
    return record(voter_id, JSON.stringify({ voter_id, candidate_id: "of nobody" }));
  });
  await log.append("votes_topic", [...refused, ...votes]);
}

/** Kills a counting Teller at moments drawn at random, and in the end compares all it has written. */
async function killAndCompare(place: Place): Promise<void> {
  const env = {
    ...place.env,
    TELLER_DEMO_VOTERS: String(VOTERS),
    TELLER_DEMO_RATE: String(RATE),
  };
  for (let kill = 0; kill < KILLS; kill++) {
    await using teller = await startTeller({ command: ["dev"], env });
    const isOver = ({ totals }: Results) => totals.votes === VOTERS;
    const found = await untilResults(teller.url, ({ catching_up }) => !catching_up);
    if (kill % LONG_LIFE_EVERY === 0) {
      const more = await untilResults(teller.url, (now) => now.version > found.version || isOver(now));
      await untilWritten(teller.url, more.version);
    }
    const votes = (await fetchResults(teller.url)).totals.votes + Math.floor(Math.random() * RATE);
    await untilResults(teller.url, (now) => now.totals.votes >= votes || isOver(now));
    await teller.stop("SIGKILL");
    await disturb(place, kill);
  }
  const results = await assertAgreementAtRest(place, { ...env, TELLER_DEMO_RATE: "0" });
  const { duplicates, rejected, waiting } = results.totals;
  assert.deepEqual([rejected, waiting], [KILLS * REFUSED_EACH_TIME, KILLS]);
  assert.ok(duplicates >= KILLS - 1);

  await using log = await place.openLog();
  const places = [];
  for await (const { headers } of log.scan("votes_rejected")) {
    assert.equal(headers.reason, "bad_json");
    places.push(`${headers.topic}/${headers.partition}/${headers.offset}`);
  }
  assert.equal(places.length, rejected);
  assert.equal(new Set(places).size, rejected);
}

Deno.test("killed 20 times at random, topics, tables and results agree at rest (embedded)", () =>
  embedded(async (place) => {
    await killAndCompare(place);
    const refused = KILLS * REFUSED_EACH_TIME;
    const listed = await runTeller({ command: ["rejected", "list"], env: place.env });
    assert.equal(listed.code, 0, listed.logs);
    assert.equal(times(listed.logs, '"reason":"bad_json"'), refused, listed.logs);
    const replayed = await runTeller({ command: ["rejected", "replay"], env: place.env });
    assert.deepEqual(JSON.parse(replayed.logs), { appended: 0, again: { bad_json: refused }, before: 0 });
    const mistaken = await runTeller({ command: ["rejected", "eat"], env: place.env });
    assert.equal(mistaken.code, 2, mistaken.logs);
  }));

const onReal = needs("shared kafka", "postgres");

onReal(
  "killed 20 times at random, topics, tables and results agree at rest (Kafka, Postgres)",
  () => onServices(killAndCompare),
);

onReal(
  "counting goes on while Postgres is away, which is said once, and all copies agree again",
  () =>
    onServices(async (place, databasePort) => {
      await using proxy = startProxy(databasePort);
      const url = new URL(place.env.DATABASE_URL);
      url.port = String(proxy.port);
      const voters = RATE * (AWAY_S + 4);
      let results: Results;
      {
        await using teller = await startTeller({
          command: ["dev"],
          env: {
            ...place.env,
            DATABASE_URL: url.href,
            TELLER_DEMO_VOTERS: String(voters),
            TELLER_DEMO_RATE: String(RATE),
          },
        });
        const viewer = await view(teller.url);
        const before = await viewer.next("results", ({ totals }) => totals.votes > 0);
        await untilWritten(teller.url, before.version);
        proxy.refusing = true;
        proxy.cut();
        const { totals: { votes } } = await fetchResults(teller.url);
        await viewer.next("results", ({ totals }) => totals.votes >= Math.min(voters, votes + RATE * AWAY_S));
        await using database = await place.openDatabase();
        const [{ written }] = await database.sql`select count(*)::int as written from votes`;
        assert.ok(written < votes + RATE, `${written} votes came through, ${votes} of them before`);
        proxy.refusing = false;
        await viewer.close();
        results = await untilResults(teller.url, ({ totals }) => totals.votes === voters);
        await untilWritten(teller.url, results.version);
        assert.equal(await teller.stop(), 0);
        assert.equal(times(teller.logs(), "Postgres is not filled"), 1, teller.logs());
        assert.equal(times(teller.logs(), "Postgres is written again"), 1, teller.logs());
      }
      await using log = await place.openLog();
      await using database = await place.openDatabase();
      await assertCopiesAgree(log, database.sql, results);
    }),
);
