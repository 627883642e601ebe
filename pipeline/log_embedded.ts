/**
 * The EventLog without a broker: one SQLite file in DATA_DIR, used by one process.
 * @module
 */
import { setImmediate } from "node:timers";
import { Fault } from "./fault.ts";
import {
  type AppendRecord,
  type EventLog,
  OUTPUT_TOPICS,
  type Partitioner,
  type PartitionerName,
  type Position,
  type ReadBatch,
  type Topic,
  TOPICS,
} from "./log.ts";
import { BATCH_BYTES, batchesOf, toReadBatch } from "./log_embedded_batches.ts";
import { type LogFile, openLogFile, openLogFileToRead, type PlacedBatch } from "./log_embedded_file.ts";
import { partitionerOf } from "./partitioner.ts";

/** How the embedded log is opened. */
export interface EmbeddedLogOptions {
  /** DATA_DIR; the file in it is `log.sqlite`. */
  readonly dir: string;
  /** Of voters_topic and votes_topic, where the log is made now. */
  readonly partitions: number;
  readonly partitioner: Partitioner;
  /** The clock of the log's timestamps, epoch ms. */
  readonly now?: () => number;
}

interface Partition {
  readonly topic: Topic;
  readonly partition: number;
  /** Offset behind the last durable record. */
  next: number;
  timestamp: number;
  /** Accepted for the next commit. */
  waiting: AppendRecord[];
}

