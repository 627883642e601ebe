/**
 * What the Postgres sink writes: each transaction takes one batch and moves the position past it.
 *
 * A voter has a row in `votes` or in `teller_waiting`, never in both, and the first one stays; positions make
 * her first one the first in offset order. The lock makes transactions run one after the other, of several
 * processes too, so whichever of vote, voter and candidate comes last finds the other two.
 * @module
 */
import { failPoint } from "./fail_point.ts";
import { type ReadBatch, type Topic, TOPIC_NAMES } from "./log.ts";
import { partitionerOf } from "./partitioner.ts";
import type { Sql, Transaction } from "./postgres.ts";
import type { Rules } from "./record.ts";
import { candidateRows, type Row, voteRows, voterRows } from "./sink_postgres_rows.ts";
import { COLUMNS } from "./postgres_schema.ts";

/** Which election is written, and how its records are judged. */
export interface Writing {
  readonly electionId: string;
  readonly rules: Rules;
}

/** Where reading goes on, by topic and partition. */
export type Positions = Record<Topic, Map<number, number>>;

/** What was found when the database was claimed. */
export interface Claim {
  readonly positions: Positions;
  /** What should be said about it. */
  readonly notices: string[];
}

/** The sink's name in `teller_positions`. */
export const SINK = "postgres";
/** Part of what judges records: another number makes every database be filled again. */
const JUDGEMENT = 1;

/**
 * Takes the database for an election, or goes on with it. Where records were judged by other rules before, what
 * was written then is taken back, to be written again.
 * @throws {Error} where the database holds another election
 */
export async function claim(sql: Sql, { electionId, rules }: Writing): Promise<Claim> {
  const judgedBy = described(rules);
  const notices: string[] = [];
  const rows = await sql.begin(async (tx) => {
    await lock(tx);
    const [other] =
      await tx`select election_id from teller_positions where election_id <> ${electionId} limit 1`;
    if (other !== undefined) {
      throw new Error(
        `the database holds another election (${other.election_id}); nothing is written to it: ` +
          "set DATABASE_URL to another database, or DATA_DIR to another folder",
      );
    }
    const [known] = await tx`select judged_by from teller_rules where election_id = ${electionId}`;
    if (known === undefined) notices.push(...await strangers(tx));
    else if (known.judged_by !== judgedBy) {
      await takeBack(tx);
      notices.push("Other rules judge the records now: Postgres is filled again from the log's first record");
    }
    await tx`
      insert into teller_rules values (${electionId}, ${judgedBy})
      on conflict (election_id) do update set judged_by = excluded.judged_by`;
    for (const topic of TOPIC_NAMES) {
      const partitions = topic === "candidates_topic" ? 1 : rules.partitions;
      await tx`
        insert into teller_positions
        select ${electionId}, ${SINK}, ${topic}, n, 0 from generate_series(0, ${partitions - 1}::int) as n
        on conflict do nothing`;
    }
    return await tx<{ topic: Topic; partition: number; next: number }[]>`
      select topic, partition, next_offset::float8 as next from teller_positions
      where election_id = ${electionId} and sink = ${SINK}`;
  });
  const of = (topic: Topic) =>
    new Map(rows.filter((row) => row.topic === topic).map(({ partition, next }) => [partition, next]));
  const positions = Object.fromEntries(TOPIC_NAMES.map((topic) => [topic, of(topic)])) as Positions;
  return { positions, notices };
}

/**
 * Writes what a batch holds and the position past it, in one transaction; records before the position that the
 * database has are skipped, so a batch may come twice.
 * @throws {Error} where the database's position lies before `from`, the offset that this batch was read from
 */
export async function write(
  sql: Sql,
  { electionId, rules }: Writing,
  topic: Topic,
  batch: ReadBatch,
  from: number,
): Promise<void> {
  await sql.begin(async (tx) => {
    await lock(tx);
    const [position] = await tx<{ next: number }[]>`
      select next_offset::float8 as next from teller_positions
      where election_id = ${electionId} and sink = ${SINK}
        and topic = ${topic} and partition = ${batch.partition}`;
    if (position === undefined || position.next < from) {
      throw new Error("the database's positions were set back; reading again from there");
    }
    if (position.next >= batch.next) return;
    if (topic === "votes_topic") await writeVotes(tx, voteRows(batch, position.next, rules));
    else if (topic === "voters_topic") {
      await accredit(tx, "voters", "voter_id", voterRows(batch, position.next, rules));
    } else await accredit(tx, "candidates", "candidate_id", candidateRows(batch, position.next));
    failPoint("sink.postgres.mid");
    await tx`
      update teller_positions set next_offset = ${batch.next}
      where election_id = ${electionId} and sink = ${SINK}
        and topic = ${topic} and partition = ${batch.partition}`;
  });
}

