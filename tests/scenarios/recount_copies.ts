/**
 * An election at rest with every copy of its count, made by the parts that make them in use.
 * @module
 */
import { openDuckDb } from "../../analytics/duckdb.ts";
import { readNewestSnapshot } from "../../analytics/snapshot_reading.ts";
import { openSnapshots } from "../../analytics/snapshots.ts";
import type { EventLog, Topic } from "../../pipeline/log.ts";
import { TOPIC_NAMES } from "../../pipeline/log.ts";
import { pause } from "../../pipeline/pause.ts";
import { openPostgres, type Sql } from "../../pipeline/postgres.ts";
import { recountAll, type RecountSources } from "../../pipeline/recount_command.ts";
import type { CopyReport } from "../../pipeline/recount_findings.ts";
import type { Results } from "../../pipeline/results.ts";
import { startPostgresSink } from "../../pipeline/sink_postgres.ts";
import { startTopicSink } from "../../pipeline/sink_topics.ts";
import { takeCapture } from "../../pipeline/snapshot_capture.ts";
import { startStream } from "../../pipeline/stream.ts";
import { EVERY_MS, json, RULES } from "../pipeline/sink_testbed.ts";

/** When the first vote says it was cast. */
const START = Date.parse("2026-05-07T09:00:00Z");
const VOTERS = 120;

/** Everything that a recount looks at. */
export interface Copies extends AsyncDisposable {
  readonly log: EventLog;
  readonly sql: Sql;
  /** The folder of snapshots. */
  readonly snapshots: string;
  readonly results: Results;
  /** Counts again and compares. */
  recount(sources?: Partial<RecountSources>): Promise<readonly CopyReport[]>;
}

const candidate = (n: number) => ({
  candidate_id: `candidate-${n}`,
  candidate_name: `Candidate ${n}`,
  party_affiliation: n === 3 ? "Party 1" : `Party ${n}`,
  biography: "Born.",
  campaign_platform: "More of it.",
  photo_url: "/photo",
});

const voter = (n: number) => ({
  voter_id: `voter-${n}`,
  voter_name: `Voter ${n}`,
  date_of_birth: "1970-01-01",
  gender: ["female", "male", "other"][n % 3],
  nationality: "British",
  registration_number: `R${n}`,
  address: {
    street: "1 High Street",
    city: ["Deal", "Cupar"][n % 2],
    state: ["Kent", "Fife"][n % 2],
    country: "UK",
    postcode: "A1",
  },
  email: "a@example.org",
  phone_number: "1",
  cell_number: "2",
  picture: "/picture",
  registered_age: 18 + n % 5,
});

/** Every tenth is two minutes late. */
const vote = (n: number, candidateId = `candidate-${n % 3 + 1}`) => ({
  voter_id: `voter-${n}`,
  candidate_id: candidateId,
  voting_time: new Date(START + n * 1_000 - (n % 10 === 9 ? 120_000 : 0)).toISOString(),
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Appends an election in two halves, and counts it into every copy after each. */
export async function makeCopies(log: EventLog, dir: string): Promise<Copies> {
  await using made = new AsyncDisposableStack();
  const ending = new AbortController();
  const { signal } = ending;
  const stream = startStream({ log, rules: RULES, title: "T", now: Date.now, signal });
  const database = made.use(
    await openPostgres({ url: null, dir: `${dir}/postgres`, onNotice: fail, signal }),
  );
  let written = -1;
  const sink = { log, registry: stream.registry, folds: stream.folds, updates: stream.updates, signal };
  const work = [
    stream.done,
    startTopicSink({
      ...sink,
      now: Date.now,
      everyMs: EVERY_MS,
      onNotice: fail,
      onWritten: (version) => written = version,
    }),
    startPostgresSink({ log, rules: RULES, database, onNotice: fail, signal }).done,
  ];

  /** Until all copies stand at the log's end. */
  async function atRest(): Promise<Results> {
    const ends = await Promise.all(TOPIC_NAMES.map((topic: Topic) => log.ends(topic)));
    const end = ends.flat().reduce((a, b) => a + b, 0);
    for (;;) {
      const [{ table }] = await database.sql`select to_regclass('teller_positions') as table`;
      const [{ next }] = table === null
        ? [{ next: -1 }]
        : await database.sql`select sum(next_offset)::float8 as next from teller_positions`;
      if (next === end && written === end && stream.updates.latest().version === end) {
        return stream.updates.latest();
      }
      await pause(20, signal);
    }
  }

  const snapshots = `${dir}/snapshots`;
  Deno.mkdirSync(`${dir}/spill`);
  using duckDb = await openDuckDb(`${dir}/spill`);
  let results: Results;
  {
    await using store = openSnapshots({ dir: snapshots, duckDb, now: Date.now, onNotice: fail });
    await log.append("candidates_topic", [1, 2].map(candidate).map((one) => json(one, "candidate_id")));
    await log.append("voters_topic", range(0, VOTERS / 2).map((n) => json(voter(n))));
    await log.append("votes_topic", range(0, VOTERS / 2).map((n) => json(vote(n))));
    await store.save(takeCapture(stream, await atRest(), true).capture);

    await log.append("candidates_topic", [json(candidate(3), "candidate_id")]);
    await log.append("voters_topic", range(VOTERS / 2, VOTERS).map((n) => json(voter(n))));
    await log.append("votes_topic", [
      ...range(VOTERS / 2, VOTERS - 10).map((n) => json(vote(n))),
      ...range(0, 5).map((n) => json(vote(n, "candidate-1"))), // duplicates
      ...range(VOTERS, VOTERS + 4).map((n) => json(vote(n))), // waiting for their voters
      json(vote(VOTERS - 1, "nobody")), // waiting for its candidate
      ...range(0, 3).map(() => ({ key: new Uint8Array([1]), value: new Uint8Array([123]) })), // rejected
    ]);
    results = await atRest();
    await store.save(takeCapture(stream, results, false).capture);
  }
  ending.abort();
  await Promise.all(work);

  const open = made.move();
  return {
    log,
    sql: database.sql,
    snapshots,
    results,
    async recount(sources) {
      const report = await recountAll({
        log,
        rules: RULES,
        latest: () => results,
        readSnapshot: () => readNewestSnapshot(snapshots),
        postgres: () => database.sql,
        settleMs: 1,
        ...sources,
      }, { signal: new AbortController().signal, progress() {} });
      return report!.copies;
    },
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

function fail(message: string): never {
  throw new Error(message);
}
