/** What stays, what goes and what becomes one, as snapshots get older. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createFileClaims } from "../../analytics/file_claims.ts";
import { openSnapshotFiles } from "../../analytics/snapshot_files.ts";
import type { PartEntry } from "../../analytics/snapshot_manifest.ts";
import { FAN_IN, planMerge, replaceParts } from "../../analytics/snapshot_merging.ts";
import { generationsToDrop } from "../../analytics/snapshot_thinning.ts";
import type { Snapshots } from "../../analytics/snapshots.ts";
import { captureOf, Folder, saveMany, START } from "./captures.ts";

const MINUTE_MS = 60_000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS;

Deno.test("all stay for a minute, the last of each minute for a day, then the last of each hour", () => {
  const everyMs = 20_000;
  let kept: { asOf: number }[] = [];
  for (let asOf = START; asOf < START + 26 * HOUR_MS; asOf += everyMs) {
    kept.push({ asOf });
    const drop = new Set(generationsToDrop(kept, asOf));
    kept = kept.filter((generation) => !drop.has(generation));
  }
  const now = START + 26 * HOUR_MS - everyMs;
  const within = (fromMs: number, toMs: number) =>
    kept.filter(({ asOf }) => now - asOf >= fromMs && now - asOf < toMs).map(({ asOf }) => asOf);
  assert.equal(within(0, MINUTE_MS).length, 3);
  const minutes = within(2 * MINUTE_MS, DAY_MS);
  assert.ok(Math.abs(minutes.length - 24 * 60) <= 2, `${minutes.length}`);
  assert.ok(minutes.every((asOf) => asOf % MINUTE_MS === MINUTE_MS - everyMs));
  const hours = within(DAY_MS + HOUR_MS, Infinity);
  assert.deepEqual(hours.map((asOf) => (asOf + everyMs - START) / HOUR_MS), [1]);
});

Deno.test("the newest two stay whatever their age, and a clock set back drops nothing new", () => {
  const generations = [1, 2, 3, 4].map((second) => ({ asOf: START + second * 1_000 }));
  assert.deepEqual(generationsToDrop(generations, START + DAY_MS * 9), generations.slice(0, 2));
  assert.deepEqual(generationsToDrop(generations, START - DAY_MS), []);
});

Deno.test("thinned snapshots take their files along, and each minute's results stay for ever", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  await saveMany(folder, snapshots, 5, { everyMs: 30_000 }); // 10:00:00, 10:00:30 … 10:02:00
  await snapshots.settled();
  folder.now = START + 3 * DAY_MS;
  await snapshots.save(captureOf(6, folder.now));
  await snapshots.settled();
  // 10:02 is the last of its hour.
  assert.deepEqual(folder.names("manifests").map((name) => Number(name.split("-")[2]) - 10), [5, 6]);
  const named = new Set(
    folder.names("manifests").flatMap((name) =>
      Deno.readTextFileSync(`${folder.dir}/manifests/${name}`).match(/[0-9a-f]{64}(?=",\n.*"bytes")/g)
    ),
  );
  const stored = [...folder.names("public"), ...folder.names("private")].map((name) => name.split(".")[0]);
  assert.deepEqual(stored.sort(), [...named].sort());
  const results = (time: string) =>
    JSON.parse(Deno.readTextFileSync(`${folder.dir}/results/2026-05-07/${time}.json`));
  assert.deepEqual(folder.names("results/2026-05-07"), ["1000.json", "1001.json", "1002.json"]);
  assert.deepEqual(["1000", "1001", "1002"].map((time) => results(time).version), [12, 14, 15]);
});

Deno.test("a clock that was wrong for a while costs no minute's results: what is kept stays, and it goes on", async () => {
  using folder = new Folder();
  const save = async (snapshots: Snapshots, votes: number, asOf: number) => {
    folder.now = asOf;
    await snapshots.save(captureOf(votes, asOf));
    await snapshots.settled();
  };
  {
    await using snapshots = await folder.open();
    await save(snapshots, 1, START);
    await save(snapshots, 2, START + 365 * DAY_MS);
    await save(snapshots, 3, START + 1_000); // 10:00 again
    await save(snapshots, 4, START + MINUTE_MS);
  }
  await using snapshots = await folder.open();
  await snapshots.latest();
  await save(snapshots, 5, START + 2 * MINUTE_MS);
  const results = (path: string) => JSON.parse(Deno.readTextFileSync(`${folder.dir}/results/${path}.json`));
  assert.deepEqual(folder.names("results"), ["2026-05-07", "2027-05-07"]);
  assert.deepEqual(folder.names("results/2026-05-07"), ["1000.json", "1001.json"]);
  assert.deepEqual(["1000", "1001"].map((time) => results(`2026-05-07/${time}`).version), [11, 14]);
});

Deno.test("what can't be tidied up is said once, and tidied up when it can", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  await saveMany(folder, snapshots, 1);
  const results = `${folder.dir}/results`;
  Deno.removeSync(results);
  Deno.writeTextFileSync(results, "in the way");
  for (const votes of [2, 3]) {
    await saveMany(folder, snapshots, 1, { before: votes - 1, everyMs: 60_000 });
    await snapshots.settled();
  }
  assert.equal(folder.notices.length, 1, folder.notices.join());
  assert.match(folder.notices[0], /could not be tidied up/);
  Deno.removeSync(results);
  await saveMany(folder, snapshots, 1, { before: 3, everyMs: 60_000 });
  await snapshots.settled();
  assert.deepEqual(folder.names("results/2026-05-07"), ["1000.json", "1001.json", "1002.json"]);
  assert.equal(folder.notices.length, 1, folder.notices.join());
});

Deno.test("what a save has written stays while leftovers go, although nothing names it yet", async () => {
  using folder = new Folder();
  const claims = createFileClaims();
  const files = openSnapshotFiles(folder.dir, claims);
  const bytes = (text: string) => [new TextEncoder().encode(text)];
  const sweep = async () => files.remove(await Array.fromAsync(files.stored()));
  using save = files.batch();
  const mine = await save.put("voters", bytes("a voter"));
  {
    using other = files.batch();
    await other.put("state", bytes("of another"));
    await other.put("voters", bytes("a voter"));
    await sweep();
    assert.equal(folder.names("private").length, 2, "as long as it isn't known who needs what, all stays");
    claims.complete();
    await sweep();
    assert.equal(folder.names("private").length, 2);
  }
  assert.deepEqual(folder.names("private"), [`${mine.sha256}.bin`]);
  const [generation, newer] = [{}, {}];
  claims.replace(generation, [files.pathOf(mine)]);
  claims.replace(newer, [files.pathOf(mine)]);
  save[Symbol.dispose]();
  files.remove(claims.replace(generation, []));
  assert.ok(await files.read(mine), "the newer one needs it still");
  files.remove(claims.replace(newer, []));
  assert.deepEqual(folder.names("private"), []);
});

Deno.test("a list stays short and its bytes are written a few times at most, however long it goes on", () => {
  const part = (bytes: number): PartEntry => ({ role: "votes", sha256: "", bytes, level: 0 });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 1, maxLength: 3_000, size: "max" }),
      (sizes) => {
        const maxBytes = 1_000;
        let list: readonly PartEntry[] = [];
        let added = 0, written = 0;
        for (const bytes of sizes) {
          added += bytes;
          list = [...list, part(bytes)];
          for (let plan; (plan = planMerge(list, maxBytes)) !== null;) {
            const sizes = plan.groups.map((group) => group.reduce((sum, { bytes }) => sum + bytes, 0));
            assert.deepEqual(plan.groups.flat(), plan.parts);
            sizes.forEach((size, i) => assert.ok(size <= maxBytes || plan!.groups[i].length === 1));
            written += plan.groups.reduce((sum, group, i) => sum + (group.length > 1 ? sizes[i] : 0), 0);
            const merged = sizes.map((size, i) => ({
              ...plan!.groups[i][0],
              bytes: size,
              level: size > maxBytes / 2 ? 100 : plan!.groups[i][0].level + 1,
            }));
            list = replaceParts(list, plan, merged);
          }
          const levels = Math.ceil(Math.log(sizes.length) / Math.log(FAN_IN)) + 1;
          assert.ok(
            list.length <= levels * FAN_IN + 4 * added / maxBytes,
            `${list.length} parts of ${added} bytes`,
          );
        }
        assert.equal(list.reduce((sum, { bytes }) => sum + bytes, 0), added);
        assert.ok(written <= 4 * added, `${written} written for ${added}`);
      },
    ),
    { numRuns: 20 },
  );
});
