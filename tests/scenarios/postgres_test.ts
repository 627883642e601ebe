import assert from "node:assert/strict";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { openPostgres } from "../../pipeline/postgres.ts";
import { needs } from "../services/available.ts";
import { newDatabase } from "../services/postgres.ts";
import { startTeller } from "../services/teller.ts";
import { standing } from "./copies.ts";
import { untilResults } from "./live.ts";
import { countTables, untilFilled } from "./postgres_count.ts";

const withPostgres = needs("postgres");
const never = new AbortController().signal;
const server = (url: string) => openPostgres({ url, dir: "", onNotice: assert.fail, signal: never });
const times = (text: string, part: string) => text.split(part).length - 1;

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

Deno.test("with TELLER_SINKS=off there is no Postgres, and no topic is written for others", async () => {
  await using teller = await startTeller({
    command: ["dev"],
    env: { TELLER_SINKS: "off", TELLER_DEMO_VOTERS: "100", TELLER_DEMO_RATE: "0" },
  });
  await untilResults(teller.url, (results) => results.totals.votes === 100);
  assert.equal(await teller.stop(), 0, teller.logs());
  assert.throws(() => Deno.statSync(`${teller.dataDir}/postgres`), Deno.errors.NotFound);
  const partitioner = partitionerOf("murmur2");
  await using log = openEmbeddedLog({ dir: teller.dataDir, partitions: 4, partitioner });
  assert.deepEqual(await standing(log, "aggregated_votes_per_candidate"), {});
});
