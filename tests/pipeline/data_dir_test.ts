/** Who owns a DATA_DIR, and where that process takes commands. @module */
import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import { openDataDir, ownerOf } from "../../pipeline/data_dir.ts";

const ADDRESS = { host: "127.0.0.1", port: 8000, adminTokenFile: "admin_token", log: "embedded" } as const;

Deno.test("the owner's address is found once it has been announced, and goes with the next owner", async () => {
  const path = await Deno.makeTempDir();
  {
    using first = openDataDir(path);
    assert.equal(ownerOf(path), null);
    first.announce(ADDRESS);
    assert.deepEqual(ownerOf(path), ADDRESS);
    first.announce({ ...ADDRESS, port: 80, adminTokenFile: null });
    assert.deepEqual(ownerOf(path), { ...ADDRESS, port: 80, adminTokenFile: null });

    const inUse = (fault: unknown) =>
      fault instanceof Fault && fault.code === "DATA_DIR_IN_USE" && fault.message.includes(`${Deno.pid}`);
    assert.throws(() => openDataDir(path), inUse);
    assert.ok(ownerOf(path), "who was refused changed nothing");
  }
  using _second = openDataDir(path);
  assert.equal(ownerOf(path), null);
  await Deno.remove(path, { recursive: true });
});

Deno.test("a lock file that holds anything else names no owner", async () => {
  const path = await Deno.makeTempDir();
  for (const content of ["", "123\n", "{", "null", '{"pid":1,"host":"a"}', '{"pid":1,"host":1,"port":"x"}']) {
    await Deno.writeTextFile(`${path}/lock`, content);
    assert.equal(ownerOf(path), null, content);
  }
  await Deno.remove(path, { recursive: true });
});

Deno.test("an election is set aside without the lock, those set aside before, and what isn't Teller's", async () => {
  const path = await Deno.makeTempDir();
  using dataDir = openDataDir(path);
  await Deno.writeTextFile(`${path}/notes.txt`, "mine");
  for (const name of ["a", "b"]) {
    await Deno.writeTextFile(`${path}/log.sqlite`, name);
    assert.equal(dataDir.setAside(name), `${path}/old/${name}`);
    assert.equal(await Deno.readTextFile(`${path}/old/${name}/log.sqlite`), name);
  }
  assert.deepEqual([...Deno.readDirSync(path)].map(({ name }) => name).toSorted(), [
    "lock",
    "notes.txt",
    "old",
  ]);
  await Deno.remove(path, { recursive: true });
});
