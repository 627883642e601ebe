/**
 * Everything that a record may look like (CONTRACT.md §5), as ways to spoil or vary a good one.
 *
 * Keys that begin with `lossy-` or `lax-` mark the few records that SQL can't judge by what it reads back: kcat's
 * JSON holds no broken UTF-8, and DuckDB's parser takes what JSON forbids. See predecessor_count.sql.
 * @module
 */
import { Buffer } from "node:buffer";
import type { KcatRecord } from "./predecessor_kcat.ts";
import { type Fields, predecessorTime } from "./predecessor_people.ts";

/** The id that a topic is keyed by. */
export type IdField = "voter_id" | "candidate_id";

/** Makes a bad record of a good one's fields. */
type Spoil = (fields: Fields, id: IdField) => KcatRecord;

const MINUTE_MS = 60_000, DAY_MS = 86_400_000;
const MAX_VALUE_BYTES = 65_536;
const UMBRELLA = "\u{1F302}"; // one character, two UTF-16 units, four bytes

/** A record as it should be: JSON, keyed by its id. */
export function keyed(fields: Fields, id: IdField): KcatRecord {
  return { key: String(fields[id]), value: JSON.stringify(fields) };
}

/** What is wrong whatever the topic; records with a null value come first. */
export const SPOILT: Record<string, Spoil> = {
  "a tombstone": (fields, id) => ({ key: String(fields[id]), value: null }),
  "a tombstone without a key": () => ({ key: null, value: null }),
  "one byte too many": (fields, id) => ({ ...keyed(fields, id), value: padded(fields, MAX_VALUE_BYTES + 1) }),
  "one byte too many, no key": (fields) => ({ key: null, value: padded(fields, MAX_VALUE_BYTES + 1) }),
  "few characters, many bytes": (fields, id) => keyed({ ...fields, note: UMBRELLA.repeat(17_000) }, id),
  "too many bytes, no JSON": (fields, id) => ({ ...keyed(fields, id), value: "x".repeat(70_000) }),
  "no key": (fields) => ({ key: null, value: JSON.stringify(fields) }),
  "an empty key": (fields) => ({ key: "", value: JSON.stringify(fields) }),
  "an empty key, an empty id": (fields, id) => keyed({ ...fields, [id]: "" }, id),
  "no key, no JSON": () => ({ key: null, value: "x" }),
  "no key, 0 bytes": () => ({ key: null, value: "" }),
  ...values({
    "0 bytes": () => "",
    "only a space": () => " ",
    "no JSON": () => "vote",
    "JSON cut off": (json) => json.slice(0, -1),
    "two JSON values": (json) => json + json,
    "single quotes": (json) => json.replaceAll('"', "'"),
    "a NUL behind": (json) => `${json}\0`,
    "a line break in a string": (json) => json.replace("United", "United\n"),
    "a backslash too many": (json) => json.replace("United", "United\\q"),
    "a JSON array": (json) => `[${json}]`,
    "a JSON string": (json) => JSON.stringify(json),
    "a JSON number": () => "1",
    "JSON null": () => "null",
    "JSON true": () => "true",
    "an empty object": () => "{}",
  }),
  "a trailing comma": (fields, id) => lax(fields, id, (json) => json.replace(/}$/, ",}")),
  "not a number": (fields, id) => lax(fields, id, (json) => json.replace(/}$/, ',"x":NaN}')),
  "a byte that is no UTF-8": (fields, id) => {
    const { key, value } = keyed({ ...fields, [id]: `lossy-value-${fields[id]}` }, id);
    const bytes = Buffer.from(String(value));
    bytes[bytes.length - 3] = 0xff;
    return { key, value: bytes };
  },
  "a surrogate without its other half": (fields, id) => ({
    key: `lossy-id-${fields[id]}`,
    value: JSON.stringify({ ...fields, [id]: `lossy-id-${fields[id]}\ud800` }),
  }),
  "a key that is no UTF-8": (fields, id) => ({
    key: Buffer.concat([Buffer.from(`lossy-key-${fields[id]}`), Buffer.of(0xff)]),
    // As the key reads where broken UTF-8 is mended by replacement.
    value: JSON.stringify({ ...fields, [id]: `lossy-key-${fields[id]}\ufffd` }),
  }),
  ...ids({
    "no id": undefined,
    "a null id": null,
    "a number as id": 7,
    "a boolean as id": false,
    "an array as id": ["7"],
    "an object as id": { $oid: "7" },
    "an empty id": "",
    "129 characters": "x".repeat(129),
    "129 umbrellas": UMBRELLA.repeat(129),
  }),
  "somebody else's key": (fields, id) => ({ ...keyed(fields, id), key: "somebody-else" }),
  "a key with a space": (fields, id) => ({ ...keyed(fields, id), key: `${fields[id]} ` }),
  "a key in capitals": (fields, id) => ({ ...keyed(fields, id), key: `${fields[id]}`.toUpperCase() }),
  "a key normalised otherwise": (fields, id) => ({
    key: `é-${fields[id]}`,
    value: JSON.stringify({ ...fields, [id]: `e\u0301-${fields[id]}` }),
  }),
};

