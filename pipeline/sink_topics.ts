/**
 * The sink of the aggregated topics: keeps the last record of each key at what the folds say.
 *
 * Nothing older is written over something newer: it writes only where its offsets are at or past those that it
 * finds in the topics, partition by partition. Where several Tellers share a log, one writes and the others
 * follow, until it has been silent for a while.
 * @module
 */
import { aggregatesOf, type AggregateTopic } from "./aggregates.ts";
import { failPoint } from "./fail_point.ts";
import type { Fold } from "./fold.ts";
import { type EventLog, OUTPUT_TOPIC_NAMES, type OutputRecord, type StoredOutput } from "./log.ts";
import type { Registry } from "./registry.ts";
import { type Offsets, offsetsOf, versionOf } from "./results.ts";
import { runRounds, SinkRefused } from "./sink_rounds.ts";
import type { Updates } from "./updates.ts";

/** What a sink reads, and whom it tells. */
export interface SinkOptions {
  readonly log: EventLog;
  readonly registry: Registry;
  readonly folds: readonly Fold[];
  readonly updates: Updates;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Ends the sink. */
  readonly signal: AbortSignal;
  /** Told, once each, what keeps the sink from writing and that it writes again. */
  readonly onNotice: (message: string) => void;
  /** Told the version that is completely written, after each round. */
  readonly onWritten?: (version: number) => void;
  /** False while another Teller writes; without it, whoever writes is followed until it is silent. */
  readonly mayPublish?: () => boolean;
  /** The shortest time between two rounds; by default a second. */
  readonly everyMs?: number;
}

const TOPICS = OUTPUT_TOPIC_NAMES.filter((topic): topic is AggregateTopic => topic !== "votes_rejected");
/** How many rounds' time another writer may be silent before this one takes over; half as much more by chance. */
const FOLLOW_ROUNDS = 4;
const EVERY_MS = 1_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What stands in the topics, as far as they have been read. */
interface Standing {
  /** The last value of each key. */
  readonly values: Record<AggregateTopic, Map<string, string>>;
  /** Where to read on. */
  readonly next: Record<AggregateTopic, number>;
  /** Offsets of our own records from `next` on. */
  readonly own: Record<AggregateTopic, Set<number>>;
  /** The greatest offset of each partition that any record stands for. */
  readonly offsets: Offsets;
  /** Whether everything has been read once, so that what is read now has just been written. */
  complete: boolean;
  /** Until then another writer is left alone, epoch ms. */
  followUntil: number;
}

