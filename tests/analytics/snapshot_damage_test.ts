/** Whatever happens to the files, what comes back is a snapshot as it was saved, and the damage is named. @module */
import assert from "node:assert/strict";
import { assertIsAfter, captureOf, factsOf, Folder, saveMany, START } from "./captures.ts";

/** What may become of a file. */
const DAMAGES: Record<string, (path: string, folder: Folder) => void> = {
  "with a bit flipped": (path) => {
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length >> 1] ^= 1;
    Deno.writeFileSync(path, bytes);
  },
  truncated: (path) => Deno.truncateSync(path, Deno.statSync(path).size - 1),
  emptied: (path) => Deno.truncateSync(path, 0),
  "swapped for an older one": (path, folder) => {
    const [, kind, extension] = /(manifests|public|private)\/[^/]*\.(\w+)$/.exec(path)!;
    const other = folder.names(kind).find((name) => name.endsWith(extension) && !path.endsWith(name))!;
    Deno.copyFileSync(`${folder.dir}/${kind}/${other}`, path);
  },
  gone: (path) => Deno.removeSync(path),
};

/** Files of the newest generation only, by what they hold. */
async function newFiles(folder: Folder): Promise<Map<string, string>> {
  await using snapshots = await folder.open();
  await saveMany(folder, snapshots, 2);
  await snapshots.settled();
  const before = new Set(folder.contents().keys());
  // One more, of other people, so that each of its files is new.
  folder.now = START + 2_000;
  const capture = captureOf(3, folder.now);
  const [group] = capture.groups;
  const results = structuredClone(capture.results);
  results.candidates[0].photo_url = "/new";
  await snapshots.save({ ...capture, results, groups: [{ ...group, voters: 9 }] });
  await snapshots.settled();
  const files = [...folder.contents().keys()].filter((name) => !before.has(name));
  assert.equal(files.length, 7, files.join());
  return new Map(files.map((name) => [name, `${folder.dir}/${name}`]));
}

for (const [damage, inflict] of Object.entries(DAMAGES)) {
  Deno.test(`a file ${damage} is named and set aside, and the snapshot before is the newest`, async () => {
    for (let file = 0; file < 7; file++) {
      using folder = new Folder();
      const [name, path] = [...await newFiles(folder)][file];
      inflict(path, folder);
      const damaged = damage === "gone" ? null : Deno.readFileSync(path).toHex();

      await using snapshots = await folder.open();
      assertIsAfter(await snapshots.latest(), 2, START + 1_000);
      const notices = folder.notices.join("\n");
      // Without its manifest a snapshot never was.
      const unknown = damage === "gone" && name.startsWith("manifests");
      assert.ok(unknown || notices.includes(name.split("/")[1].slice(-70)), `${name} in ${notices}`);
      if (damaged !== null) {
        assert.ok([...folder.contents()].some(([at, hex]) => /^damaged/.test(at) && hex === damaged));
      }

      // The next save goes on from there, and what was damaged doesn't come back.
      await snapshots.save(captureOf(3, START + 3_000));
      await snapshots.settled();
      const told = folder.notices.length;
      await using again = await folder.open();
      assertIsAfter(await again.latest(), 3, START + 3_000);
      assert.equal(folder.notices.length, told, folder.notices.slice(told).join());
    }
  });
}

Deno.test("where every snapshot is damaged there is none, and all are kept", async () => {
  using folder = new Folder();
  {
    await using snapshots = await folder.open();
    await saveMany(folder, snapshots, 3);
    await snapshots.settled();
  }
  for (const name of folder.names("private")) DAMAGES.truncated(`${folder.dir}/private/${name}`, folder);
  const files = folder.contents().size;
  await using snapshots = await folder.open();
  assert.equal(await snapshots.latest(), null);
  assert.equal(folder.names("manifests").length, 0);
  assert.equal(folder.contents().size, files);
  assert.equal(folder.notices.length, 3 + 6 + 1);
  assert.match(folder.notices.at(-1)!, /counted from its first record/);
});

Deno.test("a damaged part isn't merged, as it would pass for sound: it is set aside, and all is saved anew", async () => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  await saveMany(folder, snapshots, 15);
  await snapshots.settled();
  const [name] = folder.names("private").filter((name) => name.endsWith(".bin"));
  DAMAGES["with a bit flipped"](`${folder.dir}/private/${name}`, folder);
  await saveMany(folder, snapshots, 1, { before: 15 });
  await snapshots.settled();
  assert.deepEqual(folder.names("damaged"), [name]);
  assert.equal(folder.notices.length, 1, folder.notices.join());
  assert.match(folder.notices[0], new RegExp(name));
  assert.ok(snapshots.needsWhole());
  await assert.rejects(() => snapshots.save(captureOf(17, START + 16_000)), { code: "SNAPSHOT_FAILED" });

  const whole = { ...captureOf(1, START + 17_000), facts: factsOf(17, START + 17_000) };
  await snapshots.save(whole);
  await snapshots.settled();
  assert.ok(!snapshots.needsWhole());
  await using again = await folder.open();
  assert.deepEqual((await again.latest())?.facts, whole.facts);
  assert.equal(folder.notices.length, 1, folder.notices.join());
});
