/**
 * What one question in SQL takes over HTTP: a small one, and a group-by of many cells beside DuckDB itself.
 * @module
 */
import { fileURLToPath } from "node:url";
import { openDuckDb } from "../analytics/duckdb.ts";
import type { Generation } from "../analytics/kept_generations.ts";
import { openSnapshots } from "../analytics/snapshots.ts";
import { createRandom, type Random, STREAM } from "../pipeline/demo_random.ts";
import { AGE_BANDS, GENDERS } from "../pipeline/election.ts";
import { createProgress } from "../pipeline/progress.ts";
import type { CellChange } from "../pipeline/snapshot.ts";
import { captureOf, START } from "../tests/analytics/captures.ts";
import { linesOf } from "../tests/services/child.ts";
import { percentile, print, type Spread, spreadOf } from "./report.ts";

/** Asked of the small election. */
export const SMALL_QUESTION = "SELECT candidate_name, total_votes FROM results";
/** Asked of the big one. */
export const BIG_QUESTION = "SELECT state, sum(votes) AS votes FROM votes_by_window GROUP BY state";

/** A demo election at its end, and a big one. */
const SMALL_CELLS = 50_000, BIG_CELLS = 2_000_000;
const SAVES = 20;
const STATES = 50, CANDIDATES = 2, WINDOW_MS = 10_000;
const SMALL_ASKED = 300, BIG_ASKED = 30;

/** Measures questions alone; the runs' spreads by what was measured. */
export async function measureQuestions(runs: number): Promise<Record<string, Spread>> {
  const dir = Deno.makeTempDirSync({ prefix: "teller-bench-" });
  try {
    await make(`${dir}/small`, SMALL_CELLS);
    const big = await make(`${dir}/big`, BIG_CELLS);
    await using small = await serve(`${dir}/small`);
    await using served = await serve(`${dir}/big`);
    const nothing: number[] = [], smalls: number[] = [], bigs: number[] = [], bare: number[] = [];
    const ratios: number[] = [];
    using progress = createProgress();
    for (let run = 0; run < runs; run++) {
      nothing.push(await medianMs(SMALL_ASKED, () => read(`${small.url}/nothing`)));
      smalls.push(await medianMs(SMALL_ASKED, () => ask(small.url, SMALL_QUESTION)));
      await using duckDb = await openBare(big);
      // One after the other, question by question: a machine that is slow for a while is slow for both.
      const pairs: [over: number, bare: number][] = [];
      for (let i = 0; i <= BIG_ASKED; i++) {
        pairs.push([await timed(() => ask(served.url, BIG_QUESTION)), await duckDb.ask()]);
      }
      pairs.shift(); // its files were opened in it
      bigs.push(percentile(pairs.map(([over]) => over), 0.5));
      bare.push(percentile(pairs.map(([, bare]) => bare), 0.5));
      ratios.push(bigs[run] / bare[run]);
      progress.show("sql", run + 1, runs);
    }
    return {
      "an empty answer over HTTP, ms, median": spreadOf(nothing),
      [`a small question of ${SMALL_CELLS.toLocaleString("en-GB")} cells, ms, median`]: spreadOf(smalls),
      [`a group-by of ${BIG_CELLS.toLocaleString("en-GB")} cells, ms, median`]: spreadOf(bigs),
      "the same by DuckDB itself, at the same priority, ms, median": spreadOf(bare),
      "over HTTP : by itself": spreadOf(ratios),
    };
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

/** Makes a store whose newest generation has so many cells, in the parts that saving leaves. */
async function make(dir: string, cells: number): Promise<Generation> {
  using duckDb = await openDuckDb(`${dir}/spill`);
  let asOf = START;
  await using store = openSnapshots({ dir, duckDb, now: () => asOf, onNotice: print });
  const each = cells / SAVES;
  const random = createRandom(cells).at(STREAM.choice, 0);
  for (let save = 0; save < SAVES; save++) {
    asOf = START + save * 5_000;
    await store.save(captureOf(save + 1, asOf, { cells: cellsOf(save * each, each, random) }));
    await store.settled();
  }
  return store.newest()!;
}

/** As many in a window as there may be. */
const CELLS_A_WINDOW = CANDIDATES * STATES * AGE_BANDS.length * GENDERS.length;

/**
 * Cells by windows, of each window in the order of votes, which is none. Names that came round and round would be
 * packed to a thousandth.
 */
function* cellsOf(from: number, n: number, random: Random): Generator<CellChange> {
  const any = <T>(list: readonly T[]) => list[Math.floor(random.next() * list.length)];
  for (let cell = from; cell < from + n; cell++) {
    yield {
      windowStart: START + Math.floor(cell / CELLS_A_WINDOW) * WINDOW_MS,
      candidateId: any(["a1", "b2"]),
      state: `State ${Math.floor(random.next() * STATES)}`,
      ageBand: any(AGE_BANDS),
      gender: any(GENDERS),
      votes: 1 + random.word() % 7,
      late: 0,
    };
  }
}

/** Starts a file of this folder, behind other commands where they are given; gives what it says first. */
async function start(file: string, order: string, behind: readonly string[] = []) {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const [program, ...args] = [...behind, Deno.execPath(), "run", "-q", "-A", "--no-check", script, order];
  const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
    .spawn();
  const lines = linesOf(child.stdout);
  const input = child.stdin.getWriter();
  const heard = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${file} has ended`);
    return value;
  };
  return {
    first: await heard(),
    async ask(): Promise<string> {
      await input.write(new TextEncoder().encode("\n"));
      return await heard();
    },
    async [Symbol.asyncDispose]() {
      await input.close();
      await child.status;
    },
  };
}

/** Starts the process that answers from a folder. */
async function serve(dir: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const process = await start("./sql_process.ts", dir);
  return { url: process.first, [Symbol.asyncDispose]: process[Symbol.asyncDispose] };
}

/** DuckDB over the same tables, with one thread, at the priority that the sandbox has. */
async function openBare({ votes, candidates, votersByGroup }: Generation) {
  const order: BareOrder = { votes, candidates, votersByGroup, windowMs: WINDOW_MS, question: BIG_QUESTION };
  const process = await start("./sql_bare_process.ts", JSON.stringify(order), ["nice", "-n", "19"]);
  return {
    /** Asks once; gives the time that it took there, in ms. */
    ask: async () => Number(await process.ask()),
    [Symbol.asyncDispose]: process[Symbol.asyncDispose],
  };
}

/** What DuckDB itself is asked. */
export interface BareOrder {
  readonly votes: readonly string[];
  readonly candidates: string;
  readonly votersByGroup: string;
  readonly windowMs: number;
  readonly question: string;
}

/** Where a question is answered. */
export const addressOf = (url: string, query: string) =>
  `${url}/api/v1/sql?${new URLSearchParams({ query })}`;

async function ask(url: string, query: string): Promise<void> {
  await read(addressOf(url, query));
}

async function read(address: string): Promise<void> {
  const response = await fetch(address);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
}

/** The median of so many, after some that aren't counted. */
async function medianMs(n: number, task: () => Promise<void>): Promise<number> {
  for (let i = 0; i < n / 10; i++) await task();
  const took: number[] = [];
  for (let i = 0; i < n; i++) took.push(await timed(task));
  return percentile(took, 0.5);
}

async function timed(task: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await task();
  return performance.now() - startedMs;
}
