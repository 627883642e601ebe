/**
 * A second count, as slow and plain as can be, to hold the fold against: it keeps objects and goes over all
 * records as often as it likes. What a single record says is read by the same functions, which have tests of
 * their own.
 * @module
 */
import { AGE_BANDS } from "../../pipeline/election.ts";
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
  byCity: Record<string, number>;
  byAge: Record<string, number>;
  /** Votes and late votes by window start, candidate, state, age band and gender. */
  cells: Record<string, [number, number]>;
  redeliveries: number;
  /** Offsets by topic, partition and finding. */
  found: Record<string, number[]>;
  watermark: number | null;
};

type Person = { state: string; city: string; age: number | string; gender: string };

const BANDS: [number, string][] = [
  [18, "under 18"],
  [25, "18–24"],
  [30, "25–29"],
  [40, "30–39"],
  [50, "40–49"],
  [60, "50–59"],
  [70, "60–69"],
];

function bandOf(age: number | string): string {
  if (typeof age === "string") return "unknown";
  return BANDS.find(([below]) => age < below)?.[1] ?? AGE_BANDS[7];
}

/** Counts the whole log at once. */
export function countPlainly(log: PlainLog, rules: Rules): Count {
  const found: Count["found"] = {};
  const note = (topic: string, partition: number, finding: string, offset: number) =>
    (found[`${topic} ${partition} ${finding}`] ??= []).push(offset);
  const candidates = new Map<string, unknown>();
  for (const record of log.candidates) {
    const fields = readCandidate(batchOf(0, [record]), 0);
    if (typeof fields === "string") {
      note("candidates", 0, fields, record.offset);
      continue;
    }
    const id = fields.candidate_id as string;
    if (!candidates.has(id)) candidates.set(id, record.value);
    else if (candidates.get(id) !== record.value) note("candidates", 0, "other_content", record.offset);
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
    byCandidate: Object.fromEntries([...candidates.keys()].map((id) => [id, 0])),
    byState: {},
    byCity: {},
    byAge: {},
    cells: {},
    redeliveries: 0,
    found,
    watermark: null,
  };
  for (let partition = 0; partition < rules.partitions; partition++) {
    const people = new Map<string, Person>();
    const accredited = new Map<string, unknown>();
    for (const record of log.voters[partition]) {
      const fields = readVoter(batchOf(partition, [record]), 0, rules);
      if (typeof fields === "string") {
        note("voters", partition, fields, record.offset);
        continue;
      }
      const id = fields.voter_id as string;
      if (accredited.has(id)) {
        if (accredited.get(id) !== record.value) note("voters", partition, "other_content", record.offset);
        continue;
      }
      accredited.set(id, record.value);
      const { state = "unknown", city = "unknown" } = (fields.address ?? {}) as {
        state?: string;
        city?: string;
      };
      const age = typeof fields.registered_age === "number" ? fields.registered_age : "unknown";
      const gender = ["female", "male", "other"].includes(fields.gender as string)
        ? fields.gender as string
        : "unknown";
      people.set(id, { state, city, age, gender });
      count.totals.voters++;
      (count.byState[state] ??= { count: 0, voters: 0 }).voters++;
    }
    const voted = new Map<string, string>();
    let greatest: number | null = null;
    for (const record of log.votes[partition]) {
      const fields = readVote(batchOf(partition, [record]), 0, rules);
      if (typeof fields === "string") {
        count.totals.rejected++;
        note("votes", partition, fields, record.offset);
        continue;
      }
      const written = parseEventTime(fields.voting_time);
      const time = isNaN(written) || written > record.timestamp + 300_000 ? record.timestamp : written;
      const late = greatest !== null && time < greatest - rules.graceMs;
      if (greatest === null || time > greatest) greatest = time;
      const voter = fields.voter_id as string, candidate = fields.candidate_id as string;
      const content = `${candidate} at ${written}`;
      if (voted.has(voter)) {
        count.totals.duplicates++;
        if (voted.get(voter) === content) count.redeliveries++;
        else note("votes", partition, "other_content", record.offset);
        continue;
      }
      voted.set(voter, content);
      if (time !== written) note("votes", partition, "replaced_time", record.offset);
      const person = people.get(voter);
      if (person === undefined || !candidates.has(candidate)) {
        count.totals.waiting++;
        continue;
      }
      const { state, city, age, gender } = person;
      const windowStart = Math.floor(time / rules.windowMs) * rules.windowMs;
      const cell = count.cells[[windowStart, candidate, state, bandOf(age), gender].join()] ??= [0, 0];
      cell[0]++;
      cell[1] += Number(late);
      count.byCity[city] = (count.byCity[city] ?? 0) + 1;
      count.byAge[age] = (count.byAge[age] ?? 0) + 1;
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
