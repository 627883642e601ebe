/**
 * One count in a process of its own: `VOTERS`; prints what it takes as JSON.
 *
 * As many votes as voters, of Teller's own records, over a voting day, in another order than the voters were
 * accredited in: every vote touches rows that no processor's cache holds any more. Records are made as they are
 * needed, and only folding them is timed. To be run with `--v8-flags=--expose-gc`.
 * @module
 */
import { equal } from "node:assert/strict";
import process from "node:process";
import { acceptCandidates, createFold, type Fold, foldVoters, foldVotes } from "../pipeline/fold.ts";
import type { ReadBatch } from "../pipeline/log.ts";
import { murmur2, partitionerOf } from "../pipeline/partitioner.ts";
import { createIds } from "../pipeline/demo_ids.ts";
import { STREAM } from "../pipeline/demo_random.ts";
import { DAY_MS } from "../pipeline/demo_votes.ts";
import { createPeople } from "../tests/scenarios/predecessor_people.ts";
import { print } from "./report.ts";

/** One count's figures. */
export interface Counted {
  /** User and system time of folding all voters, and all votes. */
  readonly votersCpuSeconds: number;
  readonly votesCpuSeconds: number;
  /** When all is counted, after a garbage collection. */
  readonly memoryBytes: number;
  /** The most that the process has had in memory. */
  readonly peakBytes: number;
  /** Non-empty cells of the cube. */
  readonly cells: number;
}

const PARTITIONS = 4, CANDIDATES = 3, RECORDS_PER_BATCH = 1_000;
const ID_BYTES = 36;
/** So many different people, with ids of their own for each voter. */
const FACES = 1_000;
/** Folded and thrown away before, so that the first votes aren't counted by code that isn't compiled yet. */
const WARM_UP_VOTERS = 200_000;
/** No multiple of it is one of a round number of voters: goes through all in an order of its own. */
const STEP = 7_368_787;
const DAY_START = Date.UTC(2026, 0, 1, 7);

const people = createPeople(42), ids = createIds(42, STREAM.voterId), encoder = new TextEncoder();
const candidates = Array.from({ length: CANDIDATES }, (_, i) => people.candidate(i));
const voterTemplates = Array.from(
  { length: FACES },
  (_, i) => encoder.encode(JSON.stringify(people.voter(i))),
);
const voteTemplates = Array.from({ length: FACES }, (_, i) => {
  const { candidate_id, candidate_name, party_affiliation, photo_url } = candidates[i % CANDIDATES];
  const { voter_id, address: { state } } = people.voter(i);
  const voting_time = new Date(0).toISOString();
  const names = { voter_id, candidate_id, candidate_name, party_affiliation, photo_url };
  return encoder.encode(JSON.stringify({ ...names, voting_time, address: { state }, vote: 1 }));
});
const ID_AT = '{"voter_id":"'.length;
/** Where the time stands in a vote's template. */
const timeAt = new Map<Uint8Array, number>(voteTemplates.map((template) => {
  return [template, new TextDecoder("latin1").decode(template).indexOf("1970-01-01T")];
}));

count(WARM_UP_VOTERS);
print(JSON.stringify(count(Number(Deno.args[0]))));

function count(voters: number): Counted {
  const folds = Array.from({ length: PARTITIONS }, (_, partition) =>
    createFold(partition, {
      partitions: PARTITIONS,
      partitioner: partitionerOf("murmur2"),
      windowMs: 10_000,
      graceMs: 60_000,
      opensAt: null,
      closesAt: null,
    }));
  for (const fold of folds) acceptCandidates(fold, candidates.map((one) => one.candidate_id), CANDIDATES);

  const votersCpuSeconds = timeFolding(folds, foldVoters, voters, (batches, i) => {
    batches.add(ids.idOf(i), voterTemplates[i % FACES], DAY_START);
  });
  const votesCpuSeconds = timeFolding(folds, foldVotes, voters, (batches, i) => {
    const voter = i * STEP % voters, timeMs = Math.floor(DAY_START + i / voters * DAY_MS);
    batches.add(ids.idOf(voter), voteTemplates[voter % FACES], timeMs);
  });
  equal(folds.reduce((sum, fold) => sum + fold.tally.totalVotes, 0), voters);
  (globalThis as unknown as { gc(): void }).gc();
  return {
    votersCpuSeconds,
    votesCpuSeconds,
    memoryBytes: Deno.memoryUsage().rss,
    peakBytes: 1024 * Number(/VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))![1]),
    cells: folds.reduce((sum, fold) => sum + fold.tally.cells, 0),
  };
}

/** Adds `n` records, and gives the CPU time that folding them took. */
function timeFolding(
  folds: readonly Fold[],
  foldOne: (fold: Fold, batch: ReadBatch) => void,
  n: number,
  add: (batches: Batches, i: number) => void,
): number {
  let cpuUs = 0;
  const batches = createBatches((batch) => {
    const before = process.cpuUsage();
    foldOne(folds[batch.partition], batch);
    const { user, system } = process.cpuUsage(before);
    cpuUs += user + system;
  });
  for (let i = 0; i < n; i++) add(batches, i);
  batches.end();
  return cpuUs / 1e6;
}

interface Batches {
  /** Adds a record of the voter's: the template with her id and, in a vote, the time. */
  add(id: string, template: Uint8Array, timeMs: number): void;
  end(): void;
}

/** Gathers records by partition, and gives batches that are used again. */
function createBatches(full: (batch: ReadBatch) => void): Batches {
  const largest = Math.max(...[...voterTemplates, ...voteTemplates].map((template) => template.length));
  const batches = Array.from({ length: PARTITIONS }, (_, partition) => ({
    partition,
    bytes: new Uint8Array(RECORDS_PER_BATCH * (ID_BYTES + largest)),
    n: 0,
    offsets: new Float64Array(RECORDS_PER_BATCH),
    timestamps: new Float64Array(RECORDS_PER_BATCH),
    bounds: new Int32Array(4 * RECORDS_PER_BATCH),
    next: 0,
    used: 0,
  }));
  const give = (batch: typeof batches[number]) => {
    full(batch);
    batch.n = batch.used = 0;
  };
  const key = new Uint8Array(ID_BYTES);
  return {
    add(id, template, timeMs) {
      encoder.encodeInto(id, key);
      const batch = batches[(murmur2(key) & 0x7fffffff) % PARTITIONS];
      const { bytes, bounds, n, used } = batch;
      const start = used + ID_BYTES, end = start + template.length;
      bytes.set(key, used);
      bytes.set(template, start);
      bytes.set(key, start + ID_AT);
      const time = timeAt.get(template);
      if (time !== undefined) {
        encoder.encodeInto(new Date(timeMs).toISOString(), bytes.subarray(start + time));
      }
      bounds.set([used, start, start, end], 4 * n);
      batch.offsets[n] = batch.next++;
      batch.timestamps[n] = timeMs;
      batch.used = end;
      if (++batch.n === RECORDS_PER_BATCH) give(batch);
    },
    end: () => batches.forEach(give),
  };
}
