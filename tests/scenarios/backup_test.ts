/** A backup made beside a running Teller gives the same election back when DATA_DIR is lost. @module */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createRecount, readOn } from "../../pipeline/recount.ts";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import { runDemo } from "../../pipeline/demo.ts";
import { backUp } from "../../pipeline/backup.ts";
import { Fault } from "../../pipeline/fault.ts";
import { RULES } from "../pipeline/sink_testbed.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { runTeller, startTeller } from "../services/teller.ts";
import { lasting, untilResults } from "./live.ts";

const OFF = { TELLER_SINKS: "off", TELLER_DEMO_VOTERS: "2000", TELLER_SNAPSHOT_SECONDS: "1" };
const forever = new AbortController().signal;

async function withDir(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "teller-backup-" });
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** The task's command, with its permissions. */
async function runBackup(env: Record<string, string>, ...target: string[]) {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=backup", "main.ts", "backup", ...target],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, logs: text(output.stdout) + text(output.stderr) };
}

Deno.test("restored from a backup made while it ran, a killed Teller whose DATA_DIR is lost shows the same", () =>
  withDir(async (dir) => {
    const env = { ...OFF, DATA_DIR: `${dir}/data` };
    let before;
    {
      await using teller = await startTeller({ command: ["dev", "--rate", "0"], env });
      before = await untilResults(teller.url, ({ totals }) => totals.votes === 2_000);
      await untilSnapshotOf(teller.dataDir, before.version);
      const { code, logs } = await runBackup(env, `${dir}/copy`);
      assert.equal(code, 0, logs);
      assert.match(logs, /Copied to .*\/copy: \d+ files/);
      await teller.stop("SIGKILL");
    }
    await Deno.remove(env.DATA_DIR, { recursive: true });
    for (const { name, isFile } of Deno.readDirSync(`${dir}/copy`)) {
      if (isFile) assert.equal(Deno.statSync(`${dir}/copy/${name}`).mode! & 0o077, 0, name);
    }
    const restored = { ...OFF, DATA_DIR: `${dir}/copy` };
    await using teller = await startTeller({ env: restored });
    const after = await untilResults(teller.url, ({ catching_up }) => !catching_up);
    assert.deepEqual(lasting(after), lasting(before));
    assert.match(teller.logs(), /Going on from the snapshot/);
    const { code, logs } = await runTeller({ command: ["recount"], env: restored });
    assert.equal(code, 0, logs);
    assert.match(logs, /newest snapshot's voters +version [\d,]+ +agrees/);
  }));

/** Until a generation of that version stands. */
async function untilSnapshotOf(dataDir: string, version: number): Promise<void> {
  const named = (name: string) => name.includes(`-${version}-`);
  for await (const _ of pollingEvery(50)) {
    if ([...Deno.readDirSync(`${dataDir}/snapshots/manifests`)].some(({ name }) => named(name))) return;
  }
}

async function* pollingEvery(ms: number): AsyncGenerator<void> {
  for (;; await new Promise((resolve) => setTimeout(resolve, ms))) yield;
}

Deno.test("the copy of a log that is written to is of one moment, with every record up to it", () =>
  withDir(async (dir) => {
    Deno.mkdirSync(`${dir}/data`);
    const options = { partitions: 4, partitioner: RULES.partitioner };
    await using log = openEmbeddedLog({ dir: `${dir}/data`, ...options });
    const demo = {
      log,
      voters: 20_000,
      candidates: 3,
      seed: 1,
      rate: 0,
      startAt: null,
      now: Date.now,
      signal: forever,
    };
    const running = runDemo(demo);
    for await (const _ of pollingEvery(5)) if ((await log.ends("votes_topic"))[0] > 500) break;
    const summary = await backUp({
      dataDir: `${dir}/data`,
      target: `${dir}/copy`,
      progress() {},
      signal: forever,
    });
    assert.equal(summary?.hasLog, true);
    await running;
    await using copy = openEmbeddedLog({ dir: `${dir}/copy`, ...options });
    assert.equal(copy.electionId, log.electionId);
    const recount = createRecount(copy);
    const reading = {
      rules: RULES,
      signal: forever,
      progress() {},
      onPerson() {},
      turn: () => Promise.resolve(),
    };
    await readOn(recount, { ...reading, log: copy });
    const votes = recount.next.votes_topic.reduce((a, b) => a + b, 0);
    assert.ok(votes > 500 && votes <= 20_000);
    assert.equal([...recount.voters.values()].filter(({ votedAt }) => votedAt >= 0).length, votes);
  }));

Deno.test("a backup goes to a new or empty folder outside DATA_DIR, and leaves nothing where it is interrupted", () =>
  withDir(async (dir) => {
    Deno.mkdirSync(`${dir}/data/snapshots/public`, { recursive: true });
    Deno.writeTextFileSync(`${dir}/data/admin_token`, "secret\n");
    Deno.mkdirSync(`${dir}/full/of/things`, { recursive: true });
    Deno.mkdirSync(`${dir}/empty`);
    Deno.symlinkSync(`${dir}/data`, `${dir}/link`);
    const to = (target: string, signal = forever) =>
      backUp({ dataDir: `${dir}/data`, target: `${dir}/${target}`, progress() {}, signal });
    const refused = (reason: RegExp) => (error: unknown) =>
      error instanceof Fault && error.code === "BAD_SETTING" && reason.test(error.message);
    await assert.rejects(to("full"), refused(/not empty: name a new folder/));
    for (const inside of ["data", "data/copy", "link/copy"]) {
      await assert.rejects(to(inside), refused(/inside DATA_DIR: name a folder elsewhere/));
    }
    assert.equal(await to("copy", AbortSignal.abort()), null);
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
      "data",
      "empty",
      "full",
      "link",
    ]);

    assert.equal((await to("empty"))?.hasLog, false);
    assert.equal(Deno.readTextFileSync(`${dir}/empty/admin_token`), "secret\n");
    assert.equal(Deno.statSync(`${dir}/empty/admin_token`).mode! & 0o777, 0o600);
    await to("deep/down/copy");
    Deno.mkdirSync(`${dir}/again.unfinished`);
    await assert.rejects(to("again"), refused(/left of a backup that broke off: remove it/));
    const without = await runBackup({ DATA_DIR: `${dir}/data` });
    assert.equal(without.code, 2, without.logs);
  }));

