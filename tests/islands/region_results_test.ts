/** The results of one region, in the form of the results of all. @module */
import assert from "node:assert/strict";
import { headline } from "../../islands/sentence.ts";
import { regionResults } from "../../islands/region_results.ts";
import { resultsOf } from "../routes/sample.ts";

const ALL = resultsOf([900, 800, 700], {}, 2_500);
const votes = (a1: number, b2: number, c3: number) => new Map([["a1", a1], ["b2", b2], ["c3", c3]]);

Deno.test("a region has its own votes, order, leader and turnout", () => {
  const region = regionResults(ALL, { voters: 100, votes: votes(10, 5, 25) });
  assert.deepEqual(
    region.candidates.map(({ candidate_id, total_votes, share }) => [candidate_id, total_votes, share]),
    [["c3", 25, 0.625], ["a1", 10, 0.25], ["b2", 5, 0.125]],
  );
  assert.deepEqual(region.leader, { candidate_id: "c3", margin: 15, tied: false, decided: false });
  assert.deepEqual([region.totals.votes, region.totals.voters, region.totals.turnout], [40, 100, 0.4]);
  assert.match(headline(region), /Priya Raman .* leads by 15 votes; turnout is 40\.0%/);
});

Deno.test("ties go by id, nobody leads without votes, and nothing is decided in a region", () => {
  assert.equal(regionResults(ALL, { voters: 9, votes: votes(2, 4, 4) }).leader!.candidate_id, "b2");
  assert.equal(regionResults(ALL, { voters: 9, votes: votes(2, 4, 4) }).leader!.tied, true);
  assert.equal(regionResults(ALL, { voters: 9, votes: votes(0, 0, 0) }).leader, null);
  assert.equal(regionResults(ALL, { voters: 9, votes: new Map() }).totals.votes, 0);
  const over = regionResults(ALL, { voters: 9, votes: votes(9, 0, 0) });
  assert.equal(over.leader!.decided, false);
  assert.match(headline(over), /leads by 9 votes; every registered voter has voted/);
});
