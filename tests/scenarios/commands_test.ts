/** Work handed to the running owner of a DATA_DIR. @module */
import assert from "node:assert/strict";
import { runTeller, spawnTeller, startTeller, type TellerService } from "../services/teller.ts";
import { fetchResults, untilResults } from "./live.ts";

/** A demo with the owner's DATA_DIR, in a process of its own. */
const beside = (owner: TellerService, ...flags: string[]) => ({
  command: ["demo", ...flags],
  env: { DATA_DIR: owner.dataDir },
});

const adminToken = (owner: TellerService) => Deno.readTextFileSync(`${owner.dataDir}/admin_token`).trim();

/** Gives a command as a program would that knows only the address and the token. */
async function post(owner: TellerService, input: unknown, headers: Record<string, string> = {}) {
  return await fetch(`${owner.url}/api/v1/commands/demo`, {
    method: "POST",
    headers: {
      "Authorization": `Bearer ${adminToken(owner)}`,
      "Content-Type": "application/json",
      ...headers,
    },
    body: JSON.stringify(input),
  });
}

Deno.test("a demo beside a running Teller is done by it, and its outcome and exit code are passed on", async () => {
  await using owner = await startTeller();
  const demo = await runTeller(beside(owner, "--voters", "300", "--rate", "0"));
  assert.equal(demo.code, 0, demo.logs);
  assert.match(demo.logs, /300 voters and 300 votes stand after .* s; every voter has voted/);
  const results = await untilResults(owner.url, ({ totals }) => totals.votes === 300);
  assert.equal(results.totals.duplicates, 0);

  const again = await runTeller(beside(owner, "--voters", "300", "--rate", "0"));
  assert.equal(again.code, 0, again.logs);
  assert.equal((await fetchResults(owner.url)).version, results.version, "nothing stands twice");

  for (
    const [flags, reason] of [[["--seed", "7"], /another election/], [["--fresh"], /being counted/]] as const
  ) {
    const refused = await runTeller(beside(owner, "--voters", "300", "--rate", "0", ...flags));
    assert.equal(refused.code, 65, refused.logs);
    assert.match(refused.logs, reason);
  }
  assert.equal(await owner.stop(), 0);
});

Deno.test("a second demo is refused while one runs, and one that is interrupted ends at the owner too", async () => {
  await using owner = await startTeller();
  const flags = ["--voters", "3000"];
  await using first = await spawnTeller(beside(owner, ...flags, "--rate", "50"));
  await untilResults(owner.url, ({ totals }) => totals.votes >= 20);
  const second = await runTeller(beside(owner, ...flags, "--rate", "0"));
  assert.equal(second.code, 75, second.logs);
  assert.match(second.logs, /A demo is running already/);

  assert.equal(await first.stop("SIGINT"), 0, first.logs());
  assert.match(first.logs(), /Interrupted/);
  // Left alone it would take a minute.
  const since = performance.now();
  let third;
  do third = await runTeller(beside(owner, ...flags, "--rate", "0")); while (third.code === 75);
  assert.equal(third.code, 0, third.logs);
  assert.ok(performance.now() - since < 30_000);
  const results = await untilResults(owner.url, ({ totals }) => totals.votes === 3000);
  assert.equal(results.totals.duplicates, 0);
});

Deno.test("when the owner ends, its commands end cleanly; when it dies, who waits is told", async () => {
  const dataDir = await Deno.makeTempDir();
  try {
    for (const [signal, code] of [["SIGTERM", 0], ["SIGKILL", 69]] as const) {
      await using owner = await startTeller({ env: { DATA_DIR: dataDir } });
      const before = (await untilResults(owner.url, (results) => !results.catching_up)).totals.votes;
      await using demo = await spawnTeller(beside(owner, "--voters", "3000", "--rate", "50"));
      await untilResults(owner.url, ({ totals }) => totals.votes >= before + 20);
      await owner.stop(signal);
      assert.equal(await demo.exit, code, demo.logs());
      assert.match(demo.logs(), code === 0 ? /run the command again to go on/ : /went away/);
    }
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});

Deno.test("a command answers with a line for each report, and with its exit code in the last", async () => {
  await using owner = await startTeller();
  const response = await post(owner, { voters: 300, rate: 0 });
  assert.equal(response.headers.get("Content-Type"), "application/x-ndjson");
  const lines = (await response.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.at(-1), { exit: 0 });
  for (const [stage, total] of [["candidates", 3], ["voters", 300], ["votes", 300]] as const) {
    const done = lines.filter((line) => line.stage === stage).map((line) => line.done);
    assert.equal(done.at(-1), total);
    assert.deepEqual(done, done.toSorted((a, b) => a - b));
  }
  const wrong = await (await post(owner, { voters: "many" })).text();
  assert.match(wrong, /"code":"BAD_SETTING"/);
  assert.match(wrong, /\{"exit":2\}\n$/);
});

Deno.test("commands take the admin token, from this machine, and not through a proxy", async () => {
  const ADMIN_TOKEN = "an-admin-token-that-is-set";
  await using owner = await startTeller({ env: { ADMIN_TOKEN } });
  const cases: [Record<string, string>, number, string][] = [
    [{}, 401, "unauthorized"],
    [{ "Authorization": "Bearer wrong-token" }, 401, "unauthorized"],
    [{ "Authorization": `Bearer ${ADMIN_TOKEN}`, "X-Forwarded-For": "127.0.0.1" }, 403, "not_local"],
    [{ "Authorization": `Bearer ${ADMIN_TOKEN}`, "Forwarded": "for=127.0.0.1" }, 403, "not_local"],
  ];
  for (const [headers, status, code] of cases) {
    const response = await fetch(`${owner.url}/api/v1/commands/demo`, { method: "POST", headers });
    assert.equal(response.status, status);
    assert.equal((await response.json()).code, code);
  }
  const unset = await runTeller(beside(owner, "--voters", "10"));
  assert.equal(unset.code, 2, unset.logs);
  assert.match(unset.logs, /ADMIN_TOKEN is required/);
  const wrong = await runTeller({
    command: ["demo"],
    env: { DATA_DIR: owner.dataDir, ADMIN_TOKEN: "another-admin-token" },
  });
  assert.equal(wrong.code, 77, wrong.logs);
  assert.match(wrong.logs, /it has another ADMIN_TOKEN/);
  assert.equal((await fetchResults(owner.url)).version, 0, "nothing was done");
});
