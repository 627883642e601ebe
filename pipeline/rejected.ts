/**
 * Rejected records as an operator meets them: listed, and given back to the log where they would count now.
 * @module
 */
import type { AppendRecord, EventLog, OutputRecord, Position, ReadBatch, Topic } from "./log.ts";
import type { Reason, Rules } from "./record.ts";
import { judge, sourceTopic } from "./sink_rejected.ts";

/** A rejected record, from votes_rejected. */
export interface Rejected extends AppendRecord, Position {
  /** Where it was rejected; partition and offset are that topic's. */
  readonly topic: Topic;
  readonly reason: string;
  /** When votes_rejected took it, epoch ms. */
  readonly at: number;
  /** Where it was appended again; null: it was not. */
  readonly replayedTo: Position | null;
}

/** What became of rejected records when they were replayed. */
export interface Replayed {
  /** Appended to their source topics. */
  appended: number;
  /** Left where they are because they would be rejected again, by reason. */
  readonly again: Partial<Record<Reason, number>>;
  /** Left where they are because an earlier replay has appended them. */
  before: number;
}

/** How replaying is done. */
export interface ReplayOptions {
  readonly log: EventLog;
  readonly rules: Rules;
  /** Epoch ms: what is appended now has to arrive within the opening hours. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** So many records are appended at once. */
const CHUNK = 500;

/** This election's rejected records in the order in which votes_rejected took them, each once. */
export async function* listRejected(log: EventLog, signal: AbortSignal): AsyncGenerator<Rejected> {
  const receipts = new Map<string, Position>();
  for await (const { headers } of log.scan("votes_rejected", signal)) {
    if (headers.election !== log.electionId || headers.replayed_offset === undefined) continue;
    const to = { partition: Number(headers.replayed_partition), offset: Number(headers.replayed_offset) };
    receipts.set(placeOf(headers), to);
  }
  // Every writer of votes_rejected goes by ascending offsets, so what was seen before is not above the greatest.
  const greatest = new Map<string, number>();
  for await (const { key, value, headers, timestamp } of log.scan("votes_rejected", signal)) {
    const topic = sourceTopic(headers.topic);
    if (headers.election !== log.electionId || headers.replayed_offset !== undefined || topic === null) {
      continue;
    }
    const partition = Number(headers.partition), offset = Number(headers.offset);
    const source = `${topic}/${partition}`;
    if (offset <= (greatest.get(source) ?? -1)) continue;
    greatest.set(source, offset);
    const replayedTo = receipts.get(placeOf(headers)) ?? null;
    yield { topic, partition, offset, key, value, reason: headers.reason, at: timestamp, replayedTo };
  }
}

/**
 * Appends every rejected record that is well-formed by now to its topic, in the partition of its key, and leaves a
 * receipt in votes_rejected. A crash in between leaves records that the next replay appends again: the first
 * of them counts, as always.
 */
export async function replayRejected(options: ReplayOptions): Promise<Replayed> {
  const { log, rules, now, signal } = options;
  const outcome: Replayed = { appended: 0, again: {}, before: 0 };
  let chunk: Rejected[] = [];

  async function appendChunk(): Promise<void> {
    for (const [topic, records] of Map.groupBy(chunk, ({ topic }) => topic)) {
      const positions = await log.append(topic, records.map(({ key, value }) => ({ key, value })));
      await log.emit("votes_rejected", records.map((record, i) => receiptOf(log, record, positions[i])));
      outcome.appended += records.length;
    }
    chunk = [];
  }

  for await (const rejected of listRejected(log, signal)) {
    if (rejected.replayedTo !== null) {
      outcome.before++;
      continue;
    }
    const reason = judge(rejected.topic, asAppended(rejected, rules, now()), 0, rules);
    if (reason !== null) {
      outcome.again[reason] = (outcome.again[reason] ?? 0) + 1;
      continue;
    }
    if (chunk.push(rejected) === CHUNK) await appendChunk();
  }
  await appendChunk();
  return outcome;
}

/** The record as a reader would get it if it was appended now. */
function asAppended({ topic, key, value }: Rejected, rules: Rules, now: number): ReadBatch {
  const keyBytes = key ?? new Uint8Array(0), valueBytes = value ?? new Uint8Array(0);
  const bytes = new Uint8Array(keyBytes.length + valueBytes.length);
  bytes.set(keyBytes);
  bytes.set(valueBytes, keyBytes.length);
  const inOnePartition = topic === "candidates_topic" || key === null;
  return {
    partition: inOnePartition ? 0 : rules.partitioner(key, rules.partitions),
    bytes,
    n: 1,
    offsets: new Float64Array(1),
    timestamps: new Float64Array([now]),
    bounds: new Int32Array([
      ...(key === null ? [-1, -1] : [0, keyBytes.length]),
      ...(value === null ? [-1, -1] : [keyBytes.length, bytes.length]),
    ]),
    next: 1,
  };
}

function receiptOf(
  log: EventLog,
  { topic, partition, offset, reason, key }: Rejected,
  to: Position,
): OutputRecord {
  return {
    key,
    value: null,
    headers: {
      reason,
      topic,
      partition: String(partition),
      offset: String(offset),
      election: log.electionId,
      replayed_partition: String(to.partition),
      replayed_offset: String(to.offset),
    },
  };
}

const placeOf = ({ topic, partition, offset }: Readonly<Record<string, string>>) =>
  `${topic}/${partition}/${offset}`;
