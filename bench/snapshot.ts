/**
 * Snapshot: what one costs early in an election and after a thousand others, with the same changes each.
 *
 * In turns on two stores, an early and an old one: a machine that is slow for a while is slow for both.
 * @module
 */
import { openDuckDb } from "../analytics/duckdb.ts";
import { openSnapshots, type Snapshots } from "../analytics/snapshots.ts";
import { AGE_BANDS, GENDERS } from "../pipeline/election.ts";
import { createProgress } from "../pipeline/progress.ts";
import type { Capture, CellChange } from "../pipeline/snapshot.ts";
import { captureOf, START } from "../tests/analytics/captures.ts";
import { type BenchOptions, print, printSpreads, spreadOf } from "./report.ts";

const EARLY = 10, OLD = 1_000;
/** Voters and cells that change between two snapshots: votes of five seconds at a thousand a second. */
const CHANGES = 5_000;
const VOTER_BYTES = 63;
const EVERY_MS = 5_000;
const SAVES_PER_RUN = 4;

/** A store and how many snapshots it has seen. */
interface Store {
  readonly dir: string;
  readonly snapshots: Snapshots;
  saved: number;
}

/** Fills both stores, then measures saves in turns. */
export async function snapshot({ runs }: BenchOptions): Promise<object> {
  const dir = Deno.makeTempDirSync({ prefix: "teller-bench-" });
  try {
    return await measure(dir, runs * SAVES_PER_RUN);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

async function measure(dir: string, saves: number): Promise<object> {
  using duckDb = await openDuckDb(`${dir}/spill`);
  const open = (name: string): Store => {
    const store = { dir: `${dir}/${name}`, saved: 0 };
    const now = () => START + store.saved * EVERY_MS;
    const snapshots = openSnapshots({ dir: store.dir, duckDb, now, onNotice: print });
    return Object.assign(store, { snapshots });
  };
  const early = open("early"), old = open("old");
  using progress = createProgress();
  while (early.saved < EARLY) await save(early);
  while (old.saved < OLD) {
    await save(old);
    if (old.saved % 20 === 0) progress.show("filling", old.saved, OLD);
  }
  progress[Symbol.dispose]();

  const figures: Record<"early" | "old" | "file" | "earlyUpkeep" | "oldUpkeep", number[]> = {
    early: [],
    old: [],
    file: [],
    earlyUpkeep: [],
    oldUpkeep: [],
  };
  for (let i = 0; i < saves; i++) {
    for (const [name, store] of [["early", early], ["old", old]] as const) {
      figures[name].push(await save(store));
      figures[`${name}Upkeep`].push(await timed(() => store.snapshots.settled()));
    }
    figures.file.push(await timed(() => writeDurably(`${dir}/file`, CHANGES * VOTER_BYTES)));
  }
  const latest = [];
  for (let i = 0; i < 5; i++) latest.push(await timed(() => old.snapshots.latest()));
  const files = (store: Store) => namedFiles(store.dir);
  const spreads = {
    [`save after ${EARLY} others, ms`]: spreadOf(figures.early),
    [`save after ${OLD} others, ms`]: spreadOf(figures.old),
    "old : early": spreadOf(figures.old.map((ms, i) => ms / figures.early[i])),
    [`upkeep after ${EARLY} others, ms`]: spreadOf(figures.earlyUpkeep),
    [`upkeep after ${OLD} others, ms`]: spreadOf(figures.oldUpkeep),
    "the voters' bytes alone in one file and fsync, ms": spreadOf(figures.file),
    [`newest found and read after ${old.saved}, ms`]: spreadOf(latest),
    [`files that a manifest names, early`]: spreadOf([files(early)]),
    [`files that a manifest names, old`]: spreadOf([files(old)]),
  };
  printSpreads(
    `snapshot: ${CHANGES.toLocaleString("en-GB")} voters and as many cells changed, ${saves} saves each`,
    spreads,
  );
  return { changes: CHANGES, figures: spreads, saves: figures };
}

/** Saves the next snapshot of a store, and gives the milliseconds that it took. */
async function save(store: Store): Promise<number> {
  const capture = nextCapture(store.saved++);
  return await timed(() => store.snapshots.save(capture));
}

function nextCapture(before: number): Capture {
  const asOf = START + before * EVERY_MS;
  const voters = [new Uint8Array(CHANGES * VOTER_BYTES >> 1), new Uint8Array(CHANGES * VOTER_BYTES >> 1)];
  for (const block of voters) {
    for (let at = 0; at < block.length; at += 65_536) {
      crypto.getRandomValues(block.subarray(at, at + 65_536)); // as incompressible as voters' keys
    }
  }
  return captureOf(before + 1, asOf, { voters, cells: cellsOf(asOf) });
}

/** Cells of the window of that time; every one is another. */
function* cellsOf(asOf: number): Generator<CellChange> {
  for (let i = 0; i < CHANGES; i++) {
    yield {
      windowStart: asOf - asOf % 10_000,
      candidateId: `c${i % 3}`,
      state: `State ${Math.floor(i / (3 * AGE_BANDS.length * GENDERS.length))}`,
      ageBand: AGE_BANDS[Math.floor(i / 3) % AGE_BANDS.length],
      gender: GENDERS[Math.floor(i / (3 * AGE_BANDS.length)) % GENDERS.length],
      votes: 1,
      late: 0,
    };
  }
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await task();
  return performance.now() - startedMs;
}

async function writeDurably(path: string, bytes: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  await file.write(new Uint8Array(bytes));
  await file.sync();
}

/** How many files the newest manifest names. */
function namedFiles(dir: string): number {
  const names = [...Deno.readDirSync(`${dir}/manifests`)].map(({ name }) => name).sort();
  return Deno.readTextFileSync(`${dir}/manifests/${names.at(-1)}`).match(/"sha256"/g)!.length;
}
