import assert from "node:assert/strict";
import { openPostgres } from "../../pipeline/postgres.ts";
import { needs } from "../services/available.ts";
import { newDatabase } from "../services/postgres.ts";
import { startProxy } from "../services/proxy.ts";
import { startTeller } from "../services/teller.ts";
import { untilResults, view } from "./live.ts";
import { countEmbedded, countTables, tableCountOf, untilFilled } from "./postgres_count.ts";

const VOTERS = 1_000;
const DEMO = { TELLER_DEMO_VOTERS: String(VOTERS), TELLER_DEMO_RATE: "300" };
const withPostgres = needs("postgres");
const never = new AbortController().signal;
const server = (url: string) => openPostgres({ url, dir: "", onNotice: assert.fail, signal: never });
const times = (text: string, part: string) => text.split(part).length - 1;

/** Kills Teller at moments drawn at random, and again, and lets the last one count to the end. */
async function killAtRandom(env: Record<string, string>) {
  let votes = 0;
  for (let kills = 0; kills < 20; kills++) {
    await using teller = await startTeller({ command: ["dev"], env });
    const viewer = await view(teller.url);
    votes += Math.floor(Math.random() * VOTERS / 25);
    await viewer.next("results", (results) => results.totals.votes >= votes);
    await teller.stop("SIGKILL");
    await viewer.close();
  }
  return await startTeller({ command: ["dev"], env });
}

withPostgres("killed at random moments, at rest the tables are the count (server)", async () => {
  await using database = await newDatabase();
  await using client = await server(database.url);
  const dataDir = await Deno.makeTempDir();
  try {
    await using teller = await killAtRandom({ ...DEMO, DATA_DIR: dataDir, DATABASE_URL: database.url });
    const results = await untilResults(teller.url, (results) => results.totals.votes === VOTERS);
    await untilFilled(client.sql, results);
    assert.deepEqual(await countTables(client.sql), tableCountOf(results));
    assert.equal(await teller.stop(), 0, teller.logs());
    assert.doesNotMatch(teller.logs(), /not filled/);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});

Deno.test("killed at random moments, at rest the tables are the count (embedded)", async () => {
  const dataDir = await Deno.makeTempDir();
  try {
    let results;
    {
      await using teller = await killAtRandom({ ...DEMO, DATA_DIR: dataDir });
      results = await untilResults(teller.url, (results) => results.totals.votes === VOTERS);
      assert.equal(await teller.stop(), 0, teller.logs());
      assert.doesNotMatch(teller.logs(), /not filled/);
    }
    assert.deepEqual(await countEmbedded(dataDir, results), tableCountOf(results));
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});

withPostgres(
  "counting goes on while Postgres is away, which is said once, and the tables catch up",
  async () => {
    await using database = await newDatabase();
    await using client = await server(database.url);
    await using proxy = startProxy(database.port);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    await using teller = await startTeller({
      command: ["dev"],
      env: { ...DEMO, TELLER_DEMO_VOTERS: "1500", DATABASE_URL: url.href },
    });
    const viewer = await view(teller.url);
    const before = await viewer.next("results", (results) => results.totals.votes > 0);
    await untilFilled(client.sql, before);
    proxy.refusing = true;
    proxy.cut();
    // Some 3 seconds of votes.
    await viewer.next("results", (results) => results.totals.votes >= before.totals.votes + 900);
    const [{ votes }] = await client.sql`select count(*)::int as votes from votes`;
    assert.ok(votes < before.totals.votes + 900);
    proxy.refusing = false;
    await viewer.close();
    const results = await untilResults(teller.url, (results) => results.totals.votes === 1500);
    await untilFilled(client.sql, results);
    assert.deepEqual(await countTables(client.sql), tableCountOf(results));
    assert.equal(await teller.stop(), 0);
    assert.equal(times(teller.logs(), "Postgres is not filled"), 1, teller.logs());
    assert.equal(times(teller.logs(), "Postgres is written again"), 1, teller.logs());
  },
);

withPostgres(
  "a database of another election is refused once, left as it is, and counting goes on",
  async () => {
    await using database = await newDatabase();
    await using client = await server(database.url);
    const env = { TELLER_DEMO_VOTERS: "100", TELLER_DEMO_RATE: "0", DATABASE_URL: database.url };
    {
      await using teller = await startTeller({ command: ["dev"], env });
      const results = await untilResults(teller.url, (results) => results.totals.votes === 100);
      await untilFilled(client.sql, results);
    }
    const before = await countTables(client.sql);
    await using teller = await startTeller({
      command: ["dev"],
      env: { ...env, TELLER_DEMO_VOTERS: "700", TELLER_DEMO_RATE: "200" },
    });
    await untilResults(teller.url, (results) => results.totals.votes === 700);
    assert.equal(times(teller.logs(), "holds another election"), 1, teller.logs());
    assert.deepEqual(await countTables(client.sql), before);
  },
);

Deno.test("with TELLER_SINKS=off there is no Postgres", async () => {
  await using teller = await startTeller({
    command: ["dev"],
    env: { TELLER_SINKS: "off", TELLER_DEMO_VOTERS: "100", TELLER_DEMO_RATE: "0" },
  });
  await untilResults(teller.url, (results) => results.totals.votes === 100);
  assert.equal(await teller.stop(), 0);
  assert.throws(() => Deno.statSync(`${teller.dataDir}/postgres`), Deno.errors.NotFound);
});
