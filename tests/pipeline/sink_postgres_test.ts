import assert from "node:assert/strict";
import fc from "fast-check";
import { acceptCandidates, createFold, foldVoters, foldVotes } from "../../pipeline/fold.ts";
import type { ReadBatch, Topic } from "../../pipeline/log.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import type { Sql } from "../../pipeline/postgres.ts";
import { migrate } from "../../pipeline/postgres_schema.ts";
import { createRegistry, foldCandidates } from "../../pipeline/registry.ts";
import { storedId } from "../../pipeline/sink_postgres_rows.ts";
import { claim, write } from "../../pipeline/sink_postgres_write.ts";
import { COUNTED, flagsOf, voteCandidateOf, VOTED, voteTimeOf } from "../../pipeline/voter_table.ts";
import { findVoter, voterKey } from "../../pipeline/voters.ts";
import { batchOf, type PlainRecord } from "./batches.ts";
import { election, NOW, PARTITIONS, rules } from "./elections.ts";
import type { PlainLog } from "./fold_model.ts";
import { emptied, onBoth, votesIn } from "./sink_postgres_databases.ts";

const writing = { electionId: "an election", rules };
const encoder = new TextEncoder();

interface Step {
  readonly topic: Topic;
  readonly batch: ReadBatch;
}

/** The batches of each partition of each topic, cut into sizes at random. */
function queuesOf(log: PlainLog, sizes: number[]): Step[][] {
  const cut = (topic: Topic, records: PlainRecord[], partition: number) => {
    const steps: Step[] = [];
    for (let at = 0, i = 0; at < records.length; i++) {
      const size = sizes[i % sizes.length];
      steps.push({ topic, batch: batchOf(partition, records.slice(at, at + size)) });
      at += size;
    }
    return steps;
  };
  return [
    cut("candidates_topic", log.candidates, 0),
    ...log.voters.map((records, partition) => cut("voters_topic", records, partition)),
    ...log.votes.map((records, partition) => cut("votes_topic", records, partition)),
  ];
}

/** What the fold counts and lets wait, as `voter → candidate at time`. */
function folded(log: PlainLog): { counted: string[]; waiting: string[] } {
  const registry = createRegistry();
  const ids = foldCandidates(registry, batchOf(0, log.candidates)).map((one) => one.candidate_id);
  const counted: string[] = [], waiting: string[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const fold = createFold(partition, rules);
    foldVoters(fold, batchOf(partition, log.voters[partition]));
    foldVotes(fold, batchOf(partition, log.votes[partition]));
    acceptCandidates(fold, ids, registry.ledger.next);
    const key = new Uint32Array(4);
    for (let i = 0; i < 15; i++) {
      const id = encoder.encode(`voter-${i}`);
      voterKey(id, 0, id.length, key);
      const voter = findVoter(fold.voters, key);
      if (voter < 0 || !(flagsOf(fold.voters, voter) & VOTED)) continue;
      const candidate = voteCandidateOf(fold.voters, voter);
      const candidateId = candidate >= 0
        ? registry.candidates[candidate].candidate_id
        : fold.unaccredited[-1 - candidate].candidateId;
      const row = `voter-${i} → ${candidateId} at ${new Date(voteTimeOf(fold.voters, voter)).toISOString()}`;
      (flagsOf(fold.voters, voter) & COUNTED ? counted : waiting).push(row);
    }
  }
  return { counted: counted.sort(), waiting: waiting.sort() };
}

async function stored(sql: Sql): Promise<{ counted: string[]; waiting: string[] }> {
  const rowsOf = async (table: string) => {
    const rows = await sql`
      select voter_id, candidate_id, to_char(voting_time, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
      from ${sql(table)}`;
    return rows.map((row) => `${row.voter_id} → ${row.candidate_id} at ${row.at}`).sort();
  };
  return { counted: await rowsOf("votes"), waiting: await rowsOf("teller_waiting") };
}

/** A newest content by id, of the records that are well-formed and in their partition. */
function newestNames(records: PlainRecord[]): Record<string, string> {
  const names: Record<string, string> = {};
  for (const { key, value } of records) {
    if (value === null || value === "" || value === "{" || value === "[]") continue;
    const fields = JSON.parse(value as string);
    if (fields.candidate_id === key) names[fields.candidate_id] = fields.candidate_name;
  }
  return names;
}

