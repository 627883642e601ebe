/**
 * A thread that reads for the main thread (see catch_up.ts): it fetches, checks and reads records, and folds nothing.
 *
 * It keeps no state of the count: whatever becomes of it, the same records can be read again from where the fold is.
 * @module
 */
import { BATCHES_AHEAD, type LongTopic, type ReaderOrder, type ReaderReply } from "./catch_up_messages.ts";
import type { ReadBatch } from "./log.ts";
import { readEmbeddedLog } from "./log_embedded.ts";
import { createKafkaReader } from "./log_kafka.ts";
import type { LogSource } from "./open_log.ts";
import { partitionerOf } from "./partitioner.ts";
import type { Rules } from "./record.ts";
import { readVoters, readVotes } from "./record_columns.ts";

type ReadOrder = Extract<ReaderOrder, { kind: "read" }>;
type Read = (order: ReadOrder) => AsyncIterable<ReadBatch>;

/** Nobody ends a reading thread but the main thread, from outside. */
const never = new AbortController().signal;
const ahead: Record<LongTopic, number> = { voters_topic: 0, votes_topic: 0 };
const taken: Partial<Record<LongTopic, () => void>> = {};
let read: Read, rules: Rules;

function reply(message: ReaderReply, transfer: Transferable[] = []): void {
  (self as unknown as Worker).postMessage(message, transfer);
}

function openSource(source: LogSource): Read {
  if (source.kind === "embedded") {
    return ({ topic, from, ends }) => readEmbeddedLog(source.dir, topic, from, ends, never);
  }
  const onNotice = (message: string) => reply({ kind: "notice", message });
  const reader = createKafkaReader({ ...source, onNotice });
  return ({ topic, from }) => reader.read(topic, from, never);
}

/** A Kafka log is read beyond the ends too: until the main thread has had enough. */
async function readAll(order: ReadOrder): Promise<void> {
  const { topic } = order;
  for await (const batch of read(order)) {
    if (ahead[topic] >= BATCHES_AHEAD) await new Promise<void>((resolve) => taken[topic] = resolve);
    ahead[topic]++;
    if (topic === "votes_topic") {
      const votes = readVotes(batch, rules);
      reply({ kind: "batch", topic, read: votes }, [votes.offsets.buffer]);
    } else {
      const voters = readVoters(batch, rules);
      reply({ kind: "batch", topic, read: voters }, [voters.offsets.buffer]);
    }
  }
}

self.addEventListener("message", (event) => {
  const order = (event as MessageEvent<ReaderOrder>).data;
  if (order.kind === "open") {
    read = openSource(order.source);
    rules = { ...order.rules, partitioner: partitionerOf(order.rules.partitioner) };
  } else if (order.kind === "read") {
    readAll(order).catch((fault) => reply({ kind: "failed", reason: String(fault?.message ?? fault) }));
  } else {
    ahead[order.topic]--;
    taken[order.topic]?.();
  }
});
