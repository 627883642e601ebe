/**
 * SQL: what a small question and a big one take over HTTP, beside DuckDB itself; and what becomes of votes and viewers
 * while twenty analysts ask without a pause.
 * @module
 */
import { fileURLToPath } from "node:url";
import { openDuckDb } from "../analytics/duckdb.ts";
import { openLocked } from "../analytics/duckdb_locked.ts";
import type { Generation } from "../analytics/kept_generations.ts";
import { definitionsOf } from "../analytics/schema.ts";
import { openSnapshots } from "../analytics/snapshots.ts";
import { AGE_BANDS, GENDERS } from "../pipeline/election.ts";
import { createProgress } from "../pipeline/progress.ts";
import type { CellChange } from "../pipeline/snapshot.ts";
import { captureOf, START } from "../tests/analytics/captures.ts";
import { sharedKafka } from "../tests/services/kafka.ts";
import { measureVotes, type Run } from "./votes_under_sql.ts";
import { type BenchOptions, percentile, print, printSpreads, type Spread, spreadOf } from "./report.ts";

/** A demo election at its end, and a big one. */
const SMALL_CELLS = 50_000, BIG_CELLS = 2_000_000;
const SAVES = 20;
const STATES = 50, CANDIDATES = 2, WINDOW_MS = 10_000;
const SMALL_QUESTION = "SELECT candidate_name, total_votes FROM results";
const BIG_QUESTION = "SELECT state, sum(votes) AS votes FROM votes_by_window GROUP BY state";
const SMALL_ASKED = 300, BIG_ASKED = 30;
const ANALYSTS = 20, VOTES_PER_SECOND = 2_000, SECONDS = 20;
/** What they ask in turns: from a millisecond to a second of the engine's work. */
const ANALYSTS_ASK = [
  SMALL_QUESTION,
  BIG_QUESTION,
  "SELECT * FROM votes_by_window ORDER BY window_start DESC, state, candidate_id LIMIT 1000",
  "SELECT sum(hash(range) % 7) FROM range(20000000)",
  "SELECT age_band, gender, candidate_id, sum(votes) FROM votes_by_window GROUP BY ALL ORDER BY ALL",
];
const PROCESS = fileURLToPath(new URL("./sql_process.ts", import.meta.url));

/** Measures questions alone, then votes and viewers with analysts and without, on both logs. */
export async function sql({ runs }: BenchOptions): Promise<object> {
  const questions = await measureQuestions(runs);
  printSpreads(`sql: questions over HTTP, ${runs} runs`, questions);
  const load = await measureLoad(runs);
  printSpreads(
    `sql: ${VOTES_PER_SECOND} votes/s for ${SECONDS} s, with ${ANALYSTS} analysts and without, ${runs} runs`,
    load,
  );
  return { figures: { ...questions, ...load } };
}

async function measureQuestions(runs: number): Promise<Record<string, Spread>> {
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
      using duckDb = await openBare(big);
      // One after the other, question by question: a machine that is slow for a while is slow for both.
      const pairs: [over: number, bare: number][] = [];
      for (let i = 0; i <= BIG_ASKED; i++) {
        pairs.push([
          await timed(() => ask(served.url, BIG_QUESTION)),
          await timed(() => duckDb.ask(BIG_QUESTION)),
        ]);
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
      "the same by DuckDB itself, in this process, ms, median": spreadOf(bare),
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
  for (let save = 0; save < SAVES; save++) {
    asOf = START + save * 5_000;
    await store.save(captureOf(save + 1, asOf, { cells: cellsOf(save * each, each) }));
    await store.settled();
  }
  return store.newest()!;
}

/** Cells, each another one, by windows. */
function* cellsOf(from: number, n: number): Generator<CellChange> {
  for (let cell = from; cell < from + n; cell++) {
    let rest = cell;
    const next = (size: number) => {
      const digit = rest % size;
      rest = Math.floor(rest / size);
      return digit;
    };
    const candidateId = ["a1", "b2"][next(CANDIDATES)];
    const state = `State ${next(STATES)}`;
    const ageBand = AGE_BANDS[next(AGE_BANDS.length)], gender = GENDERS[next(GENDERS.length)];
    yield {
      windowStart: START + rest * WINDOW_MS,
      candidateId,
      state,
      ageBand,
      gender,
      votes: 1 + cell % 7,
      late: 0,
    };
  }
}

/** Starts the process that answers from a folder. */
async function serve(dir: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", PROCESS, dir],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const { value } = await child.stdout.getReader().read();
  return {
    url: new TextDecoder().decode(value).trim(),
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await child.status;
    },
  };
}

