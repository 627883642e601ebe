/**
 * What of a batch belongs in Postgres: each record judged as the fold judges it, and made a row.
 *
 * Postgres can't store U+0000 in a text. Descriptive texts lose it; an id that holds it gets another form.
 * @module
 */
import { createHash } from "node:crypto";
import { boundedTime, CLOCK_TOLERANCE_MS, parseEventTime } from "./event_time.ts";
import type { ReadBatch } from "./log.ts";
import { COLUMNS } from "./postgres_schema.ts";
import { type Fields, readCandidate, readVote, readVoter, type Rules } from "./record.ts";

/** A row by column. */
export type Row = Record<string, string | number | null>;

/** Begins every id that is stored in another form. */
const MARK = "␀";
const MAX_AGE = 130;

/** The candidates in a batch from an offset on, each with her newest content. */
export function candidateRows(batch: ReadBatch, from: number): Row[] {
  return newest(batch, from, "candidate_id", (i) => readCandidate(batch, i), (fields) => ({
    ...texts("candidates", fields),
    candidate_id: storedId(fields.candidate_id as string),
  }));
}

/** The voters in a batch from an offset on, each with her newest content. */
export function voterRows(batch: ReadBatch, from: number, rules: Rules): Row[] {
  return newest(batch, from, "voter_id", (i) => readVoter(batch, i, rules), (fields) => {
    const address = (fields.address ?? {}) as Fields; // any JSON value has these or undefined
    const { street, city, state, country, postcode } = address;
    const flat = {
      ...fields,
      ...{ address_street: street, address_city: city, address_state: state },
      ...{ address_country: country, address_postcode: postcode },
    };
    return {
      ...texts("voters", flat),
      voter_id: storedId(fields.voter_id as string),
      registered_age: age(fields.registered_age),
    };
  });
}

/** The first well-formed vote of each voter in a batch from an offset on, at the time that it counts at. */
export function voteRows(batch: ReadBatch, from: number, rules: Rules): Row[] {
  const rows = new Map<string, Row>();
  for (let i = 0; i < batch.n; i++) {
    if (batch.offsets[i] < from) continue;
    const fields = readVote(batch, i, rules);
    if (typeof fields === "string") continue;
    const voter_id = storedId(fields.voter_id as string);
    if (rows.has(voter_id)) continue;
    const candidate_id = storedId(fields.candidate_id as string);
    const written = parseEventTime(fields.voting_time);
    const logTimestamp = boundedTime(batch.timestamps[i]);
    const believed = written <= logTimestamp + CLOCK_TOLERANCE_MS; // false for NaN
    rows.set(voter_id, {
      voter_id,
      candidate_id,
      voting_time: timestamp(believed ? written : logTimestamp),
    });
  }
  return [...rows.values()];
}

/**
 * An id as Postgres stores it: itself, or, where it holds U+0000 or begins with ␀, a ␀ and its SHA-256, so that
 * different ids stay different.
 */
export function storedId(id: string): string {
  if (!id.includes("\0") && !id.startsWith(MARK)) return id;
  return MARK + createHash("sha256").update(id).digest("hex");
}

function newest(
  { n, offsets }: ReadBatch,
  from: number,
  id: "candidate_id" | "voter_id",
  read: (i: number) => Fields | string,
  row: (fields: Fields) => Row,
): Row[] {
  const found = new Map<string, Fields>();
  for (let i = 0; i < n; i++) {
    if (offsets[i] < from) continue;
    const fields = read(i);
    if (typeof fields !== "string") found.set(fields[id] as string, fields);
  }
  return [...found.values()].map(row);
}

function texts(table: keyof typeof COLUMNS, fields: Fields): Row {
  const row: Row = {};
  for (const [name, most] of Object.entries(COLUMNS[table])) row[name] = text(fields[name], most);
  return row;
}

/** Numbers are taken as texts too: a producer's postcode or telephone number may be one. */
function text(value: unknown, most: number | null): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const storable = String(value).replaceAll("\0", "").toWellFormed();
  if (most === null || storable.length <= most) return storable;
  return [...storable].slice(0, most).join("");
}

function age(written: unknown): number | null {
  return Number.isInteger(written) && written as number >= 0 && written as number <= MAX_AGE
    ? written as number
    : null;
}

/** UTC without a zone, as the column is. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1);
}
