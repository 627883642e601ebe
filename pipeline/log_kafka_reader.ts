/**
 * Reads partitions of a topic from given offsets, without a consumer group: positions are the caller's, every
 * error surfaces, and nothing is ever skipped.
 * @module
 */
import { setImmediate } from "node:timers";
import { Fault } from "./fault.ts";
import type { ReadBatch } from "./log.ts";
import { backoffMs } from "./log_kafka_backoff.ts";
import { pause } from "./pause.ts";
import { walkBatches } from "./log_kafka_batches.ts";
import type { KafkaCluster } from "./log_kafka_cluster.ts";
import { KafkaError, meaningOf } from "./log_kafka_errors.ts";
import type { Notices } from "./log_kafka_notices.ts";
import { type FetchedPartition, fetchRequest, readFetch } from "./log_kafka_wire.ts";

/** The wait costs nothing while records arrive: a Fetch is answered with the first one. */
const LIMITS = { maxWaitMs: 250, minBytes: 1, maxBytes: 8 << 20 };
/** Of less, a broker takes as long over its answers as a reader over them. */
const PARTITION_BYTES = 4 << 20;
/** So often a broker may answer without giving records: that is part of any change of leaders. */
const QUIET_ANSWERS = 3;
/** So often a damaged batch is fetched anew before it counts as damaged in the log itself. */
const DAMAGED_TRIES = 3;

/** Where a partition is being read. */
interface Place {
  readonly partition: number;
  readonly name: string;
  next: number;
  /** Null: to be asked for. */
  leader: number | null;
  /** Part of a Fetch that is under way. */
  busy: boolean;
  maxBytes: number;
  /** In a row, of any kind: how long to wait. */
  failures: number;
  /** Of these, those where the brokers answered: an outage of theirs is told of elsewhere. */
  emptyAnswers: number;
  damagedTries: number;
}

/** What came of a Fetch, or of asking for leaders. */
interface Outcome {
  readonly task: number;
  readonly places: readonly Place[];
  readonly fetched: readonly FetchedPartition[];
  /** Where the fetched bytes stand. */
  readonly answer: Uint8Array | null;
}

/** Tasks are named by the broker that they fetch from; this one asks who leads what. */
const ASK = -1;

/**
 * Reads until the signal aborts, or the caller stops iterating.
 *
 * Every leader has at most one Fetch under way, and none waits for another's.
 * @param cluster for this reader alone: it is closed when the signal aborts, so that nothing is waited for
 * @param topic with prefix
 * @param walk what is made of a Fetch's answer
 */
export async function* readTopic(
  cluster: KafkaCluster,
  topic: string,
  from: ReadonlyMap<number, number>,
  signal: AbortSignal,
  notices: Notices,
  walk: typeof walkBatches = walkBatches,
): AsyncGenerator<ReadBatch, void, undefined> {
  const ending = new AbortController();
  const end = () => {
    ending.abort();
    void cluster[Symbol.asyncDispose]();
  };
  signal.addEventListener("abort", end);
  const places = [...from].map(([partition, next]) => createPlace(topic, partition, next));
  const tasks = new Map<number, Promise<Outcome>>();
  try {
    if (places.length === 0) await aborted(signal);
    startTasks(cluster, topic, places, tasks, ending.signal);
    while (!signal.aborted) {
      const { task, places: asked, fetched, answer } = await Promise.race(tasks.values());
      tasks.delete(task);
      if (signal.aborted) return;
      for (const place of asked) place.busy = false;
      const { batches, fault } = takeAll(asked, fetched, notices, walk);
      // While the caller works through these, the brokers send what comes next; the requests must have left by then.
      if (fault === null) startTasks(cluster, topic, places, tasks, ending.signal);
      if (batches.length > 0) await new Promise((resolve) => setImmediate(resolve));
      for (const batch of batches) {
        yield batch;
        if (signal.aborted) return;
      }
      if (fault !== null) throw fault;
      if (answer !== null) cluster.reuse(task, answer);
      for (const place of places) {
        if (place.emptyAnswers >= QUIET_ANSWERS) notices.down(place.name, "no broker gives its records");
      }
    }
  } finally {
    signal.removeEventListener("abort", end);
    ending.abort();
  }
}

function createPlace(topic: string, partition: number, next: number): Place {
  const name = `Kafka topic ${topic}, partition ${partition}`;
  return {
    partition,
    name,
    next,
    leader: null,
    busy: false,
    maxBytes: PARTITION_BYTES,
    failures: 0,
    emptyAnswers: 0,
    damagedTries: 0,
  };
}

