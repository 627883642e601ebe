import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import { newPrefix } from "../services/kafka.ts";
import { needs } from "../services/available.ts";
import { freePort } from "../services/owned_process.ts";
import { startProxiedKafka } from "../services/proxied_kafka.ts";
import type { ProxyLink, Tap } from "../services/proxy.ts";
import { openLog, readAll, record, records, textOf } from "./log_kafka_testbed.ts";

const test = needs("kafka");

/** One request, as it went over the wire. */
interface SeenRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
}

/**
 * Kafka's API keys that the log may use, with the newest version of each that it may send. Redpanda's handlers
 * (`src/v/kafka/server/handlers/*.h` there) have offered these for years.
 */
const ALLOWED: Record<number, { name: string; newest: number }> = {
  0: { name: "Produce", newest: 7 },
  1: { name: "Fetch", newest: 11 },
  2: { name: "ListOffsets", newest: 3 },
  3: { name: "Metadata", newest: 7 },
  18: { name: "ApiVersions", newest: 2 },
  19: { name: "CreateTopics", newest: 4 },
  22: { name: "InitProducerId", newest: 1 },
  32: { name: "DescribeConfigs", newest: 2 },
};
const PRODUCE = 0;
const FETCH = 1;
const METADATA = 3;
const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;
/** Sent where the broker says that it knows it; Redpanda's answer to ApiVersions leaves it out. */
const TOPIC_IDS = 10;

