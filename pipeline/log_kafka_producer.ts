/**
 * Appends: idempotently, one send at a time, and whatever has come in meanwhile goes into the next one.
 *
 * With one send under way a repeated batch is always the last one that the broker took from this producer, so
 * it is recognised and answered with where it stands; with more, records that were acknowledged can get lost.
 * @module
 */
import { Fault } from "./fault.ts";
import type { Position } from "./log.ts";
import { backoffMs } from "./log_kafka_backoff.ts";
import { pause } from "./pause.ts";
import type { KafkaCluster } from "./log_kafka_cluster.ts";
import { type EncodableRecord, encodeBatch, encodedSize } from "./log_kafka_encode.ts";
import { isRefusal, isRetriable, meaningOf } from "./log_kafka_errors.ts";
import type { Notices } from "./log_kafka_notices.ts";
import { produceRequest, readProduce } from "./log_kafka_wire.ts";

/** A topic as the producer needs to know it. */
export interface AppendTarget {
  /** With prefix. */
  readonly topic: string;
  readonly partitionOf: (key: Uint8Array | null) => number;
  /** What the topic accepts as one batch, and at most some 900 KB. */
  readonly maxBatchBytes: number;
}

/** Appends to one log; disposing it waits for what is pending, but 2 s at most. */
export interface Producer extends AsyncDisposable {
  append(target: AppendTarget, records: readonly EncodableRecord[]): Promise<Position[]>;
}

const MAX_SEND_BYTES = 4_000_000;
const BROKER_TIMEOUT_MS = 10_000;
const CLOSE_MS = 2_000;
/** So often a broker may answer without taking a batch: that is part of any change of leaders. */
const QUIET_ANSWERS = 4;

/** One call of append. */
interface Call {
  readonly target: AppendTarget;
  readonly records: readonly EncodableRecord[];
  readonly positions: Position[];
  /** How many of its records have been put into sends. */
  taken: number;
  /** How many stand in the log. */
  durable: number;
  readonly resolve: (positions: Position[]) => void;
  readonly reject: (fault: Fault) => void;
  settled: boolean;
}

/** The records of one partition in one send. */
interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly records: EncodableRecord[];
  /** Record i is record `indexes[i]` of call `calls[i]`. */
  readonly calls: Call[];
  readonly indexes: number[];
  bytes: number;
  encoded: Uint8Array;
  notTaken: number;
}

interface Identity {
  readonly id: bigint;
  readonly epoch: number;
  /** The next sequence number by topic and partition. */
  readonly sequences: Map<string, number>;
}

