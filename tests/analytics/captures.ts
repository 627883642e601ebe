/**
 * A folder of snapshots that goes with the test, and captures of a small election that goes on and on.
 * @module
 */
import assert from "node:assert/strict";
import { type DuckDb, openDuckDb } from "../../analytics/duckdb.ts";
import { openSnapshots, type Snapshots } from "../../analytics/snapshots.ts";
import type { Capture, CellChange, SnapshotFacts, StoredSnapshot } from "../../pipeline/snapshot.ts";
import { resultsOf } from "../routes/sample.ts";

/** When the first capture is taken. */
export const START = Date.parse("2026-05-07T10:00:00Z");

/** The engine that all tests of a process share: it holds nothing. */
let shared: Promise<DuckDb> | undefined;
/** @see shared */
export function sharedDuckDb(): Promise<DuckDb> {
  return shared ??= openDuckDb(Deno.makeTempDirSync({ prefix: "teller-spill-" }));
}

/** A folder that snapshots are kept in, whoever opens it. */
export class Folder implements Disposable {
  readonly dir = Deno.makeTempDirSync({ prefix: "teller-snapshots-" });
  readonly notices: string[] = [];
  /** What the store takes for the time of day. */
  now = START;

  async open(): Promise<Snapshots> {
    return openSnapshots({
      dir: this.dir,
      duckDb: await sharedDuckDb(),
      now: () => this.now,
      onNotice: (message) => this.notices.push(message),
    });
  }

  names(folder: string): string[] {
    return [...Deno.readDirSync(`${this.dir}/${folder}`)].map(({ name }) => name).sort();
  }

  /** Everything in it, by path, as text. */
  contents(): Map<string, string> {
    const found = new Map<string, string>();
    for (const folder of ["manifests", "public", "private", "damaged", "unfinished"]) {
      for (const name of this.names(folder)) {
        const path = `${this.dir}/${folder}/${name}`;
        found.set(`${folder}/${name}`, Deno.readFileSync(path).toHex());
      }
    }
    return found;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.dir, { recursive: true });
  }
}

/** How many partitions the small election has. */
export const PARTITIONS = 2;

/** What a snapshot of that many votes says of itself. */
export function factsOf(votes: number, asOf: number, rest: Partial<SnapshotFacts> = {}): SnapshotFacts {
  const last = { offset: votes, hash: "ab".repeat(32) };
  return {
    foldVersion: 1,
    electionId: "e1",
    version: 10 + votes,
    asOf,
    watermark: votes === 0 ? null : START,
    offsets: { voters_topic: [4, 4], votes_topic: [votes, 0], candidates_topic: [2] },
    lastRecords: { voters_topic: [last, last], votes_topic: [last, null], candidates_topic: [last] },
    rules: {
      partitions: PARTITIONS,
      partitioner: "murmur2",
      windowMs: 10_000,
      graceMs: 60_000,
      opensAt: null,
      closesAt: START + 3_600_000,
    },
    ...rest,
  };
}

/** The capture after `votes` votes: one more in the window of its time, by one voter, since the capture before. */
export function captureOf(votes: number, asOf: number, rest: Partial<Capture> = {}): Capture {
  return {
    facts: factsOf(votes, asOf),
    whole: votes === 1,
    results: resultsOf([votes, 1], { version: 10 + votes, as_of: new Date(asOf).toISOString() }),
    state: { votes },
    voters: [new Uint8Array([votes & 255, votes >> 8]), new Uint8Array(votes % 3)],
    cells: [cellOf(START + (votes - 1) % 7 * 10_000)],
    groups: [
      { state: "Kent", ageBand: "30–39", gender: "female", voters: 5 },
      { state: "Kent", ageBand: "30–39", gender: "female", voters: 3 },
    ],
    quality: { asOf, checks: [] },
    ...rest,
  };
}

/** Votes of one cell. */
export function cellOf(windowStart: number, rest: Partial<CellChange> = {}): CellChange {
  return {
    windowStart,
    candidateId: "a1",
    state: "Kent",
    ageBand: "30–39",
    gender: "female",
    votes: 1,
    late: 0,
    ...rest,
  };
}

/** Saves that many captures after the first `before`, `everyMs` apart; the clock goes with them. */
export async function saveMany(
  folder: Folder,
  snapshots: Snapshots,
  captures: number,
  { before = 0, everyMs = 1_000 } = {},
): Promise<void> {
  for (let votes = before + 1; votes <= before + captures; votes++) {
    folder.now = START + (votes - 1) * everyMs;
    await snapshots.save(captureOf(votes, folder.now));
  }
}

/** Holds a snapshot to what the first `votes` captures held. */
export function assertIsAfter(snapshot: StoredSnapshot | null, votes: number, asOf: number): void {
  assert.ok(snapshot);
  assert.deepEqual(snapshot.facts, factsOf(votes, asOf));
  const { results, state } = captureOf(votes, asOf);
  assert.deepEqual(snapshot.results, results);
  assert.deepEqual(snapshot.state, state);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const blocks = Array.from({ length: votes }, (_, i) => captureOf(i + 1, asOf).voters[partition]);
    assert.deepEqual(joined(snapshot.voters[partition]), joined(blocks));
  }
}

/** All bytes, one after another. */
export const joined = (blocks: readonly Uint8Array[]) => blocks.flatMap((block) => [...block]);
