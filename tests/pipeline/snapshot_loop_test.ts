import assert from "node:assert/strict";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import type { EventLog } from "../../pipeline/log.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { unknown } from "../../pipeline/quality.ts";
import type { QualityReport } from "../../pipeline/quality_loop.ts";
import type { Results } from "../../pipeline/results.ts";
import type { SnapshotStore } from "../../pipeline/snapshot.ts";
import type { Folded } from "../../pipeline/snapshot_capture.ts";
import { type Snapshots, type SnapshotsOptions, startSnapshots } from "../../pipeline/snapshot_loop.ts";
import { restore } from "../../pipeline/snapshot_restore.ts";
import { startStream, type Stream } from "../../pipeline/stream.ts";
import { canonical, createMemoryStore, type MemoryStore } from "./snapshot_testbed.ts";
import { rulesOf } from "./rules.ts";

const partitioner = partitionerOf("murmur2");
const rules = rulesOf(2);
const encoder = new TextEncoder();

/** A count whose snapshots go to memory. */
interface Running {
  readonly log: EventLog;
  readonly stream: Stream;
  readonly store: MemoryStore;
  readonly snapshots: Snapshots;
  readonly notices: string[];
  /** Resolves at the end of the next save, however it ends. */
  nextSave(): Promise<void>;
  append(voters: number): Promise<void>;
  end(): Promise<void>;
}

async function running(
  test: (it: Running) => Promise<void>,
  options: Partial<SnapshotsOptions> = {},
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "teller-loop-" });
  try {
    await using log = openEmbeddedLog({ dir, partitions: 2, partitioner });
    const ending = new AbortController();
    const { signal } = ending;
    const stream = startStream({ log, rules, title: "T", now: Date.now, signal });
    const store = createMemoryStore();
    let saved = Promise.withResolvers<void>();
    const told: SnapshotStore = {
      latest: store.latest,
      needsWhole: store.needsWhole,
      save: (capture) =>
        store.save(capture).finally(() => {
          saved.resolve();
          saved = Promise.withResolvers();
        }),
    };
    const notices: string[] = [];
    const onNotice = (message: string) => notices.push(message);
    const snapshots = startSnapshots({
      store: told,
      stream,
      resumedFrom: null,
      everyMs: 20,
      signal,
      onNotice,
      ...options,
    });
    let voters = 0;
    await test({
      log,
      stream,
      store,
      snapshots,
      notices,
      nextSave: () => saved.promise,
      async append(n) {
        const ids = Array.from({ length: n }, () => `v${voters++}`);
        const folded = until(stream, (results) => results.totals.voters === voters);
        await log.append(
          "voters_topic",
          ids.map((id) => ({
            key: encoder.encode(id),
            value: encoder.encode(JSON.stringify({ voter_id: id })),
          })),
        );
        await folded;
      },
      async end() {
        ending.abort();
        await Promise.allSettled([stream.done]);
        await snapshots.done;
      },
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function until(stream: Stream, wanted: (results: Results) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = stream.updates.subscribe((results) => {
      if (!wanted(results)) return;
      unsubscribe();
      resolve();
    });
  });
}

async function restored(store: MemoryStore): Promise<Folded> {
  const folded = await restore(store.kept!, rules);
  if (typeof folded === "string") assert.fail(folded);
  return folded;
}

Deno.test("what has changed is saved in time, by itself, and says which it is", () =>
  running(async ({ append, nextSave, store, snapshots, end }) => {
    assert.equal(snapshots.newest(), null);
    await append(10);
    while (store.kept?.facts.version !== 10) await nextSave();
    const { saves } = store;
    await end();
    assert.equal(store.saves, saves, "the end had nothing to add");
    assert.deepEqual(snapshots.newest(), { version: 10, asOf: store.kept!.facts.asOf });
  }));

Deno.test("a clean end saves what has been counted by then, and nothing twice", () =>
  running(async ({ append, store, stream, end }) => {
    await append(10);
    assert.equal(store.saves, 0);
    await end();
    assert.equal(store.saves, 1);
    assert.equal(store.kept!.facts.version, 10);
    assert.deepEqual(canonical(await restored(store)), canonical(stream));
  }, { everyMs: 3_600_000 }));

Deno.test("where nothing has changed, nothing is saved", () =>
  running(async ({ store, end }) => {
    await end();
    assert.equal(store.saves, 0);
  }));

Deno.test("while saving fails, counting goes on; it is said once, and so is its end, and nothing is missing then", () =>
  running(async ({ append, nextSave, store, snapshots, stream, notices, end }) => {
    store.failing = true;
    await append(10);
    await nextSave();
    await append(5);
    await nextSave();
    await nextSave();
    assert.equal(notices.length, 1);
    assert.match(notices[0], /the disk is full; counting goes on/);
    assert.equal(snapshots.newest(), null);
    store.failing = false;
    await nextSave();
    await end();
    assert.equal(snapshots.newest()?.version, 15);
    assert.deepEqual(notices.slice(1), ["Snapshots are being saved again"]);
    assert.deepEqual(canonical(await restored(store)), canonical(stream));
  }));

Deno.test("where what has been saved turns out to be damaged, all of it is saved again, though nothing has changed", () =>
  running(async ({ append, nextSave, store, stream, end }) => {
    await append(10);
    while (store.kept?.facts.version !== 10) await nextSave();
    store.kept = { ...store.kept, voters: [[], []] };
    store.damaged = true;
    await nextSave();
    assert.equal(store.damaged, false);
    await append(5);
    await end();
    assert.deepEqual(canonical(await restored(store)), canonical(stream));
  }));

Deno.test("where the save at the end fails, nobody is told that it is tried again", () =>
  running(async ({ append, store, notices, end }) => {
    store.failing = true;
    await append(10);
    await end();
    assert.equal(notices.length, 1);
    assert.match(notices[0], /the disk is full; the next start goes on from the one before/);
  }, { everyMs: 3_600_000 }));

Deno.test("a stream that ends by a fault is not saved: its folds may be half of something", () =>
  running(async ({ append, log, stream, snapshots, store, end }) => {
    await append(10);
    await log[Symbol.asyncDispose]();
    await assert.rejects(stream.done);
    await end();
    assert.equal(store.saves, 0);
    assert.equal(snapshots.newest(), null);
  }, { everyMs: 3_600_000 }));

Deno.test("what the checks say is saved with the count, and again where they say something else of it", () => {
  const ok = unknown("a_check", "This with that");
  let report: QualityReport = { status: "ok", version: 0, asOf: 1, checks: [ok] };
  return running(async ({ append, nextSave, store, end }) => {
    await append(10);
    const savedAt = () => store.quality?.asOf;
    while (savedAt() !== 1) await nextSave();
    const found = { ...ok, status: "finding" as const };
    report = { ...report, asOf: 3, checks: [found] };
    while (savedAt() !== 3) await nextSave();
    assert.deepEqual(store.quality?.checks, [found]);
    const { saves } = store;
    report = { ...report, asOf: 4 };
    await end();
    assert.equal(store.saves, saves, "the same was found once more");
  }, { quality: () => report });
});
