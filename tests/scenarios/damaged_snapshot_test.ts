/** The files of snapshots are not as they were written: said, set aside, and the count is right all the same. @module */
import assert from "node:assert/strict";
import { startTeller } from "../services/teller.ts";
import { candidateOf, inDataDir, openLogIn, voteOf, voterOf } from "./electorate.ts";
import { lasting, untilResults } from "./live.ts";
import { messagesOf } from "./polling_day.ts";

const VOTERS = 3_000;
const ENV = { TELLER_SINKS: "off", TELLER_SNAPSHOT_SECONDS: "1" };

type Kind = "manifest" | "voters" | "state" | "results";

/** The files of a kind in a folder of snapshots, the newest last. */
async function filesOf(dataDir: string, kind: Kind): Promise<string[]> {
  const [folder, extension] = {
    manifest: ["manifests", ""],
    voters: ["private", ".bin"],
    state: ["private", ".json"],
    results: ["public", ".json"],
  }[kind];
  const files: { path: string; at: number }[] = [];
  for await (const { name } of Deno.readDir(`${dataDir}/snapshots/${folder}`)) {
    const path = `${dataDir}/snapshots/${folder}/${name}`;
    if (name.endsWith(extension)) files.push({ path, at: (await Deno.stat(path)).mtime!.getTime() });
  }
  assert.ok(files.length > 1, `${kind}: ${files.length}`);
  return files.sort((a, b) => a.at - b.at).map(({ path }) => path);
}

const flip = (path: string) => {
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length >> 1] ^= 1 << Math.floor(8 * Math.random());
  Deno.writeFileSync(path, bytes);
};
const halve = (path: string) => Deno.truncateSync(path, Deno.statSync(path).size >> 1);
const empty = (path: string) => Deno.truncateSync(path, 0);
const swap = (path: string, other: string) => {
  Deno.renameSync(path, `${path}.held`);
  Deno.renameSync(other, path);
  Deno.renameSync(`${path}.held`, other);
};

type Damage = (dataDir: string) => Promise<void>;
const toNewest = (kind: Kind, harm: (path: string, before: string) => void): Damage => async (dataDir) => {
  const files = await filesOf(dataDir, kind);
  harm(files.at(-1)!, files.at(-2)!);
};
const toAll = (kind: Kind, harm: (path: string) => void): Damage => async (dataDir) => {
  for (const file of await filesOf(dataDir, kind)) harm(file);
};

/** By what is done; false where nothing is left to go on from. */
const DAMAGES: Record<string, [Damage, boolean]> = {
  "a bit of the newest manifest is flipped": [toNewest("manifest", flip), true],
  "a bit of the newest state is flipped": [toNewest("state", flip), true],
  "a bit of the newest results is flipped": [toNewest("results", flip), true],
  "the newest voters are truncated": [toNewest("voters", halve), true],
  "the newest manifest is emptied": [toNewest("manifest", empty), true],
  "the newest state is gone": [toNewest("state", (path) => Deno.removeSync(path)), true],
  "two states are swapped": [toNewest("state", swap), false],
  "two manifests are swapped": [toNewest("manifest", swap), false],
  "bits of all voters are flipped": [toAll("voters", flip), false],
  "all manifests are emptied": [toAll("manifest", empty), false],
};

/** Two votings with an end in between, so that there are two generations at least. */
async function makeElection(dataDir: string): Promise<unknown> {
  const ids = Array.from({ length: VOTERS }, (_, i) => `voter-${i}`);
  let results;
  for (const half of [0, 1]) {
    {
      await using log = openLogIn(dataDir);
      if (half === 0) await log.append("candidates_topic", ["a", "b"].map(candidateOf));
      const some = ids.slice(half * VOTERS / 2, (half + 1) * VOTERS / 2);
      await log.append("voters_topic", some.map(voterOf));
      await log.append("votes_topic", some.map((id, i) => voteOf(id, "ab"[i % 2])));
    }
    await using teller = await startTeller({ env: { ...ENV, DATA_DIR: dataDir } });
    results = await untilResults(teller.url, (results) => !results.catching_up);
    await untilSaved(teller.url, results.version);
    assert.equal(await teller.stop(), 0, teller.logs());
  }
  return lasting(results!);
}

async function untilSaved(url: string, version: number): Promise<void> {
  for (;;) {
    const { snapshot } = await (await fetch(`${url}/readyz`)).json();
    if (snapshot?.version === version) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test("whatever is done to the files of snapshots, it is said, they are kept, and the count is right", async (t) => {
  await inDataDir(async (dir) => {
    const whole = `${dir}/whole`;
    await Deno.mkdir(whole);
    const expected = await makeElection(whole);
    for (const [name, [damage, goesOn]] of Object.entries(DAMAGES)) {
      await t.step(name, async () => {
        const dataDir = `${dir}/${name.replaceAll(" ", "_")}`;
        const { success } = await new Deno.Command("cp", { args: ["-a", whole, dataDir] }).output();
        assert.ok(success);
        await damage(dataDir);
        await using teller = await startTeller({ env: { ...ENV, DATA_DIR: dataDir } });
        const results = await untilResults(teller.url, (results) => !results.catching_up);
        assert.deepEqual(lasting(results), expected);
        const said = messagesOf(teller);
        assert.ok(said.some((message) => /set aside|is gone/.test(message)), teller.logs());
        const resumed = said.some((message) => message.startsWith("Going on from the snapshot"));
        assert.equal(resumed, goesOn, teller.logs());
        const kept = [...Deno.readDirSync(`${dataDir}/snapshots/damaged`)];
        assert.ok(kept.length > 0);
        assert.equal(await teller.stop(), 0, teller.logs());
      });
    }
  });
});