/** Starts what can be: asking for leaders that are unknown, and a Fetch from each leader that has none. */
function startTasks(
  cluster: KafkaCluster,
  topic: string,
  places: Place[],
  tasks: Map<number, Promise<Outcome>>,
  signal: AbortSignal,
) {
  const unknown = places.filter(({ leader }) => leader === null);
  if (unknown.length > 0 && !tasks.has(ASK)) {
    tasks.set(ASK, askForLeaders(cluster, topic, unknown, signal));
  }
  const idle = places.filter(({ leader, busy }) => leader !== null && !busy);
  for (const [leader, ofLeader] of Map.groupBy(idle, ({ leader }) => leader as number)) {
    if (tasks.has(leader)) continue;
    for (const place of ofLeader) place.busy = true;
    tasks.set(leader, fetch(cluster, topic, leader, ofLeader));
  }
  // Brokers fill an answer in the order asked for: let another partition be first next time.
  const first = places.shift();
  if (first !== undefined) places.push(first);
}

async function askForLeaders(
  cluster: KafkaCluster,
  topic: string,
  unknown: readonly Place[],
  signal: AbortSignal,
): Promise<Outcome> {
  await pause(backoffMs(Math.max(0, ...unknown.map(({ failures }) => failures))), signal);
  let leaders: readonly number[] | null = null;
  try {
    leaders = (await cluster.metadata([topic])).topics[0].leaders;
  } catch {
    // The cluster has told of it.
  }
  for (const place of unknown) {
    if (leaders !== null && leaders[place.partition] >= 0) {
      place.leader = leaders[place.partition];
      continue;
    }
    place.failures++;
    if (leaders !== null) place.emptyAnswers++;
  }
  return { task: ASK, places: [], fetched: [], answer: null };
}

async function fetch(
  cluster: KafkaCluster,
  topic: string,
  leader: number,
  places: readonly Place[],
): Promise<Outcome> {
  // A batch that is larger than all limits comes whole when it comes first.
  const maxBytes = Math.max(LIMITS.maxBytes, ...places.map((place) => place.maxBytes));
  try {
    const answer = await cluster.send(leader, fetchRequest(topic, places, { ...LIMITS, maxBytes }));
    const { errorCode, partitions } = readFetch(answer);
    if (errorCode !== 0) throw new Error(meaningOf(errorCode));
    return { task: leader, places, fetched: partitions, answer };
  } catch {
    // The cluster has told of it. Somebody else may lead these by now.
    for (const place of places) ask(place);
    return { task: leader, places, fetched: [], answer: null };
  }
}

function ask(place: Place) {
  place.leader = null;
  place.failures++;
}

/** The batches of a Fetch's answer, up to those of the partition that is at fault, if one is. */
function takeAll(
  asked: readonly Place[],
  fetched: readonly FetchedPartition[],
  notices: Notices,
  walk: typeof walkBatches,
): { batches: ReadBatch[]; fault: Fault | null } {
  const batches: ReadBatch[] = [];
  for (const part of fetched) {
    const place = asked.find(({ partition }) => partition === part.partition);
    if (place === undefined) continue;
    try {
      const taken = take(place, part, notices, walk);
      place.next = taken.at(-1)?.next ?? place.next;
      batches.push(...taken);
    } catch (fault) {
      if (fault instanceof Fault) return { batches, fault };
      throw fault;
    }
  }
  return { batches, fault: null };
}

/** The batches of a partition; none where the partition has to be asked for again. */
function take(
  place: Place,
  part: FetchedPartition,
  notices: Notices,
  walk: typeof walkBatches,
): readonly ReadBatch[] {
  const { errorCode, records, aborted } = part;
  switch (errorCode) {
    case 0:
      break;
    case KafkaError.OFFSET_OUT_OF_RANGE:
      throw new Fault("OFFSET_OUT_OF_RANGE", `${place.name}: it does not hold offset ${place.next}`);
    case KafkaError.TOPIC_AUTHORIZATION_FAILED:
      throw new Fault("LOG_REFUSED", `${place.name}: ${meaningOf(errorCode)}`);
    case KafkaError.CORRUPT_MESSAGE:
      damaged(place, new Fault("LOG_REFUSED", `the broker finds offset ${place.next} damaged`));
      return [];
    default:
      ask(place);
      place.emptyAnswers++;
      return [];
  }
  if (place.emptyAnswers > 0) notices.up(place.name);
  place.failures = place.emptyAnswers = 0;

  let walked;
  try {
    walked = walk(place.partition, records, place.next, aborted);
  } catch (error) {
    if (!(error instanceof Fault && error.retryable)) throw error;
    damaged(place, error);
    return [];
  }
  place.maxBytes = Math.max(PARTITION_BYTES, walked.missingBytes);
  if (walked.batches.length > 0) place.damagedTries = 0;
  return walked.batches;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function damaged(place: Place, cause: Fault) {
  if (++place.damagedTries < DAMAGED_TRIES) return;
  throw new Fault("LOG_REFUSED", `${place.name}: ${cause.message}`, { cause });
}
