/** Names from the data, whatever they hold, in the texts of titles, charts and alternatives. @module */
import assert from "node:assert/strict";
import { candidateCaption, mapCaption, raceCaption, votesCaption } from "../../islands/chart_captions.ts";
import type { ChartData } from "../../islands/chart_data.ts";
import { isolated } from "../../islands/format.ts";
import { headline, sentence } from "../../islands/sentence.ts";
import { HOSTILE } from "../browser/hostile.ts";
import { resultsOf } from "../routes/sample.ts";

const TURNS = /[\u202a-\u202e\u2066\u2067]/;
/** Every isolate is closed, in order, and none is closed that was not opened. */
const BALANCED = /^(?:[^\u2068\u2069]|\u2068[^\u2068\u2069]*\u2069)*$/;

/** What is said of an election whose first candidate and party are called so. */
function textsOf(name: string): string[] {
  const results = resultsOf([5, 3, 1]);
  const candidates = results.candidates.map((one, i) =>
    i === 0 ? { ...one, candidate_name: name, party_affiliation: name } : one
  );
  const data: ChartData = {
    election: { id: "e1" },
    version: 1,
    as_of: results.as_of,
    candidates,
    race: {
      every_seconds: 10,
      from: results.as_of,
      series: [5, 3, 1].map((n) => ({ before: 0, votes: [n] })),
    },
    lead_changes: ["b2", "a1"].map((candidate_id) => ({ at: results.as_of, candidate_id, margin: 1 })),
    groups: { state: [{ key: "Kent", voters: 10, votes: [5, 3, 1] }], age_band: [], gender: [] },
  };
  const tied = { ...resultsOf([3, 3, 1]), candidates: resultsOf([3, 3, 1]).candidates };
  tied.candidates[0] = { ...tied.candidates[0], candidate_name: name };
  const captions = [
    raceCaption(data, "lead"),
    candidateCaption(data, "a1"),
    mapCaption(data),
    votesCaption({ ...results, candidates }),
  ];
  return [
    sentence({ ...results, candidates }),
    headline({ ...results, candidates }),
    sentence(tied),
    ...captions.map(({ description }) => description),
  ];
}

Deno.test("no name turns the direction of the text that it stands in", () => {
  for (const name of HOSTILE) {
    for (const text of textsOf(name)) {
      assert.doesNotMatch(text, TURNS, JSON.stringify(name));
      assert.match(text, BALANCED, JSON.stringify(name));
    }
  }
});

Deno.test("a name that is written from right to left is set apart, others are as they are", () => {
  for (const text of textsOf("שלום עולם")) assert.ok(text.includes("\u2068שלום עולם\u2069"), text);
  for (const text of textsOf("Ada Example")) assert.ok(text.includes("Ada Example"), text);
  assert.equal(isolated("Ada Example"), "Ada Example");
});
