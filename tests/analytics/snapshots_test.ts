/** What the snapshot store promises, on real files. @module */
import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import { encodeManifest, parseManifest, readManifestName } from "../../analytics/snapshot_manifest.ts";
import {
  assertIsAfter,
  captureOf,
  factsOf,
  Folder,
  joined,
  saveMany,
  sharedDuckDb,
  START,
} from "./captures.ts";

async function votesIn(paths: readonly string[]): Promise<unknown[]> {
  const duckDb = await sharedDuckDb();
  const sql = `SELECT window_start, sum(votes) FROM read_parquet($files) GROUP BY 1 ORDER BY 1`;
  return await Array.fromAsync(duckDb.query(sql, { files: paths }));
}

Deno.test("there is no snapshot in a new folder", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  assert.equal(await snapshots.latest(), null);
  assert.equal(snapshots.newest(), null);
});

Deno.test("a folder that can't be used is refused", async () => {
  using folder = new Folder();
  Deno.writeTextFileSync(`${folder.dir}/private`, "a file");
  await assert.rejects(() => folder.open(), { code: "DATA_DIR_UNUSABLE" });
});

Deno.test("a snapshot comes back as it was saved, with everything that the ones before it held", async () => {
  using folder = new Folder();
  {
    await using snapshots = await folder.open();
    await saveMany(folder, snapshots, 3);
  }
  await using again = await folder.open();
  assertIsAfter(await again.latest(), 3, START + 2_000);
  assert.deepEqual(folder.notices, []);
  assert.deepEqual(await votesIn(again.newest()!.votes), [[START, 1], [START + 10_000, 1], [
    START + 20_000,
    1,
  ]]);
});

Deno.test("after 260 snapshots merged in two tiers it is the same, in a bounded number of files", async () => {
  using folder = new Folder();
  {
    await using snapshots = await folder.open();
    await saveMany(folder, snapshots, 260);
    await snapshots.settled();
    await saveMany(folder, snapshots, 1, { before: 260 });
  }
  await using again = await folder.open();
  assertIsAfter(await again.latest(), 261, START + 260_000);
  const { votes } = again.newest()!;
  assert.ok(votes.length <= 1 + 2 + 15, `${votes.length} files of votes`);
  const inAll = Array.from({ length: 7 }, (_, i) => [START + i * 10_000, i < 261 % 7 ? 38 : 37]);
  assert.deepEqual(await votesIn(votes), inAll);
});

Deno.test("what hasn't changed isn't written again", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  const empty = { voters: [new Uint8Array(), new Uint8Array()], cells: [] };
  await snapshots.save(captureOf(1, START));
  await snapshots.settled();
  const before = [...folder.names("public"), ...folder.names("private")];
  await snapshots.save({ ...captureOf(1, START), ...empty, whole: false, facts: factsOf(2, START) });
  assert.deepEqual([...folder.names("public"), ...folder.names("private")], before);
  const found = await snapshots.latest();
  assert.deepEqual(found!.voters, [[new Uint8Array([1, 0])], [new Uint8Array(1)]]);
});

Deno.test("a whole capture stands for itself, and those before it are only older", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  await saveMany(folder, snapshots, 2);
  // Read anew from the log: fewer votes so far, and other rules.
  const facts = factsOf(1, START + 9_000, { rules: { ...factsOf(1, START).rules, windowMs: 20_000 } });
  await snapshots.save({ ...captureOf(1, START), facts });
  const found = await (await folder.open()).latest();
  assert.deepEqual(found!.facts, facts);
  assert.deepEqual(found!.voters.map(joined), captureOf(1, START).voters.map((block) => [...block]));
});

Deno.test("voters' files can be read by this user only", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  await saveMany(folder, snapshots, 1);
  const mode = (path: string) => Deno.statSync(`${folder.dir}/${path}`).mode! & 0o777;
  assert.equal(mode("private"), 0o700);
  assert.equal(mode("unfinished"), 0o700);
  for (const name of folder.names("private")) assert.equal(mode(`private/${name}`), 0o600);
});

Deno.test("a save that fails leaves the one before the newest, and nothing of its own", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  await saveMany(folder, snapshots, 2);
  await snapshots.settled();
  const before = folder.contents();
  function* cells() {
    yield* captureOf(3, START).cells;
    throw new Deno.errors.Interrupted("the disk is gone");
  }
  await assert.rejects(
    () => snapshots.save({ ...captureOf(3, START + 2_000), cells: cells() }),
    (fault) =>
      fault instanceof Fault && fault.code === "SNAPSHOT_FAILED" && fault.retryable &&
      /the disk is gone/.test(fault.message),
  );
  await snapshots.settled();
  assert.deepEqual(folder.contents(), before);
  assertIsAfter(await snapshots.latest(), 2, START + 1_000);
  // The next one holds what that one would have held.
  await snapshots.save(captureOf(3, START + 2_000));
  assertIsAfter(await (await folder.open()).latest(), 3, START + 2_000);
});

Deno.test("a save fails where manifests can't be written, and goes through once they can", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  await saveMany(folder, snapshots, 1);
  await snapshots.settled();
  const manifests = `${folder.dir}/manifests`;
  Deno.renameSync(manifests, `${manifests}.away`);
  await assert.rejects(() => snapshots.save(captureOf(2, START)), { code: "SNAPSHOT_FAILED" });
  Deno.renameSync(`${manifests}.away`, manifests);
  await snapshots.settled();
  assert.deepEqual(folder.names("unfinished"), []);
  await snapshots.save(captureOf(2, START + 1_000));
  assertIsAfter(await (await folder.open()).latest(), 2, START + 1_000);
});

Deno.test("generations from before the checks were kept are gone on from, and the next one keeps them", async () => {
  using folder = new Folder();
  {
    await using snapshots = await folder.open();
    await saveMany(folder, snapshots, 2);
  }
  for (const name of folder.names("manifests")) {
    const path = `${folder.dir}/manifests/${name}`;
    const manifest = parseManifest(Deno.readTextFileSync(path))!;
    const { quality: _, ...single } = manifest.single;
    const old = encodeManifest({ ...manifest, single }, readManifestName(name)!.sequence);
    Deno.removeSync(path);
    Deno.writeTextFileSync(`${folder.dir}/manifests/${old.name}`, old.text);
  }
  await using again = await folder.open();
  assertIsAfter(await again.latest(), 2, START + 1_000);
  assert.equal(again.newest()!.quality, null);
  await saveMany(folder, again, 1, { before: 2 });
  const { quality } = again.newest()!;
  assert.deepEqual(
    await Array.fromAsync((await sharedDuckDb()).query("FROM read_parquet($files)", { files: [quality!] })),
    [],
  );
  await again.settled();
  assert.deepEqual(folder.notices, []);
});
