/**
 * Tells the operator when the log's keys look as if another partitioner had placed them.
 * @module
 */
import type { Fold } from "./fold.ts";

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
