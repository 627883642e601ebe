/**
 * The same records give the same Results, in whatever order partitions are read and on whichever log they stand.
 * @module
 */
import { deepEqual, equal, fail, notEqual, ok } from "node:assert/strict";
import { type CatchUp, createCatchUp } from "../../pipeline/catch_up.ts";
import { createRandom } from "../../pipeline/demo_random.ts";
import { runDemo } from "../../pipeline/demo.ts";
import { type EventLog, type ReadBatch, type Topic, TOPIC_NAMES } from "../../pipeline/log.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import type { LogSource } from "../../pipeline/open_log.ts";
import type { Results } from "../../pipeline/results.ts";
import { startStream } from "../../pipeline/stream.ts";
import { rulesOf } from "../pipeline/rules.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { lasting } from "./live.ts";
import { predecessorFile } from "./predecessor_file.ts";
import { produceByKcat } from "./predecessor_kcat.ts";

const PARTITIONS = 4;
const rules = rulesOf(PARTITIONS);
const { partitioner } = rules;

/** A piece of a partition, to be read in its turn. */
interface Piece {
  readonly topic: Topic;
  readonly batch: ReadBatch;
}

/** Puts all pieces in one order, keeping that of each partition. */
type Schedule = (partitions: Piece[][], random: () => number) => Piece[];

const SCHEDULES: Record<string, Schedule> = {
  "votes first, candidates last": (partitions) => byTopic(partitions, "votes_topic", "voters_topic"),
  "candidates first, votes last": (partitions) => byTopic(partitions, "candidates_topic", "voters_topic"),
  "one partition after the other, backwards": (partitions) => partitions.toReversed().flat(),
  "in turns": (partitions) => merge(partitions, (left, turn) => turn % left),
  "in any order": (partitions, random) => merge(partitions, (left) => Math.floor(random() * left)),
  "one partition far behind": (partitions, random) => [
    ...merge(partitions.toSpliced(5, 1), (left) => Math.floor(random() * left)),
    ...partitions[5],
  ],
};

needs("shared kafka", "kcat")("the order and speed of reading change nothing in the Results", async (t) => {
  const [broker] = await sharedKafka();
  const topicPrefix = newPrefix();
  await using log = await openKafka(broker, topicPrefix);
  const file = predecessorFile({ seed: 7, votes: 4_000, partitions: PARTITIONS, nowMs: Date.now() });
  for (const { topic, records } of [...file.beforeOpening, ...file.afterOpening]) {
    await produceByKcat(broker, topicPrefix + topic, records);
  }
  const expected = await count(log);
  ok(expected.totals.waiting > 0 && expected.totals.rejected > 0 && expected.totals.late > 0);

  const source: LogSource = { kind: "kafka", brokers: [broker], ssl: false, sasl: null, topicPrefix };
  for (const threads of [1, 2, 4]) {
    await t.step(`read by ${threads} threads`, async () => {
      equal(comparable(await count(log, catchingUp(source, threads))), comparable(expected));
    });
  }

  const partitions = await readAll(log);
  let seed = 0;
  for (const [name, schedule] of Object.entries(SCHEDULES)) {
    await t.step(name, async () => {
      for (const last = seed + 3; seed < last; seed++) {
        const random = createRandom(seed).at(1, 0).next;
        const pieces = partitions.map((pieces) => [...cut(pieces, random)]);
        const uneven = readAsScheduled(log, schedule(pieces, random));
        equal(comparable(await count(uneven)), comparable(expected), `seed ${seed}`);
      }
    });
  }
});

needs("shared kafka")("a demo's seed gives the same election on the embedded log and on Kafka", async () => {
  const [broker] = await sharedKafka();
  const dir = await Deno.makeTempDir();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(dir, { recursive: true }));
  const embedded = stack.use(openEmbeddedLog({ dir, partitions: PARTITIONS, partitioner }));
  const kafka = stack.use(await openKafka(broker, newPrefix()));
  const other = stack.use(await openKafka(broker, newPrefix()));
  await runWholeDemo(embedded, 42);
  await runWholeDemo(kafka, 42);
  await runWholeDemo(other, 43);

  // Batches are cut differently; the records in them are the same.
  const records = async (log: EventLog) => (await readAll(log)).map((pieces) => pieces.flatMap(textsOf));
  const expected = await records(kafka);
  deepEqual(await records(embedded), expected);
  notEqual(JSON.stringify(await records(other)), JSON.stringify(expected));

  const [onEmbedded, onKafka] = [await count(embedded), await count(kafka)];
  equal(onKafka.totals.votes, 3_000);
  notEqual(onEmbedded.election.id, onKafka.election.id);
  equal(comparable({ ...onEmbedded, election: onKafka.election }), comparable(onKafka));

  for (const threads of [1, 2, 4]) {
    const read = await count(embedded, catchingUp({ kind: "embedded", dir }, threads));
    equal(comparable(read), comparable(onEmbedded), `read by ${threads} threads`);
  }
});

/** Reads by threads, of which none fails. */
function catchingUp(source: LogSource, threads: number): CatchUp {
  return createCatchUp({ source, rules, threads, onNotice: (message) => fail(message) });
}

