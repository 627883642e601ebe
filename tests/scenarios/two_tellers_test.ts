/** Two Tellers on one Kafka and one Postgres: both count and show the same, one publishes, the other takes over. @module */
import assert from "node:assert/strict";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { openPostgres } from "../../pipeline/postgres.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { newDatabase } from "../services/postgres.ts";
import { runTeller, startTeller, type TellerService } from "../services/teller.ts";
import { assertCopiesAgree } from "./copies.ts";
import { fetchResults, lasting, untilResults } from "./live.ts";
import { untilWritten } from "./sinks_written.ts";

const VOTERS = 2_000;
const RATE = "400";
const FOLLOWS = "Another Teller publishes this election";

/** Waits until one of them has said that the other publishes; gives that other first. */
async function publisherFirst(tellers: readonly [TellerService, TellerService]): Promise<TellerService[]> {
  for (;;) {
    const following = tellers.findIndex((teller) => teller.logs().includes(FOLLOWS));
    if (following >= 0) return [tellers[1 - following], tellers[following]];
    await fetchResults(tellers[0].url); // the next look is a request later
  }
}

/** The sinks that have written anything. */
async function writtenBy(teller: TellerService): Promise<string[]> {
  const metrics = await (await fetch(`${teller.url}/metrics`)).text();
  return [...metrics.matchAll(/^teller_sink_version\{sink="(\w+)"\} [1-9]/gm)].map(([, sink]) => sink);
}

needs("shared kafka", "postgres")(
  "of two Tellers one publishes; killed, the other does, and all agree",
  async () => {
    const brokers = await sharedKafka();
    const topicPrefix = newPrefix();
    await using database = await newDatabase();
    const env = {
      KAFKA_BROKERS: brokers.join(),
      TELLER_TOPIC_PREFIX: topicPrefix,
      DATABASE_URL: database.url,
      TELLER_DEMO_VOTERS: String(VOTERS),
    };
    await using first = await startTeller({ env });
    await using second = await startTeller({ env });
    const demo = runTeller({ command: ["demo", "--rate", RATE], env });
    const [publisher, follower] = await publisherFirst([first, second]);
    const { version } = await untilResults(publisher.url, ({ totals }) => totals.votes > VOTERS / 4);
    await untilWritten(publisher.url, version);
    assert.deepEqual(await writtenBy(follower), [], "who follows writes nothing");
    await publisher.stop("SIGKILL");
    await untilResults(follower.url, ({ totals }) => totals.votes === VOTERS);
    const { code, logs } = await demo;
    assert.equal(code, 0, logs);
    const results = await fetchResults(follower.url);
    await untilWritten(follower.url, results.version);
    assert.match(follower.logs(), /This Teller publishes the election now/);

    const log = await openKafkaLog({
      brokers,
      ssl: false,
      sasl: null,
      topicPrefix,
      partitions: 4,
      partitioner: partitionerOf("murmur2"),
    });
    await using stack = new AsyncDisposableStack();
    stack.use(log);
    const never = new AbortController().signal;
    const options = { url: database.url, dir: "", onNotice: assert.fail, signal: never };
    const { sql } = stack.use(await openPostgres(options));
    await assertCopiesAgree(log, sql, results);

    await using third = await startTeller({ env });
    await untilResults(third.url, ({ catching_up }) => !catching_up);
    assert.deepEqual(lasting(await fetchResults(third.url)), lasting(results));
  },
);