interface Call {
  readonly positions: Position[];
  readonly resolve: (positions: Position[]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Opens the log in DATA_DIR, or makes it.
 *
 * Appends that arrive in one turn of the event loop share one commit, and so one wait for the disk.
 * @throws {Fault} DATA_DIR_UNUSABLE where `log.sqlite` is not ours or damaged; LOG_UNAVAILABLE (retryable)
 */
export function openEmbeddedLog(options: EmbeddedLogOptions): EventLog {
  const { dir, now = Date.now } = options;
  const configured = { partitions: options.partitions, partitioner: nameOf(options.partitioner) };
  const file = openLogFile(fileIn(dir), configured);
  // Records stand where it put them, and every later one of the same voter must stand beside them.
  const partitioner = PARTITIONERS.find((name) => name === file.origin.partitioner)
    ? partitionerOf(file.origin.partitioner as PartitionerName)
    : options.partitioner;
  const partitions = openPartitions(file);
  let calls: Call[] = [];
  let closed = false;
  const sleeping = new Set<() => void>();

  const requireOpen = () => {
    if (closed) throw new Fault("LOG_CLOSED", "The log is closed.");
  };
  const wakeReaders = () => sleeping.forEach((wake) => wake());

  const commit = () => {
    const committed = calls;
    calls = [];
    if (committed.length === 0) return;
    const touched = Object.values(partitions).flat().filter(({ waiting }) => waiting.length > 0);
    const time = now();
    // A partition's timestamps never go backwards, whatever the clock does.
    for (const partition of touched) partition.timestamp = Math.max(partition.timestamp, time);
    try {
      file.append(rowsOf(touched));
    } catch (error) {
      for (const partition of touched) partition.waiting = [];
      for (const { reject } of committed) reject(error);
      return;
    }
    for (const partition of touched) {
      partition.next += partition.waiting.length;
      partition.waiting = [];
    }
    for (const { resolve, positions } of committed) resolve(positions);
    wakeReaders();
  };

  return {
    electionId: file.origin.electionId,
    findings: findingsOf(file, configured),
    partitioner,
    partitions: (topic) => partitions[topic].length,

    append(topic, records) {
      return new Promise<Position[]>((resolve, reject) => {
        requireOpen();
        if (records.length === 0) return resolve([]);
        const positions = records.map((record) => {
          const to = partitions[topic];
          const { partition, next, waiting } =
            to[record.key === null ? 0 : partitioner(record.key, to.length)];
          return { partition, offset: next + waiting.push(record) - 1 };
        });
        if (calls.push({ positions, resolve, reject }) === 1) setImmediate(commit);
      });
    },

    async *read(topic, from, signal) {
      requireOpen();
      const positions = new Map(from);
      for (const [partition, offset] of positions) {
        requireInRange(partitions[topic][partition], partition, offset);
      }
      while (!signal.aborted) {
        requireOpen();
        const behind = [...positions].filter(([partition, offset]) =>
          offset < partitions[topic][partition].next
        );
        if (behind.length === 0) await arrival(sleeping, signal);
        for (const [partition, offset] of behind) {
          // A consumer that never waits would otherwise keep timers, sockets and commits from their turn.
          await new Promise((resolve) => setImmediate(resolve));
          if (signal.aborted) return;
          requireOpen();
          const batch = toReadBatch(partition, offset, file.read(topic, partition, offset, BATCH_BYTES));
          positions.set(partition, batch.next);
          yield batch;
          if (signal.aborted) return;
        }
      }
    },

    // deno-lint-ignore require-await -- a closed log rejects instead of throwing
    async ends(topic) {
      requireOpen();
      return partitions[topic].map(({ next }) => next);
    },

    // deno-lint-ignore require-await -- a closed log rejects instead of throwing
    async emit(topic, records) {
      requireOpen();
      if (records.length === 0) return [];
      const first = file.outputs.append(topic, OUTPUT_TOPICS[topic].compacted, records, now());
      return records.map((_, i) => ({ partition: 0, offset: first + i }));
    },

    async *scan(topic, signal, from = 0) {
      requireOpen();
      const end = file.outputs.end(topic);
      for (let next = from; next < end;) {
        const page = file.outputs.page(topic, next, end);
        if (page.length === 0) return;
        for (const record of page) {
          if (signal?.aborted) return;
          yield record;
        }
        next = page[page.length - 1].offset + 1;
        await new Promise((resolve) => setImmediate(resolve));
        requireOpen();
      }
    },

    // deno-lint-ignore require-await -- everything is synchronous here, the port is not
    async [Symbol.asyncDispose]() {
      if (closed) return;
      commit();
      closed = true;
      wakeReaders();
      file[Symbol.dispose]();
    },
  };
}

/**
 * Reads a log that is open elsewhere, up to given end offsets: each partition's batches in their order, in turns.
 * @throws {Fault} DATA_DIR_UNUSABLE, LOG_UNAVAILABLE
 */
export async function* readEmbeddedLog(
  dir: string,
  topic: Topic,
  from: ReadonlyMap<number, number>,
  ends: ReadonlyMap<number, number>,
  signal: AbortSignal,
): AsyncGenerator<ReadBatch, void, undefined> {
  using file = openLogFileToRead(fileIn(dir));
  const positions = new Map(from);
  while (positions.size > 0) {
    for (const [partition, offset] of positions) {
      if (offset >= ends.get(partition)!) {
        positions.delete(partition);
        continue;
      }
      // A consumer that never waits would otherwise keep messages and timers from their turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return;
      const batch = toReadBatch(partition, offset, file.read(topic, partition, offset, BATCH_BYTES));
      positions.set(partition, batch.next);
      yield batch;
    }
  }
}

const fileIn = (dir: string) => `${dir}/log.sqlite`;

function openPartitions(file: LogFile): Record<Topic, Partition[]> {
  const ofTopic = (topic: Topic): Partition[] => {
    const length = TOPICS[topic].partitions === "one" ? 1 : file.origin.partitions;
    return Array.from({ length }, (_, partition) => ({
      topic,
      partition,
      ...file.end(topic, partition),
      waiting: [],
    }));
  };
  return {
    voters_topic: ofTopic("voters_topic"),
    votes_topic: ofTopic("votes_topic"),
    candidates_topic: ofTopic("candidates_topic"),
  };
}

function findingsOf({ origin }: LogFile, configured: { partitions: number; partitioner: string }): string[] {
  const findings: string[] = [];
  if (origin.partitions !== configured.partitions) {
    findings.push(
      `The log has ${origin.partitions} partitions and keeps them; ${configured.partitions} are configured.`,
    );
  }
  if (origin.partitioner !== configured.partitioner) {
    findings.push(
      `The log was made with the partitioner ${origin.partitioner} and keeps it; ${configured.partitioner} is configured.`,
    );
  }
  return findings;
}

const PARTITIONERS: readonly PartitionerName[] = ["murmur2", "crc32"];

/** The name to remember a partitioner by. */
function nameOf(partitioner: Partitioner): string {
  return PARTITIONERS.find((name) => partitionerOf(name) === partitioner) ?? "custom";
}

function requireInRange(found: Partition | undefined, partition: number, offset: number): void {
  if (found !== undefined && offset >= 0 && offset <= found.next) return;
  const holds = found === undefined ? "there is no such partition" : `it holds 0 to ${found.next}`;
  throw new Fault(
    "OFFSET_OUT_OF_RANGE",
    `Offset ${offset} of partition ${partition} was asked for: ${holds}.`,
  );
}

/** Waits until something is appended, the log is closed or the signal aborts. */
function arrival(sleeping: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      sleeping.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    sleeping.add(wake);
    signal.addEventListener("abort", wake);
  });
}

/** The waiting records as rows, one at a time. */
function* rowsOf(partitions: readonly Partition[]): Generator<PlacedBatch> {
  for (const { topic, partition, next, timestamp, waiting } of partitions) {
    for (const batch of batchesOf(waiting, next, timestamp)) yield { topic, partition, ...batch };
  }
}
