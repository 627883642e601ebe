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
  /** Reads what was appended since the last call, up to the topic's present ends. */
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

  async function catchUp(signal: AbortSignal): Promise<void> {
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

  /** Tries until the log is available or the signal aborts. */
  async function catchUpAgain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await wait(RETRY_MS, signal);
      try {
        return await catchUp(signal);
      } catch (error) {
        if (!isRetryable(error)) throw error;
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
          const positions = await log.append(topic, missing);
          for (const { partition, offset } of positions) {
            next[partition] = Math.max(next[partition], offset + 1);
          }
          for (const record of missing) mark(record.number);
          return;
        } catch (error) {
          if (!isRetryable(error)) throw error;
          await catchUpAgain(signal);
          missing = missing.filter((record) => !standing[record.number]);
        }
      }
    },
  };
}

function isRetryable(error: unknown): boolean {
  return error instanceof Fault && error.retryable;
}