/** What can be wrong with a vote besides. */
export const SPOILT_VOTES: Record<string, Spoil> = {
  ...otherFields({
    "no candidate": { candidate_id: undefined },
    "a null candidate": { candidate_id: null },
    "a number as candidate": { candidate_id: 1 },
    "an empty candidate": { candidate_id: "" },
    "a candidate of 129 characters": { candidate_id: "c".repeat(129) },
    "neither voter nor candidate": { voter_id: undefined, candidate_id: undefined },
    "a number as voter, no candidate": { voter_id: 7, candidate_id: undefined },
    "two votes": { vote: 2 },
    "no vote at all": { vote: 0 },
    "minus one vote": { vote: -1 },
    "a vote and a bit": { vote: 1.000001 },
    "a vote as text": { vote: "1" },
    "true as vote": { vote: true },
    "null as vote": { vote: null },
    "a list of votes": { vote: [1] },
  }),
  "two votes under somebody else's key": (fields) => ({
    key: "somebody-else",
    value: JSON.stringify({ ...fields, vote: 2 }),
  }),
};

/** Unusual ids that are good ones all the same. */
export const ODD_IDS: ((id: string) => string)[] = [
  (id) => id.toUpperCase(),
  (id) => id.replaceAll("-", ""),
  (id) => `{${id}}`,
  (id) => id.slice(0, 35),
  (id) => id.padEnd(128, "x"),
  (id) => id + UMBRELLA.repeat(92),
  (id) => `é${id}`,
  (id) => `e\u0301${id}`,
  (id) => ` ${id} `,
  (id) => `"${id}\\`,
  (id) => `\u0001\n\t${id}`,
  (id) => String(parseInt(id.slice(0, 6), 16)),
];

