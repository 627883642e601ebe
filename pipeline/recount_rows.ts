/**
 * Rows of `candidates` and `voters` as the log says they must be, each as a short hash, so that a million of them
 * can be held against the database's without being fetched.
 *
 * The tables show the newest content of each id. Written a second time here, apart from the sink that fills them.
 * @module
 */
import { createHash } from "node:crypto";
import type { Topic } from "./log.ts";
import type { Content } from "./recount.ts";

/** The tables, and the topics that they show. */
export const TABLES = { candidates: "candidates_topic", voters: "voters_topic" } as const;
/** @see TABLES */
export type PeopleTable = keyof typeof TABLES;

/** The columns that a row's hash covers, with the most characters that they hold. */
const COLUMNS: Record<PeopleTable, Record<string, number>> = {
  candidates: {
    candidate_name: 255,
    party_affiliation: 255,
    biography: Infinity,
    campaign_platform: Infinity,
    photo_url: Infinity,
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
    picture: Infinity,
    registered_age: Infinity,
  },
};
/** Stand between and for values, as a text hardly holds them. */
const BETWEEN = "\u001f", NULL = "\u001e";
const HASH_DIGITS = 12;

/** SQL for a row's hash. MD5, as every Postgres has it: it tells rows apart, nobody's secret hangs on it. */
export function hashInSql(table: PeopleTable): string {
  const values = Object.keys(COLUMNS[table]).map((name) => `coalesce(${name}::text, chr(30))`);
  return `left(md5(concat_ws(chr(31), ${values.join(", ")})), ${HASH_DIGITS})`;
}

/** Rows as the log says they must be at any moment that was read. */
export interface ExpectedRows {
  /** Takes a well-formed record. */
  note(topic: Topic, id: string, content: Content, offset: number): void;
  /** The hash of the newest content before an offset; undefined where there is none. */
  hashBefore(table: PeopleTable, id: string, end: number): string | undefined;
}

/** Hashes by offset, ascending. */
type Versions = { readonly offset: number; readonly hash: number }[];

/** No rows yet. */
export function createExpectedRows(): ExpectedRows {
  const rows: Record<PeopleTable, Map<string, Versions[number] | Versions>> = {
    candidates: new Map(),
    voters: new Map(),
  };
  return {
    note(topic, id, content, offset) {
      const table = topic === TABLES.candidates ? "candidates" : "voters";
      const version = { offset, hash: hashOf(table, content) };
      const before = rows[table].get(id);
      // Nearly everybody has one record: a list for each would take much room.
      rows[table].set(id, before === undefined ? version : [before, version].flat());
    },
    hashBefore(table, id, end) {
      const known = rows[table].get(id);
      const newest = Array.isArray(known)
        ? known.findLast(({ offset }) => offset < end)
        : known !== undefined && known.offset < end
        ? known
        : undefined;
      return newest?.hash.toString(16).padStart(HASH_DIGITS, "0");
    },
  };
}

/** Where a column's value stands in a record: by its own name, or in the address by the rest of it. */
const sourcesOf = (table: PeopleTable) =>
  Object.entries(COLUMNS[table]).map(([column, most]) => {
    const inAddress = column.startsWith("address_") ? column.slice("address_".length) : null;
    return { column, inAddress, most };
  });
const SOURCES = { candidates: sourcesOf("candidates"), voters: sourcesOf("voters") };

function hashOf(table: PeopleTable, content: Content): number {
  const address = Object(content.address) as Content;
  const values = SOURCES[table].map(({ column, inAddress, most }) => {
    if (column === "registered_age") return ageOf(content[column]);
    return textOf(inAddress === null ? content[column] : address[inAddress], most);
  });
  return parseInt(createHash("md5").update(values.join(BETWEEN)).digest("hex").slice(0, HASH_DIGITS), 16);
}

/** Postgres can't store U+0000; a number is a text as well. */
function textOf(written: unknown, most: number): string {
  if (typeof written !== "string" && typeof written !== "number") return NULL;
  const text = String(written).replaceAll("\0", "").toWellFormed();
  return text.length <= most ? text : [...text].slice(0, most).join("");
}

function ageOf(written: unknown): string {
  const age = Number(written);
  return typeof written === "number" && Number.isInteger(age) && age >= 0 && age <= 130 ? String(age) : NULL;
}

/** An id as Postgres stores it: one that it can't hold, or that looks like such a form, is a ␀ and its SHA-256. */
export function idInPostgres(id: string): string {
  const storable = !id.includes("\0") && !id.startsWith("␀");
  return storable ? id : `␀${createHash("sha256").update(id).digest("hex")}`;
}
