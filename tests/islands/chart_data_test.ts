/** What charts are drawn from. @module */
import assert from "node:assert/strict";
import { COLOURS, looksOf } from "../../islands/candidate_looks.ts";
import {
  areasOf,
  type ChartData,
  paceOf,
  paceSeconds,
  raceOf,
  standingOf,
} from "../../islands/chart_data.ts";
import { leadSpans } from "../../islands/chart_race.ts";
import { spread } from "../../islands/label_places.ts";
import { DARK, LIGHT } from "../../islands/theme.ts";
import { areaOf, AREAS, ELSEWHERE } from "../../islands/uk_areas.ts";
import { STATES } from "../../pipeline/demo_towns.ts";

const START = Date.parse("2026-05-07T10:00:00Z");
const at = (seconds: number) => new Date(START + seconds * 1_000);

/** Chart data with these votes per stretch of 10 s, one list for each candidate. */
export function chartDataOf(votes: number[][], rest: Partial<ChartData> = {}): ChartData {
  return {
    election: { id: "e1" },
    version: 1,
    as_of: at(votes[0].length * 10).toISOString(),
    candidates: votes.map((_, i) => ({
      candidate_id: `c${i}`,
      candidate_name: `Given${i} Name${i}`,
      party_affiliation: `Party ${i}`,
    })),
    race: {
      every_seconds: 10,
      from: at(0).toISOString(),
      series: votes.map((votes) => ({ before: 0, votes })),
    },
    lead_changes: [],
    groups: { state: [], age_band: [], gender: [] },
    ...rest,
  };
}

Deno.test("every county that the demo's voters live in lies in one of the twelve areas, and in one only", () => {
  assert.equal(AREAS.length, 12);
  assert.deepEqual(STATES.filter((state) => areaOf(state) === ELSEWHERE), []);
  const counties = AREAS.flatMap(({ counties }) => counties);
  assert.equal(new Set(counties).size, counties.length);
  assert.equal(new Set(AREAS.map(({ column, row }) => `${column} ${row}`)).size, 12);
});

Deno.test("areas add up their counties, and what lies in none is elsewhere", () => {
  const group = (key: string, voters: number, ...votes: number[]) => ({ key, voters, votes });
  const state = [group("Kent", 10, 3, 4), group("Surrey", 20, 1, 0), group("Atlantis", 5, 0, 2)];
  const areas = areasOf(chartDataOf([[1], [1]], { groups: { state, age_band: [], gender: [] } }));
  const found = Object.fromEntries(areas.map(({ key, voters, votes }) => [key, [voters, ...votes]]));
  assert.deepEqual(found["South East"], [30, 4, 4]);
  assert.deepEqual(found[ELSEWHERE], [5, 0, 2]);
  assert.deepEqual(found["Wales"], [0, 0, 0]);
  assert.equal(areas.length, 13);
  assert.deepEqual(areas.find(({ key }) => key === "South East")!.counties.map(({ key }) => key), [
    "Surrey",
    "Kent",
  ]);
});

Deno.test("nobody leads in a tie or without votes", () => {
  assert.deepEqual(standingOf([3, 5, 4]), { leader: 1, margin: 1 });
  assert.deepEqual(standingOf([5, 5, 1]), { leader: null, margin: 0 });
  assert.deepEqual(standingOf([0, 0]), { leader: null, margin: 0 });
  assert.deepEqual(standingOf([2]), { leader: 0, margin: 2 });
});

Deno.test("the race adds up from what was before it", () => {
  const data = chartDataOf([[1, 2], [0, 5]]);
  data.race!.series[0].before = 7;
  assert.deepEqual(raceOf(data).map(({ at, totals, stretch }) => [+at - START, totals, stretch]), [
    [0, [7, 0], [0, 0]],
    [10_000, [8, 0], [1, 0]],
    [20_000, [10, 5], [2, 5]],
  ]);
});

Deno.test("the pace is shown in few stretches, which hold all votes of the time they cover", () => {
  const votes = Array.from({ length: 120 }, (_, i) => i);
  const data = chartDataOf([votes], { as_of: at(1_199).toISOString() });
  assert.equal(paceSeconds(data), 30);
  const pace = paceOf(data);
  assert.equal(pace.length, 40); // the start, and all stretches but the one that has not ended
  assert.deepEqual(pace.slice(0, 3).map(({ stretch }) => stretch), [[0], [0 + 1 + 2], [3 + 4 + 5]]);
});

Deno.test("spans of the lead meet where it changed hands", () => {
  const spans = leadSpans(raceOf(chartDataOf([[4, 0, 1], [0, 8, 1]]))); // 4:0, 4:8, 5:9
  assert.deepEqual(
    spans.map(({ leader, points }) => [leader, points.map((p) => [+p.at - START, p.margin])]),
    [
      [0, [[0, 0], [10_000, 4], [15_000, 0]]],
      [1, [[15_000, 0], [20_000, 4], [30_000, 4]]],
    ],
  );
});

Deno.test("a candidate keeps its looks whoever leads, and same last names are told apart", () => {
  const people = ["c1", "a1", "b1"].map((candidate_id) => ({
    candidate_id,
    candidate_name: `Ann ${candidate_id}`,
  }));
  assert.deepEqual(looksOf(people), looksOf(people.toReversed()));
  const family = ["Ann Lee", "Ben Lee", "Cat Fox"].map((candidate_name, i) => ({
    candidate_id: String(i),
    candidate_name,
  }));
  const short = [...looksOf(family).values()].map(({ shortName }) => shortName);
  assert.deepEqual(short, ["Ann Lee", "Ben Lee", "Fox"]);
  const many = Array.from({ length: 3 * COLOURS }, (_, i) => ({
    candidate_id: String(i).padStart(2, "0"),
    candidate_name: `N${i}`,
  }));
  const looks = [...looksOf(many).values()].map(({ colour, dashes }) => `${colour} ${dashes}`);
  assert.equal(new Set(looks).size, many.length);
});

Deno.test("labels keep their distance and their order, inside the picture", () => {
  const placed = spread([100, 98, 20, 101], 16, 105);
  const sorted = placed.toSorted((a, b) => a - b);
  for (const [i, place] of sorted.entries()) if (i > 0) assert.ok(place - sorted[i - 1] >= 16);
  assert.ok(Math.max(...placed) <= 105);
  assert.equal(placed[2], 20);
  assert.ok(placed[1] < placed[0] && placed[0] < placed[3]);
});

Deno.test("each colour of a picture stands for one name, on light paper and on dark", () => {
  assert.deepEqual(Object.keys(DARK), Object.keys(LIGHT));
  assert.equal(
    new Set(Object.values(LIGHT)).size,
    Object.keys(LIGHT).length,
    "each colour stands for one name",
  );
});
