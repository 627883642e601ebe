/** A Postgres that fails or goes silent is opened or connected to again, and misses nothing. @module */
import assert from "node:assert/strict";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { openPostgres } from "../../pipeline/postgres.ts";
import { fillPostgres } from "../../pipeline/sink_postgres.ts";
import { needs } from "../services/available.ts";
import { newDatabase } from "../services/postgres.ts";
import { startProxy } from "../services/proxy.ts";
import { json, PARTITIONS, RULES } from "./sink_testbed.ts";

const encoder = new TextEncoder();

/** The workers that are made while this is in use, the newest last. */
function watchWorkers(): { workers: Worker[] } & Disposable {
  const { Worker } = globalThis;
  const workers: Worker[] = [];
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      workers.push(this);
    }
  };
  return { workers, [Symbol.dispose]: () => void (globalThis.Worker = Worker) };
}

Deno.test("an embedded Postgres that fails is opened again, and filled to the log's end", async () => {
  const dir = await Deno.makeTempDir({ prefix: "teller-failing-" });
  using watched = watchWorkers();
  const notices: string[] = [];
  const ending = new AbortController();
  const postgres = { url: null, dir: `${dir}/postgres`, signal: ending.signal };
  try {
    await using log = openEmbeddedLog({ dir, partitions: PARTITIONS, partitioner: partitionerOf("murmur2") });
    const accredit = (from: number) =>
      log.append(
        "voters_topic",
        Array.from({ length: 10 }, (_, i) => `v${from + i}`).map((voter_id) => ({
          key: encoder.encode(voter_id),
          value: encoder.encode(JSON.stringify({ voter_id })),
        })),
      );
    let written = 0;
    let moved = () => {};
    const until = async (version: number) => {
      while (written < version) await new Promise<void>((resolve) => moved = resolve);
    };
    const filling = fillPostgres({
      ...postgres,
      log,
      rules: RULES,
      onWritten(version) {
        written = version;
        moved();
      },
      onNotice: (message) => notices.push(message),
    });
    await accredit(0);
    await until(10);
    const worker = watched.workers.at(-1)!;
    worker.terminate();
    worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory", cancelable: true }));
    await accredit(10);
    await until(20);
    ending.abort();
    await filling;
    assert.match(notices.join("\n"), /failed and is opened again: out of memory\n.*is open again/s);

    const closing = new AbortController();
    {
      await using database = await openPostgres({
        ...postgres,
        onNotice: assert.fail,
        signal: closing.signal,
      });
      assert.equal((await database.sql`select count(*)::int as n from voters`)[0].n, 20);
    }
    closing.abort();
  } finally {
    ending.abort();
    await Deno.remove(dir, { recursive: true });
  }
});

needs("postgres")(
  "a server that goes silent is given up, and filled to the log's end when it answers again",
  async () => {
    const dir = await Deno.makeTempDir({ prefix: "teller-silent-" });
    await using test = await newDatabase();
    await using proxy = startProxy(test.port);
    const url = new URL(test.url);
    url.port = String(proxy.port);
    const ending = new AbortController();
    const notices: string[] = [];
    let written = -1;
    let moved = () => {};
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise<void>((resolve) => moved = resolve);
    };
    try {
      await using log = openEmbeddedLog({
        dir,
        partitions: PARTITIONS,
        partitioner: partitionerOf("murmur2"),
      });
      const filling = fillPostgres({
        url: url.href,
        dir: "",
        log,
        rules: RULES,
        signal: ending.signal,
        answerWithinMs: 300,
        onWritten: (version) => (written = version, moved()),
        onNotice: (message) => (notices.push(message), moved()),
      });
      await until(() => written === 0);
      proxy.swallowing = true;
      await log.append("voters_topic", [json({ voter_id: "v0" })]);
      await until(() => notices.length > 0);
      assert.match(notices[0], /no answer within 0.3 s/);
      proxy.swallowing = false;
      await until(() => written === 1);
      ending.abort();
      await filling;
    } finally {
      ending.abort();
      await Deno.remove(dir, { recursive: true });
    }
  },
);
