/**
 * Guards: whether a snapshot may be gone on from, on this log and by these rules.
 * @module
 */
import { Fault } from "./fault.ts";
import { FOLD_VERSION } from "./fold.ts";
import { hashOfRecord } from "./ledger.ts";
import { type EventLog, type Topic, TOPIC_NAMES } from "./log.ts";
import { pause } from "./pause.ts";
import type { SnapshotFacts, SnapshotRules } from "./snapshot.ts";

const RETRY_MS = 1_000;
const REMEDY =
  "To count this log from its first record, move the folder snapshots away from DATA_DIR; to go on " +
  "with the election that is kept there, put its log back (KAFKA_BROKERS and TELLER_TOPIC_PREFIX say which one " +
  "is read), or set the DATA_DIR that belongs to this log";
const PARTITIONS_REMEDY =
  "Records stand where the former number put them, so most of them would be rejected in a count of this one: " +
  "set another TELLER_TOPIC_PREFIX, and a DATA_DIR of its own, and copy the records there by their keys";

/** What rules are called where they are said. */
const RULE_NAMES: Record<keyof SnapshotRules, string> = {
  partitions: "the number of partitions",
  partitioner: "TELLER_PARTITIONER",
  windowMs: "TELLER_WINDOW_SECONDS",
  graceMs: "TELLER_GRACE_SECONDS",
  opensAt: "TELLER_OPENS",
  closesAt: "TELLER_CLOSES",
};

/**
 * Which rules a snapshot was not made by, so that the log has to be counted anew; null where it was made by all of
 * those given.
 */
export function changedRules(facts: SnapshotFacts, rules: Partial<SnapshotRules>): string | null {
  if (facts.foldVersion !== FOLD_VERSION) {
    return "this version of Teller counts or keeps its count differently";
  }
  const names = Object.keys(rules) as (keyof SnapshotRules)[];
  const changed = names.filter((name) => rules[name] !== facts.rules[name]);
  return changed.length === 0 ? null : `changed since: ${changed.map((name) => RULE_NAMES[name]).join(", ")}`;
}

/**
 * Holds the log against what a snapshot remembers of it: its identity, its partitions, its ends and the last records
 * that were read. An outage is waited out.
 * @throws {Fault} LOG_CHANGED with the reason and what to do; the signal's reason where it aborts
 */
export async function requireSameLog(
  facts: SnapshotFacts,
  log: EventLog,
  signal: AbortSignal,
): Promise<void> {
  if (facts.electionId !== log.electionId) {
    throw changed(
      `the snapshots in DATA_DIR are of election ${facts.electionId}, the log is of ${log.electionId}`,
    );
  }
  for (const topic of TOPIC_NAMES) {
    const kept = facts.offsets[topic].length, found = log.partitions(topic);
    if (kept === found) continue;
    throw changed(`${topic} had ${kept} partitions and has ${found}`, { remedy: PARTITIONS_REMEDY });
  }
  for (const topic of TOPIC_NAMES) {
    const ends = await endsOf(log, topic, signal);
    for (const [partition, next] of facts.offsets[topic].entries()) {
      if (ends[partition] >= next) continue;
      throw changed(
        `${topic}, partition ${partition}, was read up to offset ${next} and ends at ${ends[partition]}`,
      );
    }
    await requireSameRecords(facts, log, topic, signal);
  }
}

async function requireSameRecords(
  facts: SnapshotFacts,
  log: EventLog,
  topic: Topic,
  signal: AbortSignal,
): Promise<void> {
  const remembered = new Map(
    facts.lastRecords[topic].flatMap((last, partition) => last === null ? [] : [[partition, last]]),
  );
  if (remembered.size === 0) return;
  const reading = new AbortController();
  const from = new Map([...remembered].map(([partition, { offset }]) => [partition, offset]));
  try {
    for await (const batch of log.read(topic, from, AbortSignal.any([signal, reading.signal]))) {
      const last = remembered.get(batch.partition);
      if (last === undefined) continue; // its first batch has been looked at
      remembered.delete(batch.partition);
      const stands = batch.n > 0 && batch.offsets[0] === last.offset && hashOfRecord(batch, 0) === last.hash;
      if (!stands) {
        throw changed(
          `at offset ${last.offset} of ${topic}, partition ${batch.partition}, stands another record`,
        );
      }
      if (remembered.size === 0) return;
    }
    signal.throwIfAborted();
  } catch (fault) {
    if (!(fault instanceof Fault && fault.code === "OFFSET_OUT_OF_RANGE")) throw fault;
    throw changed(`${topic} no longer holds the record that was read last`, { cause: fault });
  } finally {
    reading.abort();
  }
}

async function endsOf(log: EventLog, topic: Topic, signal: AbortSignal): Promise<number[]> {
  while (true) {
    try {
      return await log.ends(topic);
    } catch (fault) {
      if (!(fault instanceof Fault && fault.retryable)) throw fault;
      await pause(RETRY_MS, signal);
      signal.throwIfAborted();
    }
  }
}

function changed(
  reason: string,
  { remedy = REMEDY, cause }: { remedy?: string; cause?: unknown } = {},
): Fault {
  return new Fault("LOG_CHANGED", `The log is not the one that was counted: ${reason}. ${remedy}`, { cause });
}
