import assert from "node:assert/strict";
import { openPostgres } from "../../pipeline/postgres.ts";
import { needs } from "../services/available.ts";
import { kcat } from "../services/kcat.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { newDatabase } from "../services/postgres.ts";
import { startTeller } from "../services/teller.ts";
import { untilResults } from "./live.ts";
import { untilFilled } from "./postgres_count.ts";
import { untilWritten } from "./sinks_written.ts";

const VOTERS = 800;

needs("shared kafka", "kcat", "postgres")(
  "the predecessor's dashboard, asking its tables and topics, gets the numbers of our page",
  async () => {
    const brokers = (await sharedKafka()).join();
    const prefix = newPrefix();
    await using database = await newDatabase();
    await using client = await openPostgres({
      url: database.url,
      dir: "",
      onNotice: assert.fail,
      signal: new AbortController().signal,
    });
    await using teller = await startTeller({
      command: ["dev", "--voters", String(VOTERS), "--rate", "0"],
      env: { KAFKA_BROKERS: brokers, TELLER_TOPIC_PREFIX: prefix, DATABASE_URL: database.url },
    });
    const results = await untilResults(teller.url, ({ totals }) => totals.votes === VOTERS);
    await untilFilled(client.sql, results);
    await untilWritten(teller.url, results.version);

    const rows = async (query: string) => Number((await client.sql.unsafe(query))[0].count);
    assert.equal(await rows("SELECT COUNT(*) FROM voters"), results.totals.voters);
    assert.equal(await rows("SELECT COUNT(*) FROM candidates"), results.totals.candidates);
    assert.equal(await rows("SELECT COUNT(*) FROM votes"), results.totals.votes);

    /** Every record of a topic, as the dashboard reads it: from the start, knowing nothing of compaction. */
    const read = async (topic: string): Promise<Record<string, unknown>[]> =>
      (await kcat(["-b", brokers, "-C", "-t", prefix + topic, "-o", "beginning", "-e", "-q"]))
        .map((line) => JSON.parse(line));
    const greatest = (records: Record<string, unknown>[], by: string, of: string) => {
      const most: Record<string, number> = {};
      for (const record of records) {
        const name = record[by] as string;
        most[name] = Math.max(most[name] ?? 0, record[of] as number);
      }
      return most;
    };
    const perCandidate = greatest(
      await read("aggregated_votes_per_candidate"),
      "candidate_id",
      "total_votes",
    );
    assert.deepEqual(
      perCandidate,
      Object.fromEntries(results.candidates.map((one) => [one.candidate_id, one.total_votes])),
    );
    const perState = greatest(await read("aggregated_turnout_by_location"), "state", "count");
    assert.deepEqual(
      perState,
      Object.fromEntries(
        results.locations.filter(({ count }) => count > 0).map(({ state, count }) => [state, count]),
      ),
    );
    const page = await (await fetch(teller.url)).text();
    for (const total of Object.values(perCandidate)) {
      assert.ok(page.includes(`>${total.toLocaleString("en-GB")}<`));
    }
    assert.equal(await teller.stop(), 0);
  },
);
