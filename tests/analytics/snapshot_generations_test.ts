/** The list of generations, while some leave it. @module */
import assert from "node:assert/strict";
import { createFileClaims } from "../../analytics/file_claims.ts";
import { openSnapshotFiles } from "../../analytics/snapshot_files.ts";
import { openGenerations } from "../../analytics/snapshot_generations.ts";
import { Folder, saveMany } from "./captures.ts";

Deno.test("one that is dropped while it is read is no damaged one", async () => {
  using folder = new Folder();
  {
    await using snapshots = await folder.open();
    await saveMany(folder, snapshots, 3);
  }
  const claims = createFileClaims();
  const notices: string[] = [];
  const files = openSnapshotFiles(folder.dir, claims);
  const generations = openGenerations(folder.dir, files, claims, (message) => notices.push(message));
  const [first, second] = generations.list();
  const reading = generations.read(first);
  generations.drop(first);
  assert.equal(await reading, null);
  assert.equal(await generations.read(first), null);
  assert.ok(await generations.read(second));
  assert.deepEqual(notices, []);
  assert.equal(generations.list().length, 2);
  assert.deepEqual(folder.names("damaged"), []);
});
