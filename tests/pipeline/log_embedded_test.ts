/**
 * What the embedded log promises beyond the port: kills, full disks, damage, files of others, changed settings.
 * @module
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { readAll, record, records, whereAppended, whereRead } from "../contracts/log_records.ts";

const TOPIC = "votes_topic";
const KILLED_WRITER = fileURLToPath(new URL("./log_embedded_writer.ts", import.meta.url));

const open = (
  dir: string,
  options: { partitions?: number; partitioner?: "murmur2" | "crc32"; now?: () => number } = {},
) =>
  openEmbeddedLog({
    dir,
    partitions: options.partitions ?? 2,
    partitioner: partitionerOf(options.partitioner ?? "murmur2"),
    now: options.now,
  });

function inFolder(name: string, test: (dir: string) => Promise<void>): void {
  Deno.test(`embedded log: ${name}`, async () => {
    const dir = await Deno.makeTempDir({ prefix: "teller-log-" });
    await test(dir);
    await Deno.remove(dir, { recursive: true });
  });
}

inFolder("whatever was acknowledged stands after SIGKILL, at its offset", async (dir) => {
  const acknowledged = new Map<string, string>();
  for (let life = 0; life < 5; life++) {
    const writer = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", KILLED_WRITER, dir, `life ${life}`],
      stdout: "piped",
    }).spawn();
    let said = "";
    for await (const text of writer.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (said.length < 2_000) continue;
      writer.kill("SIGKILL"); // while it writes on
      break;
    }
    await writer.status;
    for (const line of said.split("\n").slice(0, -1)) {
      const [key, place] = line.split("\t");
      acknowledged.set(key, place);
    }
  }
  await using log = open(dir);
  const standing = new Map(
    (await readAll(log, TOPIC)).map((one) => [one.key!, `${one.partition}/${one.offset}`]),
  );
  assert.ok(acknowledged.size > 100);
  for (const [key, place] of acknowledged) assert.equal(standing.get(key), place, key);
});

inFolder("timestamps never go backwards, even where the clock does", async (dir) => {
  let time = 5_000;
  const options = { partitions: 1, now: () => time };
  const log = open(dir, options);
  await log.append(TOPIC, records(2));
  time = 3_000;
  await log.append(TOPIC, records(1));
  await log[Symbol.asyncDispose]();
  await using again = open(dir, options);
  await again.append(TOPIC, records(1));
  time = 9_000;
  await again.append(TOPIC, records(1));
  const stamps = (await readAll(again, TOPIC)).map(({ timestamp }) => timestamp);
  assert.deepEqual(stamps, [5_000, 5_000, 5_000, 5_000, 9_000]);
});

inFolder("an existing log keeps its partitions and says so", async (dir) => {
  await open(dir, { partitions: 2 })[Symbol.asyncDispose]();
  await using log = open(dir, { partitions: 5 });
  assert.equal(log.partitions(TOPIC), 2);
  assert.equal(log.findings.length, 1);
  assert.match(log.findings[0], /2 partitions.*5 are configured/);
});

inFolder(
  "an existing log keeps its partitioner, so that a voter stays in her partition, and says so",
  async (dir) => {
    const before = open(dir, { partitioner: "crc32" });
    const positions = await before.append(TOPIC, records(100));
    await before[Symbol.asyncDispose]();
    await using log = open(dir, { partitioner: "murmur2" });
    assert.equal(log.findings.length, 1);
    assert.match(log.findings[0], /crc32.*murmur2/);
    assert.deepEqual(whereRead(await readAll(log, TOPIC)), whereAppended(records(100), positions));
    assert.equal(log.partitioner, partitionerOf("crc32"));
    const again = await log.append(TOPIC, records(100));
    assert.deepEqual(again.map(({ partition }) => partition), positions.map(({ partition }) => partition));
  },
);

inFolder("a file that is none of ours is refused and left alone", async (dir) => {
  const path = `${dir}/log.sqlite`;
  const foreign = new Uint8Array(20_000).fill(65);
  await Deno.writeFile(path, foreign);
  assert.throws(() => open(dir), { code: "DATA_DIR_UNUSABLE", message: new RegExp(path) });
  assert.deepEqual(await Deno.readFile(path), foreign);
});

inFolder("another program's database is refused and left alone", async (dir) => {
  const { DatabaseSync } = await import("node:sqlite");
  const path = `${dir}/log.sqlite`;
  const other = new DatabaseSync(path);
  other.exec("CREATE TABLE theirs (x)");
  other.close();
  const bytes = await Deno.readFile(path);
  assert.throws(() => open(dir), { code: "DATA_DIR_UNUSABLE", message: /not a log of Teller's/ });
  assert.deepEqual(await Deno.readFile(path), bytes);
});

inFolder("a changed byte is found when it is read, never passed on", async (dir) => {
  await using log = open(dir, { partitions: 1 });
  await log.append(TOPIC, [record("voter", "an unmistakable vote")]);
  await log[Symbol.asyncDispose]();
  const path = `${dir}/log.sqlite`;
  const bytes = await Deno.readFile(path);
  const text = new TextDecoder("latin1").decode(bytes);
  bytes[text.indexOf("unmistakable")] ^= 1;
  await Deno.writeFile(path, bytes);
  await using damaged = open(dir, { partitions: 1 });
  await assert.rejects(readAll(damaged, TOPIC), { code: "DATA_DIR_UNUSABLE", message: new RegExp(path) });
});

inFolder("the file is for its owner's eyes only", async (dir) => {
  await using log = open(dir);
  await log.append(TOPIC, records(1));
  for await (const { name } of Deno.readDir(dir)) {
    assert.equal((await Deno.stat(`${dir}/${name}`)).mode! & 0o777, 0o600, name);
  }
});

inFolder("a reader that leaves in the middle holds nothing open", async (dir) => {
  await using log = open(dir, { partitions: 1 });
  for (let i = 0; i < 20; i++) await log.append(TOPIC, [{ key: null, value: new Uint8Array(100_000) }]);
  for await (const batch of log.read(TOPIC, new Map([[0, 0]]), new AbortController().signal)) {
    assert.ok(batch.next < 20);
    break;
  }
  await log[Symbol.asyncDispose]();
  // An open read would have kept SQLite from folding its write-ahead log into the file.
  assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["log.sqlite"]);
});

Deno.test("embedded log: on a full disk an append fails whole, can be tried again, and then succeeds", async (t) => {
  const dir = await Deno.makeTempDir({ prefix: "teller-log-" });
  const mounted = (await run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", dir)).success;
  await t.step({
    name: "on a disk of 1 MB" + (mounted ? "" : " [skipped: a disk of 1 MB can't be mounted here]"),
    ignore: !mounted,
    async fn() {
      const filler = `${dir}/filler`;
      await Deno.writeFile(filler, new Uint8Array(300_000));
      await using log = open(dir, { partitions: 2 });
      const first = await log.append(TOPIC, records(10));
      const big = Array.from(
        { length: 100 },
        (_, i) => ({ ...record(`big ${i}`, ""), value: new Uint8Array(10_000) }),
      );
      await assert.rejects(log.append(TOPIC, big), { code: "LOG_UNAVAILABLE", retryable: true });
      assert.deepEqual(whereRead(await readAll(log, TOPIC)), whereAppended(records(10), first));
      await Deno.remove(filler);
      const second = await log.append(TOPIC, records(10, "later"));
      assert.deepEqual(
        whereRead(await readAll(log, TOPIC)),
        whereAppended([...records(10), ...records(10, "later")], [...first, ...second]),
      );
    },
  });
  if (mounted) await run("umount", dir);
  await Deno.remove(dir);
});

function run(program: string, ...args: string[]): Promise<Deno.CommandOutput> {
  return new Deno.Command(program, { args }).output();
}