/** Unusual ways to write a good record. */
export const ODD_WRITINGS: ((fields: Fields) => string)[] = [
  (fields) => JSON.stringify(fields, null, 2),
  (fields) => ` \r\n\t${JSON.stringify(fields)} \n`,
  (fields) => padded(fields, MAX_VALUE_BYTES),
  (fields) => JSON.stringify(fields).replace(/[a-f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  (fields) => JSON.stringify({ ...fields, more: { voter_id: "x", deep: [[[[1]]]] } }),
  (fields) => JSON.stringify({ ...fields, vote: undefined }),
  (fields) => JSON.stringify(fields).replace('"vote":1', '"vote":1.0'),
  (fields) => JSON.stringify(fields).replace('"vote":1', '"vote":10e-1'),
];

/** Unusual places, ages and genders. */
export const ODD_TRAITS: Fields[] = [
  ...[
    "e\u0301".repeat(64), // 64 characters when normalised
    "é".repeat(65),
    "K".repeat(64),
    "K".repeat(65),
    UMBRELLA.repeat(64),
    UMBRELLA.repeat(65),
    ` \t\u00a0\u3000${"K".repeat(64)}\u2003\n`,
    "Ynys Mo\u0302n",
    "Ynys Môn",
    "kent",
    " Kent ",
    "unknown",
    "",
    " \u00a0 ",
    null,
    7,
    ["Kent"],
    undefined,
  ].map((state) => ({ address: { city: "Dover", state } })),
  ...[null, undefined, "Kent", ["Kent"], 7].map((address) => ({ address })),
  ...["Female", "other", "x", "", null, undefined, 1].map((gender) => ({ gender })),
  ...[0, 17, 18, 130, 131, -1, 42.5, "42", null, undefined, 1e300].map((age) => ({ registered_age: age })),
];

/** Unusual times, given a moment near the record's own log timestamp; undefined: none is written. */
export const ODD_TIMES: ((nowMs: number) => unknown)[] = [
  (nowMs) => new Date(nowMs).toISOString(),
  (nowMs) => new Date(nowMs).toISOString().slice(0, 19) + "Z",
  (nowMs) => new Date(nowMs).toISOString().slice(0, 19) + ".250000Z",
  (nowMs) => new Date(nowMs + 60 * MINUTE_MS).toISOString().replace("Z", "+01:00"),
  (nowMs) => new Date(nowMs - 330 * MINUTE_MS).toISOString().slice(0, 19) + "-05:30",
  (nowMs) => new Date(nowMs).toISOString().replace("Z", "+01:00"),
  (nowMs) => new Date(nowMs).toISOString().replace("Z", "-01:00"),
  (nowMs) => predecessorTime(nowMs + 3 * MINUTE_MS),
  (nowMs) => predecessorTime(nowMs + 20 * MINUTE_MS),
  (nowMs) => predecessorTime(nowMs + DAY_MS),
  (nowMs) => predecessorTime(nowMs - 2 * MINUTE_MS),
  (nowMs) => predecessorTime(nowMs - DAY_MS),
  (nowMs) => nowMs,
  (nowMs) => new Date(nowMs).toISOString().slice(0, 19), // which zone?
  (nowMs) => new Date(nowMs).toUTCString(),
  ...[
    undefined,
    null,
    "",
    "soon",
    true,
    {},
    "0000-00-00 00:00:00",
    "2026-02-30 12:00:00",
    "2026-13-01 12:00:00",
    "2026-05-07 25:00:00",
    "2026-05-07 12:60:00",
    "2026-05-07T12:00:61Z",
    "2026-05-07",
    "2026-05-07 12:00:00 BST",
    "x2026-05-07 12:00:00",
    "9999-12-31 23:59:59",
    "1999-12-31 23:59:59",
    "1999-12-31T23:59:59.999Z",
    "2000-01-01T00:30:00+01:00", // 1999 in UTC
    "1999-12-31T23:30:00-01:00", // 2000 in UTC
    "2000-01-01 00:00:00",
    "2024-02-29 12:00:00",
    "2023-02-29 12:00:00",
  ].map((time) => () => time),
];

/** Ways to spoil a record's text. */
function values(spoilers: Record<string, (json: string) => string>): Record<string, Spoil> {
  return mapValues(spoilers, (spoil) => (fields, id) => {
    const good = keyed({ country: "United Kingdom", ...fields }, id);
    return { ...good, value: spoil(String(good.value)) };
  });
}

/** Wrong ids under the right key. */
function ids(wrong: Record<string, unknown>): Record<string, Spoil> {
  return mapValues(wrong, (value) => (fields, id) => ({
    key: String(fields[id]),
    value: JSON.stringify({ ...fields, [id]: value }),
  }));
}

function otherFields(wrong: Record<string, Fields>): Record<string, Spoil> {
  return mapValues(wrong, (others) => (fields, id) => ({
    key: String(fields[id]),
    value: JSON.stringify({ ...fields, ...others }),
  }));
}

function lax(fields: Fields, id: IdField, spoil: (json: string) => string): KcatRecord {
  const good = keyed({ ...fields, [id]: `lax-${fields[id]}` }, id);
  return { ...good, value: spoil(String(good.value)) };
}

/** JSON of exactly that many bytes. */
function padded(fields: Fields, bytes: number): string {
  const missing = bytes - Buffer.byteLength(JSON.stringify({ ...fields, padding: "" }));
  return JSON.stringify({ ...fields, padding: "x".repeat(missing) });
}

function mapValues<A, B>(from: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(value)]));
}
