/** Whoever comes from the predecessor does what the README says, and his log counts. @module */
import assert from "node:assert/strict";
import { openPostgres } from "../../pipeline/postgres.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { kcat } from "../services/kcat.ts";
import { newDatabase } from "../services/postgres.ts";
import { startTeller } from "../services/teller.ts";
import { untilResults } from "./live.ts";
import { countTables, tableCountOf, untilFilled } from "./postgres_count.ts";
import { createPeople, fatVote, predecessorTime } from "./predecessor_people.ts";

const ADMIN_TOKEN = "an-admin-token-of-this-test";
const VOTERS = 60;
/** As Python's scripts left them: topics that the broker made, CRC-32, and no candidate on any. */
const KCAT = ["-P", "-K", "\t"];

needs("shared kafka", "kcat", "postgres")(
  "the predecessor's votes count once the candidates of its table are handed over as the README says",
  async () => {
    const broker = (await sharedKafka())[0], prefix = newPrefix();
    const people = createPeople(7);
    const candidates = [0, 1, 2].map((i) => people.candidate(i));
    const voters = Array.from({ length: VOTERS }, (_, i) => people.voter(i));
    const votes = voters.map((voter, i) => fatVote(voter, candidates[i % 3], predecessorTime(Date.now())));
    const produce = (topic: string, values: object[]) =>
      kcat(
        ["-b", broker, "-t", prefix + topic, ...KCAT],
        values.map((value, i) => `${voters[i].voter_id}\t${JSON.stringify(value)}\n`).join(""),
      );
    await produce("voters_topic", voters);
    await produce("votes_topic", votes);

    await using database = await newDatabase();
    const onNotice = () => {};
    const { signal } = new AbortController();
    await using client = await openPostgres({ url: database.url, dir: "", onNotice, signal });
    await client.sql`
      create table candidates (candidate_id varchar(255) primary key, candidate_name varchar(255),
        party_affiliation varchar(255), biography text, campaign_platform text, photo_url text)`;
    // A table may lack what the log's records hold.
    for (const { candidate_id, candidate_name, party_affiliation } of candidates) {
      await client.sql`
        insert into candidates ${client.sql({ candidate_id, candidate_name, party_affiliation })}`;
    }

    await using teller = await startTeller({
      env: {
        ADMIN_TOKEN,
        KAFKA_BROKERS: broker,
        TELLER_PARTITIONER: "crc32",
        TELLER_TOPIC_PREFIX: prefix,
        DATABASE_URL: database.url,
      },
    });
    await untilResults(
      teller.url,
      ({ totals: { voters, waiting } }) => voters === VOTERS && waiting === VOTERS,
    );

    const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
    const query = /psql "\$DATABASE_URL" -Atc '(.+)'/.exec(readme)![1];
    const [{ json_agg }] = await client.sql.unsafe(query);
    const response = await fetch(`${teller.url}/api/v1/candidates`, {
      method: "POST",
      headers: { "Authorization": `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
      body: JSON.stringify(json_agg),
    });
    const { items } = await response.json();
    assert.deepEqual(items.map(({ status }: { status: number }) => status), [201, 201, 201]);

    const results = await untilResults(teller.url, ({ totals }) => totals.votes === VOTERS);
    assert.deepEqual(results.candidates.map(({ total_votes }) => total_votes), [20, 20, 20]);
    await untilFilled(client.sql, results);
    assert.deepEqual(await countTables(client.sql), tableCountOf(results));
  },
);
