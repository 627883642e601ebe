/**
 * Restarts from a snapshot, as a process of its own: what is shown meanwhile, what is gone on from, what is refused.
 * @module
 */
import assert from "node:assert/strict";
import type { Results } from "../../pipeline/results.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { startProxy } from "../services/proxy.ts";
import { freePort } from "../services/owned_process.ts";
import { runTeller, spawnTeller, startTeller, type TellerService } from "../services/teller.ts";
import { fetchResults, lasting, untilResults, view } from "./live.ts";

const VOTERS = 2_000;

/** Settings of an election whose DATA_DIR outlives its Tellers. */
async function withElection(
  extra: Record<string, string>,
  test: (env: Record<string, string>) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "teller-restart-" });
  const env = {
    ...extra,
    DATA_DIR: `${dir}/data`,
    TELLER_SINKS: "off",
    TELLER_SNAPSHOT_SECONDS: "1",
    TELLER_DEMO_VOTERS: String(VOTERS),
    TELLER_DEMO_RATE: "0",
  };
  try {
    await test(env);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Holds a whole demo election, and ends cleanly after it. */
async function holdElection(env: Record<string, string>): Promise<Results> {
  await using teller = await startTeller({ command: ["dev"], env });
  const results = await untilResults(teller.url, ({ totals }) => totals.votes + totals.waiting > VOTERS / 2);
  await untilLogged(teller, /Everybody has voted/);
  await untilFolded(teller);
  assert.equal(await teller.stop(), 0, teller.logs());
  return results;
}

async function untilLogged(teller: TellerService, words: RegExp): Promise<void> {
  let over = false;
  teller.exit.then(() => over = true);
  while (!words.test(teller.logs())) {
    if (over) assert.fail(teller.logs());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What stands is not yet folded at the moment when the last vote has been appended. */
async function untilFolded({ url }: TellerService): Promise<void> {
  for (;;) {
    const { lag } = (await readyz(url)).body;
    if (Object.values<number[]>(lag).flat().every((behind) => behind === 0)) return;
  }
}

async function readyz(url: string) {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.json() };
}

Deno.test("a restart goes on from the snapshot: nothing is read again, and the results are the same", () =>
  withElection({}, async (env) => {
    await holdElection(env);
    await using first = await startTeller({ env });
    const shown = await untilResults(first.url, ({ catching_up }) => !catching_up);
    const { status, body } = await readyz(first.url);
    assert.equal(status, 200);
    assert.deepEqual(body.progress, { done: 0, total: 0 });
    assert.equal(body.snapshot.version, shown.version);
    assert.ok(body.snapshot.age_seconds >= 0);
    assert.match(first.logs(), /Going on from the snapshot of/);
    assert.equal(await first.stop(), 0);

    // The count of the log alone, without any snapshot.
    await Deno.remove(`${env.DATA_DIR}/snapshots`, { recursive: true });
    await using second = await startTeller({ env });
    const counted = await untilResults(second.url, ({ catching_up }) => !catching_up);
    assert.deepEqual(lasting(shown), lasting(counted));
    assert.doesNotMatch(second.logs(), /Going on from/);
  }));

Deno.test("killed while it counts, it goes on from its last snapshot to what the log comes to", () =>
  withElection({}, async (env) => {
    {
      const slowly = { ...env, TELLER_DEMO_RATE: "400" };
      await using teller = await startTeller({ command: ["dev"], env: slowly });
      await untilSaved(teller, 2_000);
      await untilResults(teller.url, ({ totals }) => totals.votes >= 600);
      await teller.stop("SIGKILL");
    }
    await using first = await startTeller({ env });
    const counted = await untilResults(first.url, ({ catching_up }) => !catching_up);
    assert.ok(counted.totals.votes >= 600);
    assert.match(first.logs(), /Going on from the snapshot of/);
    await first.stop();
    await Deno.remove(`${env.DATA_DIR}/snapshots`, { recursive: true });
    await using second = await startTeller({ env });
    assert.deepEqual(
      lasting(await untilResults(second.url, ({ catching_up }) => !catching_up)),
      lasting(counted),
    );
  }));

/** Waits until a snapshot of at least that version has been saved. */
async function untilSaved(teller: TellerService, version: number): Promise<void> {
  while (((await readyz(teller.url)).body.snapshot?.version ?? 0) < version) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

needs("shared kafka")(
  "while no broker answers, everybody is shown the snapshot; then it goes on",
  async () => {
    const brokers = await sharedKafka();
    const onKafka = { KAFKA_BROKERS: brokers.join(), TELLER_TOPIC_PREFIX: newPrefix() };
    await withElection(onKafka, async (env) => {
      await holdElection(env);
      let last: Results;
      {
        await using teller = await startTeller({ env });
        last = await untilResults(teller.url, ({ catching_up }) => !catching_up);
        assert.equal(await teller.stop(), 0);
      }
      const port = freePort();
      const unreachable = { ...env, KAFKA_BROKERS: `127.0.0.1:${port}`, TELLER_TITLE: "Another title" };
      await using teller = await startTeller({ env: unreachable });
      const shown = await fetchResults(teller.url);
      assert.deepEqual([shown.catching_up, shown.version, shown.totals.votes, shown.election.title], [
        true,
        last.version,
        last.totals.votes,
        "Another title",
      ]);
      const viewer = await view(teller.url);
      assert.equal((await viewer.next("results")).version, last.version);
      const page = await fetch(`${teller.url}/`);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /Another title/);
      assert.equal((await readyz(teller.url)).status, 503);
      const vote = await fetch(`${teller.url}/api/v1/votes`, { method: "POST", body: "{}" });
      assert.equal(vote.status, 503);
      await vote.body?.cancel();

      await using _proxy = startProxy(Number(brokers[0].split(":")[1]), { port });
      await viewer.next("results", ({ catching_up }) => !catching_up);
      await viewer.close();
      const { election } = shown;
      assert.deepEqual(lasting(await fetchResults(teller.url)), lasting({ ...last, election }));
      assert.match(teller.logs(), /Going on from the snapshot of/);
      assert.equal(await teller.stop(), 0);
    });
  },
);

Deno.test("another log in DATA_DIR is refused with 65 and what to do; --fresh sets the snapshots aside as well", () =>
  withElection({}, async (env) => {
    const held = await holdElection(env);
    await Deno.remove(`${env.DATA_DIR}/log.sqlite`);
    const refused = await runTeller({ env });
    assert.equal(refused.code, 65, refused.logs);
    assert.match(refused.logs, new RegExp(`are of election ${held.election.id}`));
    assert.match(refused.logs, /move the folder snapshots away/);

    await Deno.remove(`${env.DATA_DIR}/snapshots`, { recursive: true });
    const another = await holdElection(env);
    assert.notEqual(another.election.id, held.election.id);
    await using fresh = await spawnTeller({ command: ["dev", "--fresh"], env });
    await untilLogged(fresh, /Everybody has voted/);
    const [old] = [...Deno.readDirSync(`${env.DATA_DIR}/old`)];
    const aside = [...Deno.readDirSync(`${env.DATA_DIR}/old/${old.name}`)].map(({ name }) => name);
    assert.ok(aside.includes("snapshots"), aside.join());
  }));

Deno.test("changed rules are said, and the log is counted anew by them", () =>
  withElection({}, async (env) => {
    const held = await holdElection(env);
    await using teller = await startTeller({ env: { ...env, TELLER_GRACE_SECONDS: "0" } });
    const counted = await untilResults(teller.url, ({ catching_up }) => !catching_up);
    assert.match(teller.logs(), /counted from its first record.*TELLER_GRACE_SECONDS/);
    assert.equal(counted.election.id, held.election.id);
    const saved = counted.version;
    await untilSaved(teller, saved);
    assert.equal(await teller.stop(), 0);
    await using again = await startTeller({ env: { ...env, TELLER_GRACE_SECONDS: "0" } });
    await untilResults(again.url, ({ catching_up }) => !catching_up);
    assert.match(again.logs(), /Going on from the snapshot of/);
  }));