test("behind a proxy", async (t) => {
  await using proxied = await startProxiedKafka();
  const { proxy, address } = proxied;

  await t.step("only requests are sent that Redpanda has understood for years", async () => {
    const seen: SeenRequest[] = [];
    proxy.tap = createKafkaTap({ request: (request) => void seen.push(request) });
    await using log = await openLog([address]);
    await log.append("votes_topic", records(10));
    assert.equal((await readAll(log, "votes_topic")).length, 10);
    const used = new Set(seen.map(({ apiKey }) => apiKey));
    assert.deepEqual([...used].sort((a, b) => a - b), Object.keys(ALLOWED).map(Number));
    for (const { apiKey, apiVersion } of seen) {
      if (apiKey === METADATA && apiVersion === TOPIC_IDS) continue;
      const { name, newest } = ALLOWED[apiKey];
      assert.ok(apiVersion <= newest, `${name} v${apiVersion}`);
    }
    proxy.tap = null;
  });

  await t.step(
    "a broker that knows no topic ids gives another election id, and is not asked for them",
    async () => {
      const topicPrefix = newPrefix();
      const known = await openLog([address], { topicPrefix });
      await known[Symbol.asyncDispose]();
      const seen: SeenRequest[] = [];
      proxy.tap = createKafkaTap({
        request: (request) => void seen.push(request),
        answer: ({ apiKey }, _link, bytes) => offerAtMost(apiKey, bytes, METADATA, 7),
      });
      await using log = await openLog([address], { topicPrefix });
      proxy.tap = null;
      assert.notEqual(log.electionId, known.electionId);
      assert.ok(seen.every(({ apiKey, apiVersion }) => apiKey !== METADATA || apiVersion === 7));
    },
  );

  await t.step("a broker that is too old is refused, saying what it lacks", async () => {
    proxy.tap = createKafkaTap({
      answer: ({ apiKey }, _link, bytes) => offerAtMost(apiKey, bytes, FETCH, 10),
    });
    await assert.rejects(openLog([address]), (error) => {
      assert.ok(error instanceof Fault && error.code === "LOG_REFUSED");
      assert.match(error.message, /does not offer Fetch v11/);
      return true;
    });
    proxy.tap = null;
  });

  await t.step(
    "answers to appends get lost: no record is lost or doubled, every position is right",
    async () => {
      await using log = await openLog([address], { partitions: 3 });
      let lost = 0;
      proxy.tap = createKafkaTap({
        answer({ apiKey }, link) {
          if (apiKey !== PRODUCE || Math.random() < 0.6) return;
          lost++;
          link.cut();
        },
      });
      const calls = Array.from({ length: 40 }, (_, call) => records(1 + call % 9, `call ${call}`));
      const placed: Awaited<ReturnType<typeof log.append>>[] = [];
      for (let i = 0; i < calls.length; i += 4) {
        const few = calls.slice(i, i + 4);
        placed.push(...await Promise.all(few.map((call) => log.append("votes_topic", call))));
      }
      proxy.tap = null;
      assert.ok(lost > 0);
      const read = await readAll(log, "votes_topic");
      assert.equal(read.length, calls.flat().length);
      const keys = new Map(read.map(({ partition, offset, key }) => [`${partition}/${offset}`, key]));
      for (const [call, positions] of placed.entries()) {
        positions.forEach(({ partition, offset }, i) =>
          assert.equal(keys.get(`${partition}/${offset}`), `call ${call} ${i}`)
        );
      }
    },
  );

  await t.step("connections break while reading: nothing is left out or comes twice", async () => {
    await using log = await openLog([address], { partitions: 2 });
    await log.append("votes_topic", Array.from({ length: 5000 }, (_, i) => record(`${i}`, "x".repeat(1000))));
    let cuts = 0;
    proxy.tap = (_chunk, direction, link) => {
      if (direction === "toServer" || Math.random() < 0.9 || cuts === 8) return;
      cuts++;
      link.cut();
    };
    const read = await readAll(log, "votes_topic").catch(async (error) => {
      // `ends` may meet a cut, and says so; reading never does.
      assert.equal((error as Fault).code, "LOG_UNAVAILABLE");
      return await readAll(log, "votes_topic");
    });
    proxy.tap = null;
    assert.equal(new Set(read.map(({ key }) => key)).size, 5000);
    assert.equal(read.length, 5000);
    assert.ok(cuts > 0);
  });

  await t.step("a batch that arrives damaged is fetched again", async () => {
    await using log = await openLog([address], { partitions: 1 });
    await log.append("votes_topic", records(500));
    let damaged = 0;
    proxy.tap = createKafkaTap({
      answer({ apiKey }, _link, bytes) {
        if (apiKey === FETCH && damaged < 2) damageAndCount(bytes);
      },
    });
    const damageAndCount = (bytes: Uint8Array) => {
      damaged++;
      bytes[bytes.length - 20] ^= 1;
    };
    assert.deepEqual((await readAll(log, "votes_topic")).map(({ offset }) => offset), range(500));
    assert.equal(damaged, 2);
    damaged = -Infinity;
    await assert.rejects(readAll(log, "votes_topic"), (error) => {
      assert.ok(error instanceof Fault && !error.retryable);
      assert.equal(error.code, "LOG_REFUSED");
      assert.match(
        error.message,
        /partition 0: the record batch at offset 0 is damaged: its checksum is wrong/,
      );
      return true;
    });
    proxy.tap = null;
  });

  await t.step("an outage is said once, and so is its end; appends wait it out", async () => {
    const notices: string[] = [];
    const said = Promise.withResolvers<void>();
    const onNotice = (message: string) => {
      notices.push(message);
      said.resolve();
    };
    await using log = await openLog([address], { onNotice });
    const abort = new AbortController();
    const reader = log.read("votes_topic", new Map([[0, 0], [1, 0]]), abort.signal)[Symbol.asyncIterator]();
    await log.append("votes_topic", [record("a", "before")]);
    assert.equal((await reader.next()).value?.n, 1);
    const arrival = reader.next();
    proxy.refusing = true;
    proxy.cut();
    const appended = log.append("votes_topic", [record("a", "during")]);
    await said.promise;
    await assert.rejects(log.ends("votes_topic"), (error) => (error as Fault).code === "LOG_UNAVAILABLE");
    proxy.refusing = false;
    const [{ offset }] = await appended;
    assert.equal(offset, 1);
    const { value } = await arrival;
    assert.deepEqual(textOf(value!).map(({ value }) => value), ["during"]);
    abort.abort();
    await reader.next();
    assert.equal(notices.length, 2, notices.join("\n"));
    assert.match(notices[0], new RegExp(`^Kafka at ${address}: .*Trying again$`));
    assert.match(notices[1], new RegExp(`^Kafka at ${address}: works again`));
  });

  await t.step("closing waits for what is pending, but not for ever", async () => {
    const log = await openLog([address]);
    await log.append("votes_topic", records(1));
    proxy.refusing = true;
    proxy.cut();
    const pending = assert.rejects(log.append("votes_topic", records(1)), (error) => {
      return error instanceof Fault && error.code === "LOG_CLOSED";
    });
    const startMs = performance.now();
    await log[Symbol.asyncDispose]();
    await pending;
    const tookMs = performance.now() - startMs;
    assert.ok(1_900 < tookMs && tookMs < 4_000, `${tookMs} ms`);
    proxy.refusing = false;
  });

  await t.step("a broker that does not answer holds up neither aborting nor closing", async () => {
    const log = await openLog([address]);
    const never = Promise.withResolvers<void>();
    proxy.tap = createKafkaTap({ answer: ({ apiKey }) => apiKey === FETCH ? never.promise : undefined });
    const abort = new AbortController();
    const reader = log.read("votes_topic", new Map([[0, 0]]), abort.signal)[Symbol.asyncIterator]();
    const arrival = reader.next();
    await log.ends("votes_topic");
    const startMs = performance.now();
    abort.abort();
    assert.equal((await arrival).done, true);
    await log[Symbol.asyncDispose]();
    assert.ok(performance.now() - startMs < 1_000);
    never.resolve();
    proxy.tap = null;
  });
});

