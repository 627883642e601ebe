/**
 * Advice: tells the operator, once each, what in the log looks as if something had been forgotten.
 * @module
 */
import type { Fold } from "./fold.ts";
import type { Registry } from "./registry.ts";
import type { Updates } from "./updates.ts";

/** Beyond this share of a partition's records it is no longer one stray producer. */
const SUSPICIOUS_SHARE = 0.25;

/**
 * What to say of records in the wrong partition, or null where they are few.
 *
 * Of keys that another partitioner placed, 1 − 1 / partitions stand in the wrong place.
 */
export function partitionerAdvice(folds: readonly Fold[], configured: "murmur2" | "crc32"): string | null {
  const ledgers = folds.flatMap((fold) => [fold.votersLedger, fold.votesLedger]);
  const astray = ledgers.reduce((sum, ledger) => sum + ledger.found.wrong_partition, 0);
  const read = ledgers.reduce((sum, ledger) => sum + ledger.next - ledger.gaps, 0);
  if (astray === 0 || astray < SUSPICIOUS_SHARE * read) return null;
  const other = configured === "murmur2" ? "crc32" : "murmur2";
  const whose = other === "crc32" ? "librdkafka's default: kcat, Python" : "Java's and kafkajs'";
  return `${astray} of ${read} records are rejected as wrong_partition: their producer seems to use another ` +
    `partitioner; set TELLER_PARTITIONER=${other} (${whose}), unless they were written when there were fewer partitions`;
}

/** What to say where votes wait though nobody stands for election, or null. */
export function waitingAdvice(registry: Registry, folds: readonly Fold[]): string | null {
  const waiting = folds.reduce((sum, fold) => sum + fold.waiting, 0);
  if (waiting === 0 || registry.candidates.length > 0) return null;
  return `Votes wait (${waiting}), as no candidate is accredited: candidates_topic holds none; ` +
    "write them there, or POST them to /api/v1/candidates";
}

/** Says each piece of advice when it is first given, once the log has been read. */
export function advise(
  updates: Updates,
  say: (advice: string) => void,
  advices: (() => string | null)[],
): void {
  let left = advices;
  const unsubscribe = updates.subscribe(({ catching_up }) => {
    if (catching_up) return;
    left = left.filter((advice) => {
      const text = advice();
      if (text !== null) say(text);
      return text === null;
    });
    if (left.length === 0) unsubscribe();
  });
}