/** Starts the sink; what it returns resolves when it has ended, and never rejects. */
export function startTopicSink(options: SinkOptions): Promise<void> {
  const { log, registry, folds, updates, now, signal, onNotice, onWritten, mayPublish } = options;
  const { everyMs = EVERY_MS } = options;
  const followMs = FOLLOW_ROUNDS * everyMs;
  let standing: Standing | null = null;

  async function round(): Promise<boolean> {
    // Several that start together begin one after the other.
    const at = standing ?? emptyStanding(now() + Math.random() * everyMs);
    standing = null; // after a failure nobody knows what stands
    await readOn(at);
    if (signal.aborted) return false;
    const offsets = offsetsOf(registry, folds);
    const changes = covers(offsets, at.offsets) ? changesOf(at, offsets) : null;
    const follows = now() < at.followUntil;
    if (changes !== null && !follows) {
      await Promise.all([...changes].map(([topic, records]) => write(at, topic, records)));
      merge(at.offsets, offsets);
    }
    standing = at;
    const done = changes !== null && (!follows || changes.size === 0);
    if (done) onWritten?.(versionOf(offsets));
    return changes !== null && !done;
  }

  /** Reads what others have written since. */
  async function readOn(at: Standing): Promise<void> {
    for (const topic of TOPICS) {
      for await (const record of log.scan(topic, signal, at.next[topic])) {
        at.next[topic] = record.offset + 1;
        take(at, topic, record, at.own[topic].delete(record.offset));
      }
    }
    at.complete = true;
  }

  function take(at: Standing, topic: AggregateTopic, record: StoredOutput, own: boolean): void {
    const { key, value, headers, timestamp } = record;
    if (headers.election !== undefined && headers.election !== log.electionId) {
      throw new SinkRefused(
        `${topic} holds another election's records (${headers.election}), so nothing is written to any of the ` +
          "aggregated topics. Set another TELLER_TOPIC_PREFIX, or delete those topics",
      );
    }
    const text = value === null ? "" : decoder.decode(value);
    if (key !== null) at.values[topic].set(decoder.decode(key), text);
    // A record of nobody's says nothing of what a Teller has written, whatever it is headed.
    const offsets = own || headers.election === undefined ? null : readOffsets(headers.offsets);
    // Whoever writes something older than what stood is no writer to follow: it is corrected at once.
    if (offsets === null || !covers(offsets, at.offsets)) return;
    merge(at.offsets, offsets);
    const writtenAt = at.complete ? now() : Math.min(timestamp, now());
    at.followUntil = Math.max(at.followUntil, writtenAt + followMs * (1 + Math.random() / 2));
  }

  function changesOf(at: Standing, offsets: Offsets): Map<AggregateTopic, OutputRecord[]> {
    const headers = {
      election: log.electionId,
      version: String(versionOf(offsets)),
      offsets: JSON.stringify(offsets),
    };
    const changes = new Map<AggregateTopic, OutputRecord[]>();
    for (const [topic, aggregate] of Object.entries(aggregatesOf(registry, folds))) {
      const records = [...aggregate]
        .map(([key, value]) => ({ key, value: JSON.stringify(value) }))
        .filter(({ key, value }) => at.values[topic as AggregateTopic].get(key) !== value)
        .map(({ key, value }) => ({ key: encoder.encode(key), value: encoder.encode(value), headers }));
      if (records.length > 0) changes.set(topic as AggregateTopic, records);
    }
    return changes;
  }

  async function write(at: Standing, topic: AggregateTopic, records: OutputRecord[]): Promise<void> {
    const positions = await log.emit(topic, records);
    failPoint("sink.topics.mid");
    for (const { offset } of positions) {
      // Something else may stand before ours: then reading goes on there, and ours are met again.
      if (offset === at.next[topic]) at.next[topic]++;
      else at.own[topic].add(offset);
    }
    for (const { key, value } of records) at.values[topic].set(decoder.decode(key!), decoder.decode(value!));
  }

  return runRounds({ name: "The aggregated topics", updates, signal, onNotice, round, mayPublish, everyMs });
}

function emptyStanding(followUntil: number): Standing {
  const each = <T>(value: () => T) =>
    Object.fromEntries(TOPICS.map((topic) => [topic, value()])) as Record<AggregateTopic, T>;
  return {
    values: each(() => new Map()),
    next: each(() => 0),
    own: each(() => new Set()),
    offsets: {},
    complete: false,
    followUntil,
  };
}

/** Whether `offsets` are at or past `found` in every partition. */
function covers(offsets: Offsets, found: Offsets): boolean {
  return Object.entries(found).every(([topic, partitions]) =>
    Object.entries(partitions).every(([partition, next]) => (offsets[topic]?.[partition] ?? 0) >= next)
  );
}

function merge(into: Offsets, offsets: Offsets): void {
  for (const [topic, partitions] of Object.entries(offsets)) {
    const of = into[topic] ??= {};
    for (const [partition, next] of Object.entries(partitions)) {
      of[partition] = Math.max(of[partition] ?? 0, next);
    }
  }
}

/** A header as we write it; null where it is not one of ours. */
function readOffsets(header: string | undefined): Offsets | null {
  if (header === undefined) return null;
  try {
    return JSON.parse(header) as Offsets;
  } catch {
    return null; // somebody else's header of that name says nothing about how old the record is
  }
}
