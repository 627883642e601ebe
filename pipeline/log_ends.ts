/**
 * Offsets of all topics and partitions, and how far some are behind others.
 * @module
 */
import { Fault } from "./fault.ts";
import { type EventLog, type Topic, TOPIC_NAMES } from "./log.ts";

const RETRY_MS = 1_000;

/** End offsets of all topics. An outage is waited out; null where the signal aborts before it is over. */
export async function endsOf(log: EventLog, signal: AbortSignal): Promise<Record<Topic, number[]> | null> {
  const aborted = new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null)));
  while (!signal.aborted) {
    try {
      return await Promise.race([aborted, readEnds(log)]);
    } catch (fault) {
      if (!(fault instanceof Fault && fault.retryable)) throw fault;
      await Promise.race([aborted, new Promise((resolve) => setTimeout(resolve, RETRY_MS))]);
    }
  }
  return null;
}

/** @throws {Fault} as `EventLog.ends` */
export async function readEnds(log: EventLog): Promise<Record<Topic, number[]>> {
  const ends = await Promise.all(TOPIC_NAMES.map((topic) => log.ends(topic)));
  return byTopic((_, i) => ends[i]);
}

/** A record of what a function gives for each topic. */
export function byTopic(offsets: (topic: Topic, i: number) => number[]): Record<Topic, number[]> {
  return Object.fromEntries(TOPIC_NAMES.map((topic, i) => [topic, offsets(topic, i)])) as Record<
    Topic,
    number[]
  >;
}

/** How many offsets each partition is behind. */
export function behind(
  ends: Record<Topic, number[]>,
  next: Record<Topic, number[]>,
): Record<Topic, number[]> {
  return byTopic((topic) => next[topic].map((at, partition) => Math.max(0, ends[topic][partition] - at)));
}

/** The sum of offsets. */
export function total(offsets: readonly number[]): number {
  return offsets.reduce((sum, offset) => sum + offset, 0);
}

/** The sum of all topics' offsets. */
export function totalOf(offsets: Record<Topic, number[]>): number {
  return total(Object.values(offsets).flat());
}
