/** The table of regions: sorted, filtered, and in pages that lose nothing. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  arrange,
  COLUMNS,
  readTableQuery,
  SIZES,
  type TableQuery,
  withTableQuery,
} from "../../islands/region_table.ts";
import type { Regions } from "../../pipeline/regions.ts";

const CANDIDATES = ["a1", "b2", "c3"].map((id) => ({
  candidate_id: id,
  candidate_name: `Candidate ${id}`,
  party_affiliation: "Party",
}));

function regionsOf(lines: [state: string, votes: number[], voters: number][]): Regions {
  return {
    election: { id: "e1" },
    version: 1,
    as_of: "2026-06-03T14:03:22.000Z",
    candidates: CANDIDATES,
    regions: lines.map(([state, votes, voters]) => {
      const count = votes.reduce((sum, n) => sum + n, 0);
      return { state, count, voters, turnout: count / voters, votes };
    }),
  };
}

const queryOf = (query: string): TableQuery => readTableQuery(new URLSearchParams(query));
const statesOf = (regions: Regions, query: string) =>
  arrange(regions, queryOf(query)).rows.map(({ state }) => state);

const anyRegions = fc.uniqueArray(
  fc.tuple(
    fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }),
    fc.array(fc.nat(50), { minLength: 3, maxLength: 3 }),
    fc.integer({ min: 150, max: 400 }),
  ),
  { selector: ([state]) => state, maxLength: 130 },
).map(regionsOf);

Deno.test("the pages of the table, one after the other, hold every region once, the last page's too", () => {
  const anyQuery = fc.record({
    sort: fc.constantFrom(...COLUMNS),
    descending: fc.boolean(),
    size: fc.constantFrom(...SIZES),
  });
  fc.assert(fc.property(anyRegions, anyQuery, (regions, how) => {
    const query = { q: "", page: 1, ...how };
    const { pages } = arrange(regions, query);
    const seen = Array.from({ length: pages }, (_, i) => arrange(regions, { ...query, page: i + 1 }).rows);
    for (const rows of seen.slice(0, -1)) assert.equal(rows.length, query.size);
    const states = seen.flat().map(({ state }) => state);
    assert.deepEqual(states.toSorted(), regions.regions.map(({ state }) => state).toSorted());
    assert.deepEqual(arrange(regions, { ...query, page: pages + 7 }).rows, seen.at(-1));
  }));
});

Deno.test("every column sorts both ways", () => {
  const regions = regionsOf([
    ["Kent", [5, 3, 1], 20],
    ["Devon", [1, 9, 2], 100],
    ["Essex", [0, 2, 30], 40],
  ]);
  const ascending = {
    state: ["Devon", "Essex", "Kent"],
    count: ["Kent", "Devon", "Essex"],
    voters: ["Kent", "Essex", "Devon"],
    turnout: ["Devon", "Kent", "Essex"],
    leader: ["Kent", "Devon", "Essex"],
  };
  for (const column of COLUMNS) {
    assert.deepEqual(statesOf(regions, `sort=${column}`), ascending[column], column);
    assert.deepEqual(statesOf(regions, `sort=${column}&order=desc`), ascending[column].toReversed(), column);
  }
});

Deno.test("the filter finds a part of a name, whatever its case and accents, and nothing else", () => {
  const regions = regionsOf([["Ynys Môn", [1, 0, 0], 9], ["Monmouthshire", [1, 0, 0], 9], [
    "Kent",
    [0, 0, 0],
    9,
  ]]);
  assert.deepEqual(statesOf(regions, "q=MON"), ["Monmouthshire", "Ynys Môn"]);
  assert.deepEqual(statesOf(regions, "q=môn"), ["Monmouthshire", "Ynys Môn"]);
  assert.deepEqual(statesOf(regions, "q=%3Cb%3E"), []);
});

Deno.test("a leader is first alone, tied, or nobody without votes, and not known where only the sum is", () => {
  const regions = regionsOf([["A", [5, 3, 1], 20], ["B", [4, 4, 1], 20], ["C", [0, 0, 0], 20], ["D", [
    1,
    0,
    0,
  ], 20]]);
  regions.regions[3].votes = null;
  const [a, b, c, d] = arrange(regions, queryOf("")).rows.map(({ leader }) => leader);
  assert.deepEqual(a, { candidates: [CANDIDATES[0]], votes: 5, margin: 2 });
  assert.deepEqual(b, { candidates: CANDIDATES.slice(0, 2), votes: 4, margin: 0 });
  assert.deepEqual([c, d], [null, "unknown"]);
});

Deno.test("an address stands for the same table again, and keeps what it says of all else", () => {
  fc.assert(fc.property(
    fc.record({
      q: fc.string({ maxLength: 64 }).map((q) => q.trim()),
      sort: fc.constantFrom(...COLUMNS),
      descending: fc.boolean(),
      size: fc.constantFrom(...SIZES),
      page: fc.integer({ min: 1, max: 1_000 }),
    }),
    (query) => {
      const address = withTableQuery(new URLSearchParams("every=30&page=9"), query).toString();
      assert.deepEqual(queryOf(address), { ...query });
      assert.match(address, /^every=30/);
    },
  ));
});

Deno.test("what an address can't mean is as by default", () => {
  const expected = queryOf("");
  for (
    const wrong of [
      "sort=votes",
      "order=up",
      "size=30",
      "size=x",
      "page=0",
      "page=-1",
      "page=1.5",
      "page=NaN",
    ]
  ) {
    assert.deepEqual(queryOf(wrong), expected, wrong);
  }
});
