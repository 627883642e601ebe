/**
 * Teller's tables in Postgres: the predecessor's three, as it made them, and what Teller keeps beside them.
 * @module
 */
import type { Sql } from "./postgres.ts";

/** The descriptive columns of the predecessor's tables, and how many characters fit; null: any number. */
export const COLUMNS = {
  candidates: {
    candidate_name: 255,
    party_affiliation: 255,
    biography: null,
    campaign_platform: null,
    photo_url: null,
  },
  voters: {
    voter_name: 255,
    date_of_birth: 255,
    gender: 255,
    nationality: 255,
    registration_number: 255,
    address_street: 255,
    address_city: 255,
    address_state: 255,
    address_country: 255,
    address_postcode: 255,
    email: 255,
    phone_number: 255,
    cell_number: 255,
    picture: null,
  },
} as const satisfies Record<string, Record<string, number | null>>;

const columns = (table: keyof typeof COLUMNS) =>
  Object.entries(COLUMNS[table])
    .map(([name, most]) => `${name} ${most === null ? "text" : `varchar(${most})`}`).join(", ");

/** Each is run once in a database, in this order; what has been released is never changed. */
const MIGRATIONS = [
  `create table if not exists candidates (candidate_id varchar(255) primary key, ${columns("candidates")});
   create table if not exists voters
     (voter_id varchar(255) primary key, ${columns("voters")}, registered_age integer);
   create table if not exists votes (
     voter_id varchar(255) unique, candidate_id varchar(255), voting_time timestamp, vote int default 1,
     primary key (voter_id, candidate_id)
   );
   create table teller_positions (
     election_id text, sink text, topic text, partition int, next_offset bigint not null,
     primary key (election_id, sink, topic, partition)
   );
   create table teller_rules (election_id text primary key, judged_by text not null);
   create table teller_waiting (
     voter_id text primary key, candidate_id text not null, voting_time timestamp not null
   );
   create index on teller_waiting (candidate_id);
   create table teller_written (table_name text, id text, primary key (table_name, id));`,
  `create table quality_findings (
     election_id text, check_id text, compares text not null, value float8, expected float8,
     status text not null, offenders jsonb not null, as_of timestamptz not null,
     primary key (election_id, check_id)
   );`,
];

/** One number for all Tellers, so that only one at a time brings a database up to date. */
const MIGRATION_LOCK = 7_355_608_042;

/**
 * Brings a database's tables up to date. May run twice and by several at once: the second waits for the first.
 *
 * Through the embedded server such a lock keeps nobody out, but there transactions run one by one anyway.
 * @throws {Error} where the database can't hold Teller's texts, or a table of the same name lacks a column
 */
export async function migrate(sql: Sql): Promise<void> {
  const [{ encoding }] = await sql`select current_setting('server_encoding') as encoding`;
  if (encoding !== "UTF8") {
    throw new Error(`the database's encoding is ${encoding}; make one with encoding UTF8`);
  }
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
    await tx`create table if not exists teller_migrations (version int primary key)`;
    const [{ version }] = await tx`select coalesce(max(version), 0) as version from teller_migrations`;
    for (let next = version + 1; next <= MIGRATIONS.length; next++) {
      await tx.unsafe(MIGRATIONS[next - 1]).simple();
      await tx`insert into teller_migrations values (${next})`;
    }
    await tx`
      select candidate_id, ${tx(Object.keys(COLUMNS.candidates))} from candidates where false`;
    await tx`select voter_id, registered_age, ${tx(Object.keys(COLUMNS.voters))} from voters where false`;
    await tx`select voter_id, candidate_id, voting_time, vote from votes where false`;
  });
}
