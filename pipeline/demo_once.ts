/**
 * Appends each of the demo's records exactly once, whatever stood in the log before and whatever fails.
 * @module
 */
import { Fault } from "./fault.ts";
import type { AppendRecord, EventLog, Topic } from "./log.ts";

/** How long to wait before asking an unavailable log again. */
const RETRY_MS = 1000;

/** A record of the demo with the number it has among its topic's. */
export interface NumberedRecord extends AppendRecord {
  readonly number: number;
}

/** The demo's part of one topic: numbered records, each of which stands there or is missing. */
export interface Once {
  /** How many of them stand, as far as is known. */
  count(): number;
  /** Whether record i stands, as far as is known. */
  stands(i: number): boolean;
  /** How many records of somebody else were met. */
  strangers(): number;
  /** Reads what was appended since the last call, up to the topic's present ends; waits for an outage to end. */
  catchUp(signal: AbortSignal): Promise<void>;
  /**
   * Appends records and resolves when all of them stand, or when the signal aborts. After a rejection nobody
   * knows what stands, so it then reads the topic and appends only what is missing. One call at a time.
   * @throws {Fault} those of `EventLog.append` that are not retryable
   */
  append(records: readonly NumberedRecord[], signal: AbortSignal): Promise<void>;
}

/** Makes the view of a topic's first `size` numbers; `indexOf` tells a key's number, or −1: not the demo's. */
export function createOnce(options: {
  log: EventLog;
  topic: Topic;
  size: number;
  indexOf: (bytes: Uint8Array, start: number, end: number) => number;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}): Once {
  const { log, topic, size, indexOf, wait } = options;
  const standing = new Uint8Array(size);
  const next = new Float64Array(log.partitions(topic));
  let count = 0, strangers = 0;

  function mark(i: number): void {
    count += 1 - standing[i];
    standing[i] = 1;
  }

  async function readOn(signal: AbortSignal): Promise<void> {
    const ends = await log.ends(topic);
    const behind = () => next.some((offset, partition) => offset < ends[partition]);
    if (!behind()) return;
    const from = new Map(Array.from(next, (offset, partition) => [partition, offset]));
    const stop = new AbortController();
    try {
      for await (const batch of log.read(topic, from, AbortSignal.any([signal, stop.signal]))) {
        for (let r = 0; r < batch.n; r++) {
          const keyStart = batch.bounds[4 * r], keyEnd = batch.bounds[4 * r + 1];
          if (batch.bounds[4 * r + 2] < 0) continue; // a tombstone accredits nobody and is no vote
          const i = keyStart < 0 ? -1 : indexOf(batch.bytes, keyStart, keyEnd);
          if (i < 0) strangers++;
          else if (i < size) mark(i);
        }
        next[batch.partition] = batch.next;
        if (!behind()) break;
      }
    } finally {
      stop.abort();
    }
  }

  async function catchUp(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        return await readOn(signal);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        await wait(RETRY_MS, signal);
      }
    }
  }

  return {
    count: () => count,
    stands: (i) => standing[i] === 1,
    strangers: () => strangers,
    catchUp,
    async append(records, signal) {
      let missing = records;
      while (missing.length > 0 && !signal.aborted) {
        try {
          const positions = await unlessAborted(log.append(topic, missing), signal);
          if (positions === null) return; // whether they stand, the next run will read
          for (const { partition, offset } of positions) {
            next[partition] = Math.max(next[partition], offset + 1);
          }
          for (const record of missing) mark(record.number);
          return;
        } catch (error) {
          if (!isRetryable(error)) throw error;
          await catchUp(signal);
          missing = missing.filter((record) => !standing[record.number]);
        }
      }
    },
  };
}

/** What the work gives, or null once the signal aborts: an append waits for its broker as long as that takes. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  let end = () => {};
  const aborted = new Promise<null>((resolve) => end = () => resolve(null));
  signal.addEventListener("abort", end);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof Fault && error.retryable;
}
