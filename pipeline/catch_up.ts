/**
 * Catching up: where the fold is far behind the log, threads of their own read for it, each some partitions.
 *
 * Reading (fetching, checking, looking through the JSON) is most of the work of counting; folding stays on the main
 * thread, where all that asks about voters and votes is. A reading thread holds nothing that would be lost with it:
 * when one fails, whoever reads instead goes on from where the fold is, and finds there what is wrong with the log.
 * @module
 */
import type { LongTopic, ReaderOrder, ReaderReply, ReadOf } from "./catch_up_messages.ts";
import type { LogSource } from "./open_log.ts";
import { partitionerName } from "./partitioner.ts";
import type { Rules } from "./record.ts";
import { onThreadFailure } from "./thread_failure.ts";

/** Reads ahead of the fold. */
export interface CatchUp extends Disposable {
  /** Reading fewer records takes less time than starting the threads. */
  readonly minRecords: number;
  /**
   * What a topic's records say, each partition's in offset order, from its next offset on until all partitions have
   * reached their ends; records behind the ends may be among them. Ends before that where a thread fails, which is
   * told of, or when it is disposed of.
   * @param from by partition
   * @param ends by partition
   */
  read<T extends LongTopic>(
    topic: T,
    from: readonly number[],
    ends: readonly number[],
  ): AsyncIterable<ReadOf[T]>;
}

/** What catching up needs. */
export interface CatchUpOptions {
  readonly source: LogSource;
  readonly rules: Rules;
  /** How many threads read; null: two, where there is enough to read. */
  readonly threads: number | null;
  readonly onNotice: (message: string) => void;
  /** Starts a thread; for tests of what happens when one fails. */
  readonly start?: () => Worker;
}

/** Two read about as fast as the fold folds. */
const DEFAULT_THREADS = 2;
const MIN_RECORDS = 20_000;

/** What one topic's readers have sent and nobody has taken yet. */
interface Inbox {
  readonly batches: { readonly worker: Worker; readonly reply: Extract<ReaderReply, { kind: "batch" }> }[];
  arrived: () => void;
}

/** Makes one; its threads are started by the first reading. */
export function createCatchUp(options: CatchUpOptions): CatchUp {
  const { source, rules, threads, onNotice, start = startReader } = options;
  const inboxes = new Map<LongTopic, Inbox>();
  let workers: Worker[] | null = null;
  let ended = false;

  function end(): void {
    ended = true;
    for (const worker of workers ?? []) worker.terminate();
    for (const { arrived } of inboxes.values()) arrived();
  }

  function fail(reason: string): void {
    if (!ended) onNotice(`A thread that reads the log has failed; it is read without it: ${reason}`);
    end();
  }

  function open(): Worker {
    const worker = start();
    worker.onmessage = ({ data: reply }: MessageEvent<ReaderReply>) => {
      if (reply.kind === "notice") return onNotice(reply.message);
      if (reply.kind === "failed") return fail(reply.reason);
      const inbox = inboxes.get(reply.topic)!;
      inbox.batches.push({ worker, reply });
      inbox.arrived();
    };
    onThreadFailure(worker, fail);
    order(worker, {
      kind: "open",
      source,
      rules: { ...rules, partitioner: partitionerName(rules.partitioner) },
    });
    return worker;
  }

  return {
    minRecords: threads === null ? MIN_RECORDS : 1,

    async *read<T extends LongTopic>(topic: T, from: readonly number[], ends: readonly number[]) {
      workers ??= Array.from({ length: Math.min(threads ?? DEFAULT_THREADS, from.length) }, open);
      const inbox: Inbox = { batches: [], arrived: () => {} };
      inboxes.set(topic, inbox);
      workers.forEach((worker, i) => {
        const mine = [...from.keys()].filter((partition) => partition % workers!.length === i);
        order(worker, {
          kind: "read",
          topic,
          from: new Map(mine.map((partition) => [partition, from[partition]])),
          ends: new Map(mine.map((partition) => [partition, ends[partition]])),
        });
      });
      const behind = new Set(from.keys().filter((partition) => from[partition] < ends[partition]));
      while (behind.size > 0) {
        if (ended) return;
        const next = inbox.batches.shift();
        if (next === undefined) {
          await new Promise<void>((resolve) => inbox.arrived = resolve);
          continue;
        }
        const read = next.reply.read as ReadOf[T];
        yield read;
        order(next.worker, { kind: "taken", topic });
        if (read.next >= ends[read.partition]) behind.delete(read.partition);
      }
      // What comes from now on is nobody's; no more than BATCHES_AHEAD, as none is taken.
      inbox.batches.length = 0;
    },
    [Symbol.dispose]: end,
  };
}

function order(worker: Worker, message: ReaderOrder): void {
  worker.postMessage(message);
}

function startReader(): Worker {
  return new Worker(new URL("./catch_up_worker.ts", import.meta.url), { type: "module" });
}