function openKafka(broker: string, topicPrefix: string): Promise<EventLog> {
  const common = { partitions: PARTITIONS, partitioner };
  return openKafkaLog({ brokers: [broker], ssl: false, sasl: null, topicPrefix, ...common });
}

async function runWholeDemo(log: EventLog, seed: number): Promise<void> {
  const outcome = await runDemo({
    log,
    seed,
    voters: 3_000,
    candidates: 3,
    rate: 0,
    startAt: Date.parse("2026-05-07T07:00:00Z"),
    now: Date.now,
    signal: new AbortController().signal,
  });
  deepEqual(outcome, { done: true, votes: 3_000, voters: 3_000 });
}

/** Counts a log up to its end. */
async function count(log: EventLog, catchUp?: CatchUp): Promise<Results> {
  const ending = new AbortController();
  const stream = startStream({
    log,
    rules,
    catchUp,
    title: "The same everywhere",
    now: Date.now,
    signal: ending.signal,
  });
  const caughtUp = Promise.withResolvers<Results>();
  stream.updates.subscribe((results) => results.catching_up || caughtUp.resolve(results));
  stream.done.catch(caughtUp.reject);
  const results = await caughtUp.promise;
  ending.abort();
  await stream.done;
  return results;
}

/** Results as bytes, without what the wall clock says and what is no part of the count. */
const comparable = (results: Results) => JSON.stringify(lasting(results));

/** Everything that stands in the log now: a list per topic and partition, candidates' first. */
async function readAll(log: EventLog): Promise<Piece[][]> {
  const lists = TOPIC_NAMES.toSorted().map(async (topic) =>
    (await log.ends(topic)).map((end, partition) => readPartition(log, topic, partition, end))
  );
  return await Promise.all((await Promise.all(lists)).flat());
}

async function readPartition(log: EventLog, topic: Topic, partition: number, end: number): Promise<Piece[]> {
  const pieces: Piece[] = [];
  if (end === 0) return pieces;
  const done = new AbortController();
  for await (const batch of log.read(topic, new Map([[partition, 0]]), done.signal)) {
    // Copied: the port does not say how long a batch may be kept.
    pieces.push({ topic, batch: { ...batch, bytes: batch.bytes.slice(), ...slice(batch, 0, batch.n) } });
    if (batch.next >= end) done.abort();
  }
  return pieces;
}

function slice({ offsets, timestamps, bounds }: ReadBatch, from: number, to: number) {
  return {
    n: to - from,
    offsets: offsets.slice(from, to),
    timestamps: timestamps.slice(from, to),
    bounds: bounds.slice(4 * from, 4 * to),
  };
}

/** Cuts a partition's batches anew, and delivers some records twice, as after a lost connection. */
function* cut(pieces: readonly Piece[], random: () => number): Generator<Piece> {
  for (const { topic, batch } of pieces) {
    for (let from = 0, to: number; from < batch.n; from = to) {
      to = Math.min(batch.n, from + 1 + Math.floor(random() * 200));
      const again = random() < 0.2 ? Math.floor(random() * from) : from;
      const next = to === batch.n ? batch.next : batch.offsets[to - 1] + 1;
      yield { topic, batch: { ...batch, ...slice(batch, again, to), next } };
    }
  }
}

/** The same log, read in the order of a schedule: a reader gets its batch when its turn has come. */
function readAsScheduled(log: EventLog, schedule: readonly Piece[]): EventLog {
  let turn = 0;
  let wake = Promise.withResolvers<void>();
  return {
    ...log,
    async *read(topic, _from, signal) {
      const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      while (!signal.aborted) {
        if (schedule[turn]?.topic !== topic) {
          await Promise.race([wake.promise, aborted]);
          continue;
        }
        yield schedule[turn].batch;
        turn++;
        wake.resolve();
        wake = Promise.withResolvers();
      }
    },
  };
}

function byTopic(partitions: readonly Piece[][], first: Topic, second: Topic): Piece[] {
  const rank = (topic: Topic) => topic === first ? 0 : topic === second ? 1 : 2;
  return partitions.flat().sort((a, b) => rank(a.topic) - rank(b.topic));
}

/** Takes the next piece of one partition after the other; `choose` says which, of so many that have some left. */
function merge(partitions: readonly Piece[][], choose: (left: number, turn: number) => number): Piece[] {
  const rest = partitions.filter((pieces) => pieces.length > 0).map((pieces) => pieces.toReversed());
  const merged: Piece[] = [];
  for (let turn = 0; rest.length > 0; turn++) {
    const which = choose(rest.length, turn);
    merged.push(rest[which].pop()!);
    if (rest[which].length === 0) rest.splice(which, 1);
  }
  return merged;
}

function textsOf({ topic, batch: { bytes, n, bounds, partition, offsets } }: Piece) {
  const text = (start: number, end: number) => new TextDecoder().decode(bytes.subarray(start, end));
  return Array.from({ length: n }, (_, i) => {
    const [keyStart, keyEnd, valueStart, valueEnd] = bounds.subarray(4 * i, 4 * i + 4);
    const key = text(keyStart, keyEnd), value = text(valueStart, valueEnd);
    return { topic, partition, offset: offsets[i], key, value };
  });
}
