/**
 * Data quality in the aggregated topics: whether the last record of each key is Teller's own and says what the
 * folds say.
 * @module
 */
import { aggregatesOf, type AggregateTopic } from "./aggregates.ts";
import type { Fold } from "./fold.ts";
import { type EventLog, OUTPUT_TOPIC_NAMES } from "./log.ts";
import { type Check, compared, type Offender, unknown } from "./quality.ts";
import type { Registry } from "./registry.ts";

const ID = "aggregated_topics";
const COMPARES =
  "Keys of the aggregated topics whose last record is not Teller's or not the folds', against none";
const TOPICS = OUTPUT_TOPIC_NAMES.filter((topic): topic is AggregateTopic => topic !== "votes_rejected");

/** The check where the topics can't be read. */
export function topicsUnknown(): Check {
  return unknown(ID, COMPARES);
}

/** The last record of a key. */
interface Last {
  readonly offset: number;
  readonly value: string;
  /** Whether its headers say that a Teller of this election wrote it. */
  readonly own: boolean;
}

/** Reads the topics on and compares them; each call goes on where the one before stopped. */
export type TopicCheck = (signal: AbortSignal) => Promise<Check>;

/** Makes the check; it holds the last record of each key. */
export function createTopicCheck(log: EventLog, registry: Registry, folds: readonly Fold[]): TopicCheck {
  const decoder = new TextDecoder();
  const last = new Map(TOPICS.map((topic) => [topic, new Map<string, Last>()]));
  const next = new Map(TOPICS.map((topic) => [topic, 0]));
  /** What the folds said at the call before, by topic and key. */
  let before = new Map<string, string>();

  async function readOn(signal: AbortSignal): Promise<void> {
    for (const topic of TOPICS) {
      for await (const { offset, key, value, headers } of log.scan(topic, signal, next.get(topic))) {
        next.set(topic, offset + 1);
        last.get(topic)!.set(key === null ? "" : decoder.decode(key), {
          offset,
          value: value === null ? "" : decoder.decode(value),
          own: headers.election === log.electionId && headers.offsets !== undefined,
        });
      }
    }
  }

  return async (signal) => {
    await readOn(signal);
    const offenders: Offender[] = [];
    const now = new Map<string, string>();
    for (const [topic, aggregate] of Object.entries(aggregatesOf(registry, folds))) {
      const stands = last.get(topic as AggregateTopic)!;
      for (const key of new Set([...aggregate.keys(), ...stands.keys()])) {
        const expected = aggregate.has(key) ? JSON.stringify(aggregate.get(key)) : "";
        const name = `${topic}/${key}`;
        now.set(name, expected);
        const found = stands.get(key);
        // What has only just changed may not have been written yet.
        const stale = before.get(name) === expected && (found?.value ?? "") !== expected;
        if (!stale && (found === undefined || found.own)) continue;
        offenders.push({ topic: topic as AggregateTopic, partition: 0, offset: found?.offset });
      }
    }
    before = now;
    return compared(ID, COMPARES, offenders.length, 0, offenders);
  };
}
