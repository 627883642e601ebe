/**
 * Ledger: what became of every record of one partition of one topic.
 *
 * What is counted in it plus what the fold keeps itself accounts for every offset up to `next`; the data-quality
 * checks hold it to that.
 * @module
 */
import { createHash } from "node:crypto";
import type { ReadBatch } from "./log.ts";
import { type Reason, REASONS } from "./record.ts";
import type { LastRecord } from "./snapshot.ts";

/** How many offsets are kept of each finding. */
export const OFFSETS_PER_FINDING = 100;

/** What is worth a look besides rejections. */
export const ODDITIES = [
  "other_content", // a later record of the same id, with other content
  "replaced_time", // a vote that counts at its log timestamp, its event time being absent or in the future
] as const;

/** What a finding is about: a reason of rejection, or an oddity. */
export type Finding = Reason | typeof ODDITIES[number];

/** Where reading stands and what became of the records before it. */
export interface Ledger {
  /** The offset of the next record to fold. */
  next: number;
  /** Offsets that hold no record: transaction markers, aborted records. */
  gaps: number;
  /** The last record folded: what stands at its offset at a restart must be the same. Null where none was. */
  last: LastRecord | null;
  /** How often each finding was made. */
  found: Record<Finding, number>;
  /** The first OFFSETS_PER_FINDING offsets of each finding. */
  offsets: Record<Finding, number[]>;
}

/** A ledger at offset 0. */
export function createLedger(): Ledger {
  const findings: Finding[] = [...REASONS, ...ODDITIES];
  return {
    next: 0,
    gaps: 0,
    last: null,
    found: Object.fromEntries(findings.map((finding) => [finding, 0])) as Record<Finding, number>,
    offsets: Object.fromEntries(findings.map((finding) => [finding, []])) as unknown as Record<
      Finding,
      number[]
    >,
  };
}

/** What a ledger keeps account of: the offsets of a batch, and its last record. */
export interface Accountable extends Pick<ReadBatch, "n" | "offsets" | "next"> {
  readonly last: LastRecord | null;
}

/**
 * Calls `fold` for every record of the batch that was not folded before, in offset order, and accounts for gaps.
 * A batch read twice, or partly, changes nothing the second time.
 */
export function foldBatch(
  ledger: Ledger,
  { n, offsets, next, last }: Accountable,
  fold: (i: number, offset: number) => void,
): void {
  const before = ledger.next;
  for (let i = 0; i < n; i++) {
    const offset = offsets[i];
    if (offset < ledger.next) continue;
    ledger.gaps += offset - ledger.next;
    ledger.next = offset + 1;
    fold(i, offset);
  }
  if (last !== null && last.offset >= before) ledger.last = last;
  if (next > ledger.next) {
    ledger.gaps += next - ledger.next;
    ledger.next = next;
  }
}

/** The last record of a batch: of it alone, as a hash of each would cost more than the fold. Null where there is none. */
export function lastRecordOf(batch: ReadBatch): LastRecord | null {
  const at = batch.n - 1;
  return at < 0 ? null : { offset: batch.offsets[at], hash: hashOfRecord(batch, at) };
}

/** 64 hex digits: SHA-256 of record i's key and value, each behind its length, and null unlike empty. */
export function hashOfRecord({ bytes, bounds }: ReadBatch, i: number): string {
  const hash = createHash("sha256");
  for (const at of [4 * i, 4 * i + 2]) {
    const start = bounds[at], end = bounds[at + 1];
    hash.update(start < 0 ? "null:" : `${end - start}:`);
    if (start >= 0) hash.update(bytes.subarray(start, end));
  }
  return hash.digest("hex");
}

/** Notes a finding at an offset. */
export function note(ledger: Ledger, finding: Finding, offset: number): void {
  ledger.found[finding]++;
  if (ledger.offsets[finding].length < OFFSETS_PER_FINDING) ledger.offsets[finding].push(offset);
}

/** How many records were rejected, for whatever reason. */
export function rejectedIn(ledger: Ledger): number {
  return REASONS.reduce((sum, reason) => sum + ledger.found[reason], 0);
}

/**
 * An offset, at or past the one given, before which nothing from there on was rejected; null where nothing was.
 * Exact while fewer than OFFSETS_PER_FINDING were rejected for each reason.
 */
export function firstRejectedFrom(ledger: Ledger, offset: number): number | null {
  const first = REASONS.flatMap((reason) => {
    const kept = ledger.offsets[reason];
    const known = kept.find((one) => one >= offset);
    if (known !== undefined) return known;
    return ledger.found[reason] > kept.length ? offset : [];
  });
  return first.length === 0 ? null : Math.min(...first);
}