/** A transaction that takes another's place: what is written within it ends with it. */
function inside(tx: Sql): Sql {
  return Object.assign(tx, { begin: (work: (tx: Sql) => unknown) => work(tx) });
}

const record = (offset: number, id: string, value: unknown): PlainRecord => ({
  offset,
  timestamp: NOW,
  key: id,
  value: JSON.stringify(value),
});

/** A batch of one voter's records, in her own partition. */
function of(voter: string, ...values: object[]): ReadBatch {
  const partition = partitionerOf("murmur2")(encoder.encode(voter), PARTITIONS);
  return batchOf(partition, values.map((value, i) => record(i, voter, { voter_id: voter, ...value })));
}

const ann = batchOf(0, [record(0, "ann", { candidate_id: "ann", candidate_name: "Ann" })]);

onBoth({
  "migrations may run twice and by several at once": async (sql) => {
    await Promise.all([migrate(sql), migrate(sql), migrate(sql)]);
    await migrate(sql);
    const [{ tables }] = await sql`
    select count(*)::int as tables from information_schema.tables
    where table_name in ('candidates', 'voters', 'votes', 'teller_positions', 'teller_waiting')`;
    assert.equal(tables, 5);
  },

  "votes and waiting rows are the fold's, in any order, with batches twice and transactions broken off":
    async (sql) => {
      await emptied(sql);
      const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
      const choices = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(election, sizes, choices, async (log, sizes, choices) => {
          await emptied(sql);
          await claim(sql, writing);
          const queues = queuesOf(log, sizes);
          const done = queues.map(() => 0);
          for (let turn = 0; done.some((n, q) => n < queues[q].length); turn++) {
            const choice = choices[turn % choices.length];
            const open = done.flatMap((n, q) => n < queues[q].length ? [q] : []);
            const q = open[(choice + turn) % open.length];
            const { topic, batch } = queues[q][done[q]];
            if (choice % 5 === 0) {
              // The process dies before the transaction ends: whoever comes next finds nothing of it.
              await assert.rejects(
                sql.begin(async (tx) => {
                  await write(inside(tx as unknown as Sql), writing, topic, batch, 0);
                  throw new Error("killed");
                }),
                /killed/,
              );
            }
            await write(sql, writing, topic, batch, 0);
            if (choice % 3 === 0) {
              const again = queues[q][choice % (done[q] + 1)];
              await write(sql, writing, again.topic, again.batch, 0);
            }
            done[q]++;
          }
          assert.deepEqual(await stored(sql), folded(log));
          const [{ read }] = await sql`select sum(next_offset)::int as read from teller_positions`;
          const ends = queues.map((steps) => steps.at(-1)?.batch.next ?? 0);
          assert.equal(read, ends.reduce((a, b) => a + b), "an old batch set no position back");
          const names = await sql`select candidate_id, candidate_name from candidates`;
          assert.deepEqual(
            Object.fromEntries(names.map((row) => [row.candidate_id, row.candidate_name])),
            newestNames(log.candidates),
          );
        }),
        { numRuns: 40 },
      );
    },

  "two Tellers that fill the same database at once write what one would": async (sql) => {
    await fc.assert(
      fc.asyncProperty(election, async (log) => {
        await emptied(sql);
        const writeAll = async () => {
          await claim(sql, writing);
          await Promise.all(
            queuesOf(log, [3]).map(async (steps) => {
              for (const { topic, batch } of steps) await write(sql, writing, topic, batch, 0);
            }),
          );
        };
        await Promise.all([writeAll(), writeAll()]);
        assert.deepEqual(await stored(sql), folded(log));
      }),
      { numRuns: 15 },
    );
  },

  "texts that Postgres can't store are cut or cleaned, ids with U+0000 stay apart, and no vote is lost":
    async (sql) => {
      await emptied(sql);
      await claim(sql, writing);
      const ids = ["a\0", "a", storedId("a\0").slice(0, 128), "\0".repeat(128), "␀"];
      const strange = {
        voter_name: "x\0".repeat(300),
        picture: "\ud800",
        email: "😀".repeat(300),
        phone_number: 12,
        registered_age: 1e99,
        address: "none",
      };
      await write(sql, writing, "candidates_topic", ann, 0);
      const next = new Array(PARTITIONS).fill(0);
      for (const id of ids) {
        const batch = (value: object) => {
          const { partition } = of(id);
          return batchOf(partition, [record(next[partition], id, { voter_id: id, ...value })]);
        };
        await write(sql, writing, "voters_topic", batch(strange), 0);
        await write(sql, writing, "votes_topic", batch({ candidate_id: "ann" }), 0);
        next[of(id).partition]++;
      }
      assert.deepEqual(await votesIn(sql), ids.map((id) => `${storedId(id)} → ann`).sort());
      const rows = await sql`select * from voters`;
      for (const row of rows) {
        assert.equal(row.voter_name, "x".repeat(255));
        assert.equal(row.email, "😀".repeat(255));
        assert.equal(row.phone_number, "12");
        assert.equal(row.registered_age, null);
        assert.equal(row.address_city, null);
      }
    },

  "a database of another election is left alone": async (sql) => {
    await emptied(sql);
    await claim(sql, writing);
    await write(sql, writing, "candidates_topic", ann, 0);
    await assert.rejects(claim(sql, { ...writing, electionId: "another" }), /holds another election/);
    const rows = await sql`select election_id from teller_positions where election_id <> 'an election'`;
    assert.equal(rows.length, 0);
  },

  "rows of others stay, count for nobody, and are said": async (sql) => {
    await emptied(sql);
    await sql`insert into candidates (candidate_id) values ('bob')`;
    await sql`insert into voters (voter_id) values ('eve'), ('joy')`;
    await sql`insert into votes (voter_id, candidate_id) values ('joy', 'bob')`;
    const { notices } = await claim(sql, writing);
    assert.match(notices.join(), /held 1 candidates, 2 voters and 1 votes before/);
    await write(sql, writing, "candidates_topic", ann, 0);
    await write(sql, writing, "votes_topic", of("eve", { candidate_id: "ann" }), 0);
    assert.deepEqual(await votesIn(sql), ["joy → bob"], "eve stands in the table, but not in the log");
    await write(sql, writing, "voters_topic", of("eve", {}), 0);
    assert.deepEqual(await votesIn(sql), ["eve → ann", "joy → bob"]);
  },

  "a vote that somebody deletes is neither replaced by a later one nor in the way of what follows": async (
    sql,
  ) => {
    await emptied(sql);
    await claim(sql, writing);
    await write(sql, writing, "candidates_topic", ann, 0);
    await write(sql, writing, "voters_topic", of("eve", {}), 0);
    await write(sql, writing, "votes_topic", of("eve", { candidate_id: "ann" }), 0);
    await sql`delete from votes`;
    const vote = { candidate_id: "ann", voting_time: "2026-05-07T07:00:00Z" };
    await write(sql, writing, "votes_topic", of("eve", { candidate_id: "ann" }, vote), 0);
    assert.deepEqual(await votesIn(sql), []);
  },

  "other rules fill the tables again and leave rows of others": async (sql) => {
    await emptied(sql);
    await sql`insert into votes (voter_id, candidate_id) values ('joy', 'bob')`;
    await claim(sql, writing);
    await write(sql, writing, "candidates_topic", ann, 0);
    await write(sql, writing, "voters_topic", of("eve", {}), 0);
    await write(sql, writing, "votes_topic", of("eve", { candidate_id: "ann" }), 0);
    assert.deepEqual(await votesIn(sql), ["eve → ann", "joy → bob"]);
    const others = { ...writing, rules: { ...rules, partitioner: partitionerOf("crc32") } };
    const { positions, notices } = await claim(sql, others);
    assert.match(notices.join(), /filled again/);
    assert.deepEqual([...positions.votes_topic.values()], [0, 0, 0]);
    assert.deepEqual(await votesIn(sql), ["joy → bob"]);
    assert.deepEqual((await claim(sql, others)).notices, []);
  },

  "positions that were set back are noticed before anything is skipped": async (sql) => {
    await emptied(sql);
    await claim(sql, writing);
    await assert.rejects(write(sql, writing, "candidates_topic", ann, 1), /set back/);
  },
});
