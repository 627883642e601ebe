/**
 * An app on real updates and hand-made Results, and a reader of its live stream.
 * @module
 */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import type { KeptGenerations } from "../../analytics/kept_generations.ts";
import { bundle } from "../../islands/bundle.ts";
import type { Results } from "../../pipeline/results.ts";
import { createUpdates } from "../../pipeline/updates.ts";
import type { Vitals } from "../../pipeline/vitals.ts";
import { type AppDeps, createApp } from "../../routes/app.ts";
import { type Assets, loadAssets } from "../../routes/assets.ts";
import { createPainter } from "../../routes/picture_painter.ts";
import { createLive, type LiveOptions } from "../../routes/live.ts";
import { shownOfSnapshot } from "../../routes/shown.ts";
import { closedPolls } from "./closed_polls.ts";

/** The people of the sample election, in the order of their ids. */
export const CANDIDATES = [
  { candidate_id: "a1", candidate_name: "Amelia Hartley", party_affiliation: "Management Party" },
  { candidate_id: "b2", candidate_name: "Oliver Chapman", party_affiliation: "Savior Party" },
  { candidate_id: "c3", candidate_name: "Priya Raman", party_affiliation: "Tech Republic Party" },
];

/** How the pipeline of the sample election is. */
export const VITALS: Vitals = {
  log: "answers",
  lag: 0,
  latency_ms: { median: 12.5, p99: 40 },
  rejected: {},
};

/** Results of the sample election with these votes per candidate; anything else as given. */
export function resultsOf(votes: number[], rest: Partial<Results> = {}, voters = 10_000): Results {
  const total = votes.reduce((sum, n) => sum + n, 0);
  const share = (n: number, of: number) => of === 0 ? 0 : Math.round(n / of * 10_000) / 10_000;
  const candidates = votes
    .map((n, i) => ({ ...CANDIDATES[i], photo_url: "", total_votes: n, share: share(n, total) }))
    .sort((a, b) => b.total_votes - a.total_votes);
  const margin = candidates.length < 2 ? total : candidates[0].total_votes - candidates[1].total_votes;
  const [first] = candidates;
  return {
    election: { id: "e1", title: "Sample election", status: "test", opens_at: null, closes_at: null },
    version: total + voters + votes.length,
    catching_up: false,
    as_of: "2026-06-03T14:03:22.000Z",
    watermark: null,
    offsets: {
      votes_topic: { "0": total },
      voters_topic: { "0": voters },
      candidates_topic: { "0": votes.length },
    },
    totals: {
      voters,
      candidates: votes.length,
      votes: total,
      turnout: share(total, voters),
      votes_per_second: 12.5,
      late: 0,
      duplicates: 2,
      waiting: 0,
      rejected: 0,
    },
    leader: total === 0
      ? null
      : { candidate_id: first.candidate_id, margin, tied: margin === 0, decided: margin > voters - total },
    candidates,
    locations: [{ state: "Kent", count: total, voters, turnout: share(total, voters) }],
    quality: { status: "ok" },
    ...rest,
  };
}

let built: Promise<Assets> | undefined;

/** The assets as the build makes them; built once per test process, into a directory that goes with it. */
export function builtAssets(): Promise<Assets> {
  return built ??= build();
}

async function build(): Promise<Assets> {
  const dir = Deno.makeTempDirSync({ prefix: "teller-assets-" });
  addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));
  await bundle(dir);
  return loadAssets(dir, () => "http://localhost");
}

/** Waits until something holds that no event tells of. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

const NOTHING_KEPT: KeptGenerations = {
  kept: () => Promise.resolve([]),
  at: () => Promise.resolve(null),
  resultsAt: () => Promise.resolve(null),
  publicParquet: () => Promise.resolve(null),
  hold: () => assert.fail("nothing is kept"),
};

/** A sample election's app, with the function that feeds it. */
export async function openSample(
  first = resultsOf([100, 80, 60]),
  options: LiveOptions = {},
  deps: Partial<AppDeps> = {},
) {
  const assets = await builtAssets();
  const updates = createUpdates(first);
  const vitals = deps.vitals ?? (() => VITALS);
  const live = createLive(updates, { vitals, ...options });
  const painter = createPainter();
  const failures: unknown[] = [];
  const app = createApp({
    ...shownOfSnapshot(updates, live, NOTHING_KEPT),
    vitals,
    past: NOTHING_KEPT,
    baseUrl: "http://localhost",
    history: {
      newest: () => null,
      at: () => Promise.resolve(null),
      ask: () => assert.fail("there is no snapshot"),
      standings: () => assert.fail("there is no snapshot"),
    },
    sql: {
      engine: { ask: () => assert.fail("nothing is asked in SQL") },
      confinements: [],
      namedQueries: [],
      access: { of: () => "open", refused: () => null },
    },
    commands: { handler: () => assert.fail("no command is given") },
    voting: closedPolls(),
    readiness: () =>
      Promise.resolve({
        ready: true,
        lag: { votes_topic: [0] },
        progress: { done: 1, total: 1 },
        snapshot: null,
      }),
    metrics: {
      contentType: "text/plain; version=0.0.4",
      render: () => Promise.resolve("votes_counted 240\n"),
    },
    assets,
    painter,
    frameAncestors: "*",
    onFailure: (fault) => failures.push(fault),
    ...deps,
  });
  function close(): void {
    live.close();
    painter[Symbol.dispose]();
  }
  return { app, live, publish: updates.publish, failures, close, [Symbol.dispose]: close };
}

/** One event or comment of a live stream. */
export interface LiveEvent {
  event?: string;
  id?: string;
  data?: string;
  retry?: string;
  comment?: string;
}

/** Opens the live stream of an app and reads it event by event. */
export async function listen(app: Hono) {
  const response = await app.request("/api/v1/live");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    response,
    /** The next event or comment; undefined once the stream has ended. */
    async next(): Promise<LiveEvent | undefined> {
      while (!text.includes("\n\n")) {
        const { value, done } = await reader.read();
        if (done) return undefined;
        text += value;
      }
      const [block] = text.split("\n\n", 1);
      text = text.slice(block.length + 2);
      const fields = block.split("\n").map((line) => line.split(/: ?(.*)/s, 2));
      return Object.fromEntries(fields.map(([name, value]) => [name || "comment", value]));
    },
    cancel: () => reader.cancel(),
  };
}
