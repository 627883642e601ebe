/** A process that dies while it saves leaves a whole snapshot: the one before, or the new one. @module */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { assertIsAfter, captureOf, Folder, saveMany, START } from "./captures.ts";

const PROCESS = fileURLToPath(new URL("./snapshot_process.ts", import.meta.url));

for (
  const [failPoint, votes] of [
    ["snapshot.mid", 2],
    ["snapshot.before_rename", 2],
    ["snapshot.after_rename", 3],
  ] as const
) {
  Deno.test(`after a death at ${failPoint}, the newest snapshot is number ${votes}`, async () => {
    using folder = new Folder();
    {
      await using snapshots = await folder.open();
      await saveMany(folder, snapshots, 2);
    }
    const { signal } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", "--no-check", PROCESS, folder.dir, failPoint],
    }).output();
    assert.equal(signal, "SIGKILL");

    await using snapshots = await folder.open();
    assert.deepEqual(folder.names("unfinished"), [], "what was being written is gone");
    assertIsAfter(await snapshots.latest(), votes, START + (votes - 1) * 1_000);
    // It goes on from there, and what the dead process left over goes.
    await snapshots.save(captureOf(votes + 1, START + 5_000));
    await snapshots.settled();
    assertIsAfter(await snapshots.latest(), votes + 1, START + 5_000);
    const voters = folder.names("private").filter((name) => name.endsWith(".bin"));
    assert.equal(voters.length, votes + 1, "a file for each snapshot so far");
    assert.deepEqual(folder.notices, []);
  });
}