test("with SASL too, only requests are sent that Redpanda has understood for years", async () => {
  await using proxied = await startProxiedKafka({ sasl: true });
  const seen: SeenRequest[] = [];
  proxied.proxy.tap = createKafkaTap({ request: (request) => void seen.push(request) });
  const { scram } = proxied.kafka.credentials!;
  await using _log = await openLog([proxied.address], { sasl: { mechanism: "scram-sha-256", ...scram } });
  const used = new Map(seen.map(({ apiKey, apiVersion }) => [apiKey, apiVersion]));
  assert.ok(used.get(SASL_HANDSHAKE)! <= 1);
  assert.ok(used.get(SASL_AUTHENTICATE)! <= 1);
});

test("no broker there: opening says so once and goes on until it is told not to", async () => {
  const notices: string[] = [];
  const nobody = `127.0.0.1:${freePort()}`;
  const abort = new AbortController();
  const onNotice = (message: string) => {
    notices.push(message);
    setTimeout(() => abort.abort(new Error("enough")), 700);
  };
  await assert.rejects(openLog([nobody], { onNotice, signal: abort.signal }), /enough/);
  assert.equal(notices.length, 1);
  assert.match(notices[0], new RegExp(`Kafka at ${nobody}: it can't be reached`));
});

test("no broker there: opening fails after the time given", async () => {
  await assert.rejects(
    openLog([`127.0.0.1:${freePort()}`], { giveUpAfterMs: 300 }),
    (error) => error instanceof Fault && error.code === "LOG_UNAVAILABLE" && error.retryable,
  );
});

/** Makes the broker's answer to ApiVersions name a lower newest version of one API. */
function offerAtMost(answered: number, bytes: Uint8Array, apiKey: number, newest: number) {
  if (answered !== API_VERSIONS) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // Behind size, correlation id, error and the number of APIs: key, oldest and newest of each.
  for (let i = 0, at = 14; i < view.getInt32(10); i++, at += 6) {
    if (view.getInt16(at) === apiKey) view.setInt16(at + 4, newest);
  }
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/**
 * Reads Kafka's framing off the bytes: sees every request, and of every answer which request it is to, when its
 * last bytes come.
 */
function createKafkaTap(
  { request, answer }: {
    request?: (request: SeenRequest) => void;
    answer?: (request: SeenRequest, link: ProxyLink, bytes: Uint8Array) => void | Promise<void>;
  },
): Tap {
  const partial = new Map<string, Uint8Array>();
  const asked = new Map<string, SeenRequest>();
  return async (chunk, direction, link) => {
    for (const frame of frames(partial, `${link.id} ${direction}`, chunk)) {
      const view = new DataView(frame.buffer, frame.byteOffset);
      if (direction === "toServer") {
        const seen = {
          apiKey: view.getInt16(0),
          apiVersion: view.getInt16(2),
          correlationId: view.getInt32(4),
        };
        asked.set(`${link.id} ${seen.correlationId}`, seen);
        request?.(seen);
      } else {
        const to = asked.get(`${link.id} ${view.getInt32(0)}`);
        // Links that were there before the tap have answers to requests that it did not see.
        if (to !== undefined) await answer?.(to, link, chunk);
      }
    }
  };
}

/** Whole frames, without their sizes, of what has come so far. */
function frames(partial: Map<string, Uint8Array>, stream: string, chunk: Uint8Array): Uint8Array[] {
  const before = partial.get(stream) ?? new Uint8Array(0);
  let bytes = new Uint8Array(before.length + chunk.length);
  bytes.set(before);
  bytes.set(chunk, before.length);
  const whole: Uint8Array[] = [];
  while (bytes.length >= 4) {
    const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
    if (bytes.length < end) break;
    whole.push(bytes.subarray(4, end));
    bytes = bytes.subarray(end);
  }
  partial.set(stream, bytes);
  return whole;
}
