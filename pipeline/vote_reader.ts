/**
 * Reads one old record of votes_topic from the log, a few at a time.
 * @module
 */
import { Fault } from "./fault.ts";
import type { FoldWaits } from "./fold_waits.ts";
import type { EventLog, Position, ReadBatch } from "./log.ts";

/** A record of votes_topic, as the first of its batch. */
export interface FoundVote {
  readonly voterId: string;
  readonly batch: ReadBatch;
  /** Whether the fold is past it. */
  readonly folded: boolean;
}

/** Reads records of votes_topic by position. */
export interface VoteReader {
  /**
   * The record at a position, when the fold is past it or after a second; "absent" where none stands there or
   * it has no key, "overloaded" where too many are being read, "unavailable" where the log can't be asked.
   */
  read(position: Position): Promise<FoundVote | "absent" | "overloaded" | "unavailable">;
}

/** What a reader needs. */
export interface VoteReaderOptions {
  readonly log: Pick<EventLog, "read" | "ends">;
  readonly folded: FoldWaits["folded"];
  /** How many are read at the same time: on Kafka each is a connection of its own. */
  readonly atOnce?: number;
}

const FOLD_MS = 1_000;
const READ_MS = 2_000;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Makes the reader. */
export function createVoteReader({ log, folded, atOnce = 64 }: VoteReaderOptions): VoteReader {
  let reading = 0;

  async function isFolded({ partition, offset }: Position): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout>;
    const late = new Promise<false>((resolve) => timer = setTimeout(resolve, FOLD_MS, false));
    const past = folded("votes_topic", partition, offset).then(() => true);
    try {
      return await Promise.race([past, late]);
    } finally {
      clearTimeout(timer!);
    }
  }

  async function find(position: Position): ReturnType<VoteReader["read"]> {
    try {
      // Reading, or waiting for the fold, would wait for a record that does not stand yet.
      if (position.offset >= (await log.ends("votes_topic"))[position.partition]) return "absent";
    } catch (fault) {
      if (fault instanceof Fault && fault.retryable) return "unavailable";
      throw fault;
    }
    const past = await isFolded(position);
    const batch = await firstBatch(log, position);
    if (batch === null) return "unavailable";
    if (batch.n === 0 || batch.offsets[0] !== position.offset) return "absent";
    const [start, end] = batch.bounds;
    if (start < 0) return "absent";
    try {
      return { voterId: utf8.decode(batch.bytes.subarray(start, end)), batch, folded: past };
    } catch (error) {
      if (error instanceof TypeError) return "absent"; // a key that isn't UTF-8 is nobody's id
      throw error;
    }
  }

  return {
    async read(position) {
      if (reading >= atOnce) return "overloaded";
      reading++;
      try {
        return await find(position);
      } finally {
        reading--;
      }
    },
  };
}

/** The first batch from a position; null where none comes in time. */
async function firstBatch(log: Pick<EventLog, "read">, position: Position): Promise<ReadBatch | null> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), READ_MS);
  try {
    const from = new Map([[position.partition, position.offset]]);
    for await (const batch of log.read("votes_topic", from, ending.signal)) return batch;
    return null;
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}
