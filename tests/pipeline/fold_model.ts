/**
 * A second count, as slow and plain as can be, to hold the fold against: sorts nothing, keeps objects, and goes
 * over all records as often as it likes. Written from the rules, not from the fold.
 * @module
 */
import { parseEventTime } from "../../pipeline/event_time.ts";
import { readCandidate, readVote, readVoter, type Rules } from "../../pipeline/record.ts";
import type { Results } from "../../pipeline/results.ts";
import { batchOf, type PlainRecord } from "./batches.ts";

/** The records of one election, by topic and partition, each in offset order. */
export interface PlainLog {
  readonly candidates: PlainRecord[];
  readonly voters: PlainRecord[][];
  readonly votes: PlainRecord[][];
}

/** What the model counts: the parts of Results that it can be compared in. */
export type Count = {
  totals: Omit<Results["totals"], "votes_per_second" | "turnout">;
  byCandidate: Record<string, number>;
  byState: Record<string, { count: number; voters: number }>;
  watermark: number | null;
};

/** Counts the whole log at once. */
export function countPlainly(log: PlainLog, rules: Rules): Count {
  const candidates = new Set<string>();
  for (const record of log.candidates) {
    const fields = readCandidate(batchOf(0, [record]), 0);
    if (typeof fields !== "string") candidates.add(fields.candidate_id as string);
  }
  const count: Count = {
    totals: {
      voters: 0,
      candidates: candidates.size,
      votes: 0,
      late: 0,
      duplicates: 0,
      waiting: 0,
      rejected: 0,
    },
    byCandidate: Object.fromEntries([...candidates].map((id) => [id, 0])),
    byState: {},
    watermark: null,
  };
  for (let partition = 0; partition < rules.partitions; partition++) {
    const states = new Map<string, string>();
    for (const record of log.voters[partition]) {
      const fields = readVoter(batchOf(partition, [record]), 0, rules);
      if (typeof fields === "string" || states.has(fields.voter_id as string)) continue;
      const state = (fields.address as { state?: string } | undefined)?.state ?? "unknown";
      states.set(fields.voter_id as string, state);
      count.totals.voters++;
      (count.byState[state] ??= { count: 0, voters: 0 }).voters++;
    }
    const voted = new Set<string>();
    let greatest: number | null = null;
    for (const record of log.votes[partition]) {
      const fields = readVote(batchOf(partition, [record]), 0, rules);
      if (typeof fields === "string") {
        count.totals.rejected++;
        continue;
      }
      const written = parseEventTime(fields.voting_time);
      const time = isNaN(written) || written > record.timestamp + 300_000 ? record.timestamp : written;
      const late = greatest !== null && time < greatest - rules.graceMs;
      if (greatest === null || time > greatest) greatest = time;
      const voter = fields.voter_id as string, candidate = fields.candidate_id as string;
      if (voted.has(voter)) {
        count.totals.duplicates++;
        continue;
      }
      voted.add(voter);
      const state = states.get(voter);
      if (state === undefined || !candidates.has(candidate)) {
        count.totals.waiting++;
        continue;
      }
      count.totals.votes++;
      if (late) count.totals.late++;
      count.byCandidate[candidate]++;
      count.byState[state].count++;
    }
    if (greatest === null) continue;
    const watermark: number = greatest - rules.graceMs;
    if (count.watermark === null || watermark < count.watermark) count.watermark = watermark;
  }
  return count;
}
