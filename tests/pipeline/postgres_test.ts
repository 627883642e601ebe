import assert from "node:assert/strict";
import { openPostgres } from "../../pipeline/postgres.ts";
import { needs } from "../services/available.ts";
import { newDatabase } from "../services/postgres.ts";
import { startProxy } from "../services/proxy.ts";

Deno.test("an embedded database that doesn't open is set aside, named, and made anew; one that opens is kept", async () => {
  const folder = await Deno.makeTempDir({ prefix: "teller-pglite-" });
  const dir = `${folder}/postgres`;
  const notices: string[] = [];
  const ending = new AbortController();
  const open = () =>
    openPostgres({
      url: null,
      dir,
      onNotice: (message) => notices.push(message),
      signal: ending.signal,
    });
  try {
    {
      await using database = await open();
      await database.sql`create table kept (n int)`;
    }
    {
      await using database = await open();
      assert.equal((await database.sql`select * from kept`).length, 0);
      assert.equal(notices.length, 0);
    }
    await Deno.writeFile(`${dir}/global/pg_control`, new Uint8Array(8192));
    {
      await using database = await open();
      const [{ there }] = await database.sql`select to_regclass('kept') is not null as there`;
      assert.equal(there, false);
    }
    assert.equal(notices.length, 1);
    const aside = [...Deno.readDirSync(folder)].map(({ name }) => name).find((name) => name !== "postgres");
    assert.ok(notices[0].includes(`${folder}/${aside}`), notices[0]);
  } finally {
    ending.abort();
    await Deno.remove(folder, { recursive: true });
  }
});

needs("postgres")("a connection lost within a transaction rejects it and ends no process", async () => {
  await using test = await newDatabase();
  const signal = new AbortController().signal;
  await using database = await openPostgres({ url: test.url, dir: "", onNotice: assert.fail, signal });
  for (let n = 0; n < 20; n++) {
    const { sql } = database;
    await assert.rejects(sql.begin(async (tx) => {
      const [{ pid }] = await tx`select pg_backend_pid() as pid`;
      await sql`select pg_terminate_backend(${pid})`;
      await tx`select 1`;
    }));
    database.renew();
  }
  assert.equal((await database.sql`select 1 as one`)[0].one, 1);
});

needs("postgres")("a client renewed while its connection is new and silent ends no process", async () => {
  await using test = await newDatabase();
  await using proxy = startProxy(test.port);
  const url = new URL(test.url);
  url.port = String(proxy.port);
  const signal = new AbortController().signal;
  await using database = await openPostgres({ url: url.href, dir: "", onNotice: assert.fail, signal });
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  proxy.tap = (chunk, direction) => {
    // A simple or a prepared query; neither the greeting nor the password.
    if (direction === "toClient" || !"QP".includes(String.fromCharCode(chunk[0]))) return;
    asked.resolve();
    return held.promise;
  };
  const work = assert.rejects(database.sql.begin((tx) => tx`select 1`));
  await asked.promise;
  database.renew();
  await work;
  proxy.tap = null;
  held.resolve();
  assert.equal((await database.sql`select 1 as one`)[0].one, 1);
});