/** DuckDB over the same tables, with one thread, here. */
async function openBare({ votes, candidates, votersByGroup }: Generation) {
  const source = {
    votes,
    candidates,
    votersByGroup,
    quality: [],
    snapshots: [],
    windowMs: WINDOW_MS,
    closedUntil: null,
  };
  const engine = await openLocked(definitionsOf(source, { held: false }), votes);
  const connection = await engine.connect();
  return {
    async ask(question: string): Promise<void> {
      const { rows } = await connection.run(question, {});
      for await (const _ of rows);
    },
    [Symbol.dispose]() {
      connection[Symbol.dispose]();
      engine[Symbol.dispose]();
    },
  };
}

async function measureLoad(runs: number): Promise<Record<string, Spread>> {
  const [broker] = await sharedKafka();
  const lines: Record<string, Spread> = {};
  using progress = createProgress();
  let done = 0;
  for (const [log, address] of [["embedded", null], ["Kafka", broker]] as const) {
    const without: Run[] = [], beside: Run[] = [], crowds: Crowd[] = [];
    const voting = { broker: address, votesPerSecond: VOTES_PER_SECOND, seconds: SECONDS };
    for (let run = 0; run < runs; run++) {
      without.push(await measureVotes(voting));
      const crowd: Crowd = { answered: 0, putOff: 0, others: [] };
      crowds.push(crowd);
      beside.push(await measureVotes({ ...voting, analysts: (url, signal) => askAll(url, signal, crowd) }));
      progress.show("sql", ++done, 2 * runs);
    }
    const others = crowds.flatMap(({ others }) => others);
    if (others.length > 0) throw new Error(`Analysts got ${others.length} other answers: ${others[0]}`);
    for (const [who, of] of [["without analysts", without], ["with them", beside]] as const) {
      for (const share of [0.5, 0.99]) {
        lines[`${log}, ${who}: ms from append to event at a viewer, p${share * 100}`] = spreadOf(
          of.map(({ seen }) => percentile(seen, share)),
        );
      }
    }
    lines[`${log}: answers a second`] = spreadOf(crowds.map(({ answered }) => answered / SECONDS));
    lines[`${log}: put off (429) a second`] = spreadOf(crowds.map(({ putOff }) => putOff / SECONDS));
  }
  return lines;
}

/** What analysts were answered. */
interface Crowd {
  answered: number;
  /** 429 with Retry-After. */
  putOff: number;
  /** Anything else. */
  readonly others: string[];
}

/** Every analyst asks again as soon as she is answered. */
async function askAll(url: string, signal: AbortSignal, crowd: Crowd): Promise<void> {
  await Promise.all(Array.from({ length: ANALYSTS }, async (_, analyst) => {
    for (let i = analyst; !signal.aborted; i++) {
      const response = await fetch(addressOf(url, ANALYSTS_ASK[i % ANALYSTS_ASK.length]));
      const text = await response.text();
      if (response.status === 200) crowd.answered++;
      else if (response.status === 429 && response.headers.has("Retry-After")) crowd.putOff++;
      // Before the first snapshot there is nothing to ask.
      else if (JSON.parse(text).code !== "no_snapshot_yet") crowd.others.push(text);
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }));
}

const addressOf = (url: string, query: string) => `${url}/api/v1/sql?${new URLSearchParams({ query })}`;

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