/** Makes the producer; it speaks to the cluster when something is appended, and closes it with itself. */
export function createProducer(cluster: KafkaCluster, notices: Notices): Producer {
  const queue: Call[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  let identity: Identity | null = null;
  let closed = false;
  let sending: Promise<void> | null = null;
  let leaders = new Map<string, readonly number[]>();

  return {
    append(target, records) {
      if (closed) return Promise.reject(closedFault());
      if (records.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        const positions = new Array<Position>(records.length);
        queue.push({ target, records, positions, taken: 0, durable: 0, resolve, reject, settled: false });
        sending ??= sendAll();
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      if (sending !== null) {
        const patience = new AbortController();
        await Promise.race([sending, pause(CLOSE_MS, patience.signal)]);
        patience.abort();
      }
      ending.abort();
      await cluster[Symbol.asyncDispose]();
      await sending;
    },
  };

  async function sendAll(): Promise<void> {
    // Calls made in the same turn of the event loop share the first send.
    await Promise.resolve();
    while (queue.length > 0 && !signal.aborted) await send(collect(queue));
    for (const call of queue.splice(0)) settle(call, closedFault());
    sending = null;
  }

  async function send(batches: Batch[]): Promise<void> {
    let who;
    try {
      who = identity ??= await newIdentity();
    } catch (error) {
      return fail(batches, error as Fault);
    }
    for (const batch of batches) {
      const place = placeOf(batch);
      const sequence = who.sequences.get(place) ?? 0;
      const stamp = { producerId: who.id, epoch: who.epoch, sequence };
      batch.encoded = encodeBatch(batch.records, Date.now(), stamp);
      who.sequences.set(place, (sequence + batch.records.length) & 0x7fffffff);
    }
    const pending = new Map(batches.map((batch) => [placeOf(batch), batch]));
    for (let failures = 0; pending.size > 0; failures++) {
      await pause(backoffMs(failures), signal);
      if (signal.aborted) return fail([...pending.values()], closedFault());
      if (failures > 0) leaders = new Map();
      await sendOnce(pending);
    }
    for (const batch of batches) if (batch.notTaken >= QUIET_ANSWERS) notices.up(nameOf(batch));
  }

  /** An answer, but not the one hoped for. An outage of the brokers is told of elsewhere. */
  function notTaken(batch: Batch) {
    if (++batch.notTaken >= QUIET_ANSWERS) notices.down(nameOf(batch), "no broker takes records");
  }

  /** Sends each leader its part of what is pending, and takes from it what got a final answer. */
  async function sendOnce(pending: Map<string, Batch>): Promise<void> {
    if (!await learnLeaders(pending)) return;
    const parts = Map.groupBy(pending.values(), leaderOf);
    await Promise.all([...parts].map(async ([leader, part]) => {
      if (leader < 0) return part.forEach(notTaken);
      const request = produceRequest(
        part.map(({ topic, partition, encoded }) => ({ topic, partition, batch: encoded })),
        BROKER_TIMEOUT_MS,
      );
      let answers;
      try {
        answers = readProduce(await cluster.send(leader, request));
      } catch {
        return; // The cluster has told of it. Whether the records stand is unknown: the same again will show.
      }
      for (const { topic, partition, errorCode, baseOffset } of answers) {
        const place = placeOf({ topic, partition });
        const batch = pending.get(place);
        if (batch === undefined) continue;
        if (isRetriable(errorCode)) {
          notTaken(batch);
          continue;
        }
        pending.delete(place);
        if (errorCode === 0 && baseOffset >= 0) complete(batch, baseOffset);
        else giveUp(batch, errorCode);
      }
    }));
  }

  /** False where nobody could say who leads what. */
  async function learnLeaders(pending: ReadonlyMap<string, Batch>): Promise<boolean> {
    const unknown = [...pending.values()].map(({ topic }) => topic).filter((topic) => !leaders.has(topic));
    if (unknown.length === 0) return true;
    try {
      const { topics } = await cluster.metadata([...new Set(unknown)]);
      for (const topic of topics) leaders.set(topic.name, topic.leaders);
      return true;
    } catch {
      return false; // The cluster has told of it.
    }
  }

  function leaderOf({ topic, partition }: Batch): number {
    return leaders.get(topic)?.[partition] ?? -1;
  }

  /** @throws {Fault} LOG_REFUSED where this user may not have one, LOG_CLOSED where the log was closed meanwhile */
  async function newIdentity(): Promise<Identity> {
    for (let failures = 0; !signal.aborted; failures++) {
      await pause(backoffMs(failures), signal);
      try {
        const { brokers } = await cluster.metadata([]);
        const { producerId, producerEpoch } = await cluster.use(
          brokers[failures % brokers.length].nodeId,
          (broker) => broker.initProducerId({ transactionTimeout: 30_000 }),
        );
        return { id: BigInt(producerId), epoch: producerEpoch, sequences: new Map() };
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (typeof code === "number" && isRefusal(code)) throw new Fault("LOG_REFUSED", meaningOf(code));
        // The cluster has told of any other.
      }
    }
    throw closedFault();
  }

  /**
   * The broker did not take the batch, or did and can't say where. Its sequence numbers are not used for
   * anything else, or that would pass for a repetition: what comes next has a new producer id.
   */
  function giveUp(batch: Batch, errorCode: number) {
    identity = null;
    const what = `appending to ${nameOf(batch)}`;
    fail(
      [batch],
      new Fault(
        isRefusal(errorCode) ? "LOG_REFUSED" : "LOG_UNAVAILABLE",
        errorCode === 0 ? `${what}: the broker does not say where` : `${what}: ${meaningOf(errorCode)}`,
        { retryable: !isRefusal(errorCode) },
      ),
    );
  }
}

/** Takes from the queue what fits into one send: in order, and within each partition's limit. */
function collect(queue: Call[]): Batch[] {
  const batches = new Map<string, Batch[]>();
  let total = 0;
  collecting: while (queue.length > 0) {
    const call = queue[0];
    const { target, records } = call;
    const ofTopic = batches.get(target.topic) ?? [];
    batches.set(target.topic, ofTopic);
    for (; call.taken < records.length && !call.settled; call.taken++) {
      const record = records[call.taken];
      const size = encodedSize(record);
      const partition = target.partitionOf(record.key);
      const batch = ofTopic[partition] ??= emptyBatch(target.topic, partition);
      const full = batch.records.length > 0 && batch.bytes + size > target.maxBatchBytes;
      if (full || (total > 0 && total + size > MAX_SEND_BYTES)) break collecting;
      batch.records.push(record);
      batch.calls.push(call);
      batch.indexes.push(call.taken);
      batch.bytes += size;
      total += size;
    }
    queue.shift();
  }
  // Partitions without records are holes, or were found full by another's first record.
  return [...batches.values()].flat().filter((batch) => batch?.records.length > 0);
}

function emptyBatch(topic: string, partition: number): Batch {
  const encoded = new Uint8Array(0);
  return { topic, partition, records: [], calls: [], indexes: [], bytes: 0, encoded, notTaken: 0 };
}

function complete({ partition, calls, indexes }: Batch, baseOffset: number) {
  for (let i = 0; i < calls.length; i++) {
    const call = calls[i];
    call.positions[indexes[i]] = { partition, offset: baseOffset + i };
    if (++call.durable === call.records.length) settle(call, null);
  }
}

function fail(batches: readonly Batch[], fault: Fault) {
  for (const { calls } of batches) for (const call of calls) settle(call, fault);
}

function settle(call: Call, fault: Fault | null) {
  if (call.settled) return;
  call.settled = true;
  if (fault === null) call.resolve(call.positions);
  else call.reject(fault);
}

const placeOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`;
const nameOf = ({ topic, partition }: Batch) => `Kafka topic ${topic}, partition ${partition}`;
const closedFault = () => new Fault("LOG_CLOSED", "the log was closed");
