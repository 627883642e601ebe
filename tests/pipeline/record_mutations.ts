/**
 * Records as producers write them, and what may become of them: for tests that hold two ways of reading them against
 * each other.
 * @module
 */
import fc from "fast-check";
import { createPeople, fatVote, predecessorTime } from "../scenarios/predecessor_people.ts";

/** A record's key and value, neither null. */
export interface Written {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

type Fields = Record<string, unknown>;
type Change = (written: Written) => Written;

const people = createPeople(7);
const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

const id = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 50 }).map((i) => people.voter(i).voter_id) },
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom(
    "v1",
    "ü",
    "😀",
    "x".repeat(128),
    "x".repeat(129),
    "é".repeat(100),
    "",
    'a"b',
    "a\\b",
    "a\nb",
  ),
);
const time = fc.oneof(
  fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).chain((date) =>
    fc.constantFrom(date.toISOString(), predecessorTime(date.getTime()))
  ),
  fc.constantFrom<unknown>(
    "2026-02-29 10:00:00",
    "2026-05-07T10:00Z",
    "soon",
    "",
    null,
    7,
    "2026-05-07T24:00:00.000Z",
  ),
);
const oddVote = fc.constantFrom<unknown>(1, 1, 1, 1, 1, 1, 2, "1", true, null, 10, -1, [1], { vote: 1 });
const place = fc.oneof(fc.constantFrom<unknown>("Kent", "Ynys Môn", " ", 7), fc.string({ unit: "grapheme" }));
const ours = fc.record({
  voter_id: id,
  candidate_id: id,
  candidate_name: fc.string(),
  voting_time: time,
  address: fc.oneof(
    fc.record({ state: place, city: place }, { requiredKeys: [] }),
    fc.constantFrom<unknown>(null, "Kent", [], { state: null }),
  ),
  registered_age: fc.oneof(
    fc.nat({ max: 150 }),
    fc.double({ noNaN: true }),
    fc.constantFrom<unknown>("45", null),
  ),
  gender: fc.constantFrom<unknown>("female", "male", "other", "x", 1),
  vote: oddVote,
}, { requiredKeys: ["voter_id", "candidate_id"] });
const fat = fc.tuple(fc.nat({ max: 1_000 }), fc.nat({ max: 3 }), time).map(([voter, candidate, at]) =>
  fatVote(people.voter(voter), people.candidate(candidate), at)
);
const anything = fc.tuple(ours, fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))).map((
  [vote, rest],
) => ({
  ...rest,
  ...vote,
}));

/** A vote as JSON.stringify or Python's json.dumps writes it, keyed by its voter. */
export const produced: fc.Arbitrary<Written> = fc.tuple(fc.oneof(ours, fat, anything), fc.boolean()).map(
  ([vote, python]) => ({
    key: encoder.encode(String((vote as Fields).voter_id)),
    value: encoder.encode(python ? asPython(vote) : JSON.stringify(vote)),
  }),
);

function asPython(fields: object): string {
  return JSON.stringify(fields, null, 1).replace(/\n */g, " ")
    .replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom(...[
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "0",
    "-",
    ".",
    "e",
    "1",
    "é",
    "\ufeff",
    "NaN",
    "null",
    '\\"',
    "\\\\",
    "\\u0022",
    "\\u00",
    "\\x41",
    '","vote":2,"',
    '","voter_id":"v2',
    '"}',
    "\0",
    "\x1f",
    "\x7f",
  ].map((text) => encoder.encode(text))),
  fc.constantFrom([0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe0, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [
    0xc3,
  ]).map((
    some,
  ) => Uint8Array.from(some)),
);

/** Something that happens to a record's bytes. */
export const damage: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(where, fc.nat({ max: 255 })).map(([at, byte]) =>
    onValue((value) => value.with(indexIn(value, at), byte))
  ),
  fc.tuple(where, bytes).map(([at, some]) => onValue((value) => splice(value, indexIn(value, at), 0, some))),
  fc.tuple(where, fc.nat({ max: 8 }), bytes).map(([at, n, some]) =>
    onValue((value) => splice(value, indexIn(value, at), n, some))
  ),
  where.map((at) => onValue((value) => value.slice(0, indexIn(value, at)))),
  bytes.map((some) => onValue((value) => splice(value, value.length, 0, some))),
  bytes.map((some) => onValue((value) => splice(value, 0, 0, some))),
  fc.tuple(where, where, fc.nat({ max: 40 })).map(([from, to, n]) =>
    onValue((value) =>
      splice(value, indexIn(value, to), 0, value.slice(indexIn(value, from), indexIn(value, from) + n))
    )
  ),
  id.map((key): Change => ({ value }) => ({ key: encoder.encode(key), value })),
);

const indexIn = (value: Uint8Array, where: number) => Math.floor(where * value.length);
const onValue = (change: (value: Uint8Array) => Uint8Array): Change => ({ key, value }) => ({
  key,
  value: value.length === 0 ? value : change(value),
});

function splice(value: Uint8Array, at: number, n: number, some: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...value.subarray(0, at), ...some, ...value.subarray(at + n)]);
}

/** Replaces what a pattern finds first at or after a where, all in bytes. */
const replacing = (pattern: RegExp, by: (found: string) => string): fc.Arbitrary<Change> =>
  where.map((at) =>
    onValue((value) => {
      const text = decoder.decode(value);
      const from = indexIn(value, at);
      const found = new RegExp(pattern, "g");
      found.lastIndex = from;
      const match = found.exec(text);
      if (match === null) return value;
      return splice(value, match.index, match[0].length, encoder.encode(by(match[0])));
    })
  );
const oneOf = (...texts: string[]) => (found: string) => texts[found.length % texts.length];

/** Another way to put a record's JSON, or nearly. */
export const recast: fc.Arbitrary<Change> = fc.oneof(
  ...["1.0", "1e0", "true", "01", "-0", "+1", "1.", ".5", "1e", "1E+2", "NaN", "0x1", "1 ", '"1"', "null"]
    .map((number) => replacing(/(?<=[:,[] ?)-?\d+/, () => number)),
  replacing(
    /"(voter_id|candidate_id|voting_time|vote|address|state|city|gender|registered_age)"/,
    (found) => `${found}:"x",${found}`,
  ),
  replacing(/\{"/, (found) => `{"voter_id":"first","candidate_id":"first","vote":3,${found.slice(1)}`),
  replacing(
    /"(voter_id|candidate_id|voting_time|vote)"/,
    () => '"other":{"voter_id":"deep","vote":2},"voter_id"',
  ),
  replacing(/\}/, () => ',"voter_id":"last","vote":1}'),
  replacing(/\}/, () => ',"\\u0076ote":2}'),
  replacing(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
  replacing(/[:,{}]/, (found) => ` ${found}\t\r\n`),
  replacing(/[:,{}[\]]/, oneOf("", ",,", ":", "}", "{", '"')),
  replacing(
    /"[^"\\]*"/,
    oneOf('""', "null", "true", "[]", "{}", "7", '"\\ud800"', '"\\"vote\\":2"', "[[[[[[]]]]]]"),
  ),
  replacing(/$/, () => " "),
  fc.constant(onValue((value) => {
    try {
      const fields = JSON.parse(new TextDecoder().decode(value));
      return encoder.encode(JSON.stringify(Object.fromEntries(Object.entries(fields).reverse())));
    } catch {
      return value; // it has been recast to something that isn't JSON
    }
  })),
);