/** Keeps other writers out until the transaction ends; readers read on. */
async function lock(tx: Transaction): Promise<void> {
  await tx`lock table teller_positions in exclusive mode`;
}

/** Writes first votes; one that was written and that somebody has deleted since is not replaced by a later one. */
async function writeVotes(tx: Transaction, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  await tx`
    with read as (
      select * from jsonb_to_recordset(${tx.json(rows)})
        as r(voter_id text, candidate_id text, voting_time timestamp)
    ), first as (
      select r.*, ${bothAccredited(tx, "r")} as counts from read r
      where not exists (select from votes where voter_id = r.voter_id)
        and not exists (select from teller_waiting where voter_id = r.voter_id)
        and not exists (select from teller_written where table_name = 'votes' and id = r.voter_id)
    ), counted as (
      insert into votes (voter_id, candidate_id, voting_time)
      select voter_id, candidate_id, voting_time from first where counts returning voter_id
    ), noted as (
      insert into teller_written select 'votes', voter_id from counted
    )
    insert into teller_waiting select voter_id, candidate_id, voting_time from first where not counts`;
}

/** Writes newest contents, notes who is accredited, and counts the votes whose wait ends with that. */
async function accredit(
  tx: Transaction,
  table: keyof typeof COLUMNS,
  id: "voter_id" | "candidate_id",
  rows: Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const contents = [...Object.keys(COLUMNS[table]), ...(table === "voters" ? ["registered_age"] : [])];
  const names = [id, ...contents].join(", ");
  await tx.unsafe(
    `insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, $1)
     on conflict (${id}) do update set ${contents.map((name) => `${name} = excluded.${name}`).join(", ")}`,
    [tx.json(rows)],
    { prepare: true },
  );
  const ids = tx.json(rows.map((row) => row[id]));
  await tx`
    insert into teller_written select ${table}, jsonb_array_elements_text(${ids}) on conflict do nothing`;
  await tx`
    with ended as (
      delete from teller_waiting w
      where w.${tx(id)} in (select jsonb_array_elements_text(${ids})) and ${bothAccredited(tx, "w")}
      returning *
    ), counted as (
      insert into votes (voter_id, candidate_id, voting_time)
      select voter_id, candidate_id, voting_time from ended on conflict do nothing returning voter_id
    )
    insert into teller_written select 'votes', voter_id from counted`;
}

/** Accredited is who stands in the log, not who stands in a table that others may have written to. */
function bothAccredited(tx: Transaction, row: string) {
  return tx`
    exists (select from teller_written where table_name = 'voters' and id = ${tx(row)}.voter_id) and
    exists (select from teller_written where table_name = 'candidates' and id = ${tx(row)}.candidate_id)`;
}

/** What is said of rows that were there before Teller. */
async function strangers(tx: Transaction): Promise<string[]> {
  const [found] = await tx<{ candidates: number; voters: number; votes: number }[]>`
    select (select count(*)::float8 from candidates) as candidates,
      (select count(*)::float8 from voters) as voters, (select count(*)::float8 from votes) as votes`;
  const { candidates, voters, votes } = found;
  if (candidates + voters + votes === 0) return [];
  return [
    `The database held ${candidates} candidates, ${voters} voters and ${votes} votes before: these rows ` +
    "stay, those on the topics get their newest content, and a vote is not written over another",
  ];
}

async function takeBack(tx: Transaction): Promise<void> {
  await tx`delete from votes v using teller_written w where w.table_name = 'votes' and w.id = v.voter_id`;
  await tx`delete from voters v using teller_written w where w.table_name = 'voters' and w.id = v.voter_id`;
  await tx`
    delete from candidates c using teller_written w where w.table_name = 'candidates' and w.id = c.candidate_id`;
  for (const table of ["teller_written", "teller_waiting", "teller_positions"]) {
    await tx`delete from ${tx(table)}`;
  }
}

/** The rules that decide which records are well-formed; windows and lateness are no matter of these tables. */
function described({ partitions, partitioner, opensAt, closesAt }: Rules): string {
  const named = (["murmur2", "crc32"] as const).find((name) => partitionerOf(name) === partitioner);
  return JSON.stringify({ judgement: JUDGEMENT, partitions, partitioner: named, opensAt, closesAt });
}
