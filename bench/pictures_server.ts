/**
 * Serves pictures as Teller does, its whole web application before them, over a real store of snapshots; and beside
 * it, as barely as Deno can, whatever bytes were sent last.
 *
 * Says both addresses; counts on, and says what it has used of the processor, when it is asked; ends with its input.
 * @module
 */
import process from "node:process";
import { openDuckDb } from "../analytics/duckdb.ts";
import { createHistory } from "../analytics/history.ts";
import { openSnapshots } from "../analytics/snapshots.ts";
import { AGE_BANDS } from "../pipeline/election.ts";
import type { Results } from "../pipeline/results.ts";
import { openServer } from "../routes/server.ts";
import { captureOf, cellOf, START } from "../tests/analytics/captures.ts";
import { CANDIDATES, openSample, resultsOf } from "../tests/routes/sample.ts";
import { orderOf, questions, say } from "../tests/services/child.ts";

/** Where its snapshots are kept. */
export interface PicturesOrder {
  readonly dir: string;
}

/** What it is asked; it answers with the milliseconds of processor it has used so far, in all threads. */
export interface PicturesQuestion {
  /** Votes come in: there are newer Results. */
  readonly count?: boolean;
  /** And a snapshot is taken of them. */
  readonly save?: boolean;
}

/** What it says first. */
export interface PicturesServed {
  readonly teller: string;
  readonly bare: string;
}

const STATES = ["Kent", "Fife", "Cornwall", "Norfolk", "Powys", "Antrim", "Durham", "Cumbria"];
const WINDOWS = 360, WINDOW_MS = 10_000;

const { dir } = orderOf<PicturesOrder>();
await using stack = new AsyncDisposableStack();
const duckDb = stack.use(await openDuckDb(`${dir}/spill`));
const store = stack.use(openSnapshots({ dir, duckDb, now: Date.now, onNotice: fail }));
let counted = 0;

function fail(notice: string): never {
  throw new Error(notice);
}

function nextResults(): Results {
  counted++;
  const version = 10 + counted;
  return resultsOf(
    [9_000_000 + counted, 8_000_000, 7_000_000],
    { version, as_of: new Date().toISOString() },
    3e7,
  );
}

/** An hour of votes at first, then one more. */
async function save(results: Results): Promise<void> {
  const cells = counted > 1
    ? [cellOf(START)]
    : Array.from({ length: WINDOWS }, (_, i) =>
      CANDIDATES.flatMap(({ candidate_id: candidateId }, c) =>
        STATES.map((state, s) =>
          cellOf(START + i * WINDOW_MS, {
            candidateId,
            state,
            ageBand: AGE_BANDS[s % AGE_BANDS.length],
            votes: 1 + (i * 7 + c * 13 + s * 5) % 23,
          })
        )
      )).flat();
  const groups = STATES.map((state) => ({
    state,
    ageBand: AGE_BANDS[1],
    gender: "female" as const,
    voters: 50_000,
  }));
  await store.save(captureOf(counted, START + WINDOWS * WINDOW_MS + counted, { cells, groups, results }));
}

const first = nextResults();
await save(first);
const sample = await openSample(first, {}, { past: store, history: createHistory(duckDb, store) });
stack.defer(() => sample.close());
let sent = new Uint8Array();
const teller = stack.use(openServer("127.0.0.1", 0, sample.app.fetch));
const bare = stack.use(openServer("127.0.0.1", 0, async (request) => {
  if (request.method === "GET") return new Response(sent);
  sent = await request.bytes();
  return new Response();
}));
say(
  {
    teller: `http://127.0.0.1:${teller.port}`,
    bare: `http://127.0.0.1:${bare.port}`,
  } satisfies PicturesServed,
);
for await (const { count, save: saves } of questions<PicturesQuestion>()) {
  if (count) {
    const results = nextResults();
    if (saves) await save(results);
    sample.publish(results);
  }
  const { user, system } = process.cpuUsage();
  say((user + system) / 1_000);
}