needs("shared kafka")(
  "on Kafka the copy holds all but the log, and says whose that is",
  () =>
    withDir(async (dir) => {
      const brokers = await sharedKafka();
      const topicPrefix = newPrefix();
      const env = {
        ...OFF,
        DATA_DIR: `${dir}/data`,
        KAFKA_BROKERS: brokers.join(),
        TELLER_TOPIC_PREFIX: topicPrefix,
        TELLER_PARTITIONS: "4",
      };
      {
        await using log = await openKafkaLog({
          ...{ brokers, ssl: false, sasl: null, topicPrefix },
          ...{ partitions: 4, partitioner: RULES.partitioner },
        });
        const demo = {
          voters: 500,
          candidates: 3,
          seed: 1,
          rate: 0,
          startAt: null,
          now: Date.now,
          signal: forever,
        };
        await runDemo({ ...demo, log });
      }
      let before;
      {
        await using teller = await startTeller({ env });
        before = await untilResults(teller.url, ({ totals }) => totals.votes === 500);
        await teller.stop();
      }
      const { code, logs } = await runBackup(env, `${dir}/copy`);
      assert.equal(code, 0, logs);
      assert.match(logs, /the log is the broker's/);
      await using teller = await startTeller({ env: { ...env, DATA_DIR: `${dir}/copy` } });
      const after = await untilResults(teller.url, ({ catching_up }) => !catching_up);
      assert.deepEqual(lasting(after), lasting(before));
      assert.match(teller.logs(), /Going on from the snapshot/);
    }),
);
