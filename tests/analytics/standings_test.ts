/** Who stands where at a generation, and how the lead changed. @module */
import assert from "node:assert/strict";
import { lookUpStandings } from "../../analytics/standings.ts";
import type { CellChange, VoterGroup } from "../../pipeline/snapshot.ts";
import { captureOf, cellOf, Folder, sharedDuckDb, START } from "./captures.ts";

const at = (windows: number) => START + windows * 10_000;

/** The standings after captures of these cells. */
async function standingsOf(captures: CellChange[][], groups?: VoterGroup[]) {
  using folder = new Folder();
  await using snapshots = await folder.open();
  for (const [i, cells] of captures.entries()) {
    await snapshots.save(captureOf(i + 1, START + i, { cells, ...groups && { groups } }));
  }
  return await lookUpStandings(await sharedDuckDb(), snapshots.newest()!);
}

Deno.test("voters and votes are told apart by state, age band and gender, also where nobody has voted", async () => {
  const { groups } = await standingsOf([
    [cellOf(at(0), { votes: 3 }), cellOf(at(1), { votes: 2, candidateId: "b2", gender: "male" })],
    [cellOf(at(0), { votes: 4 })],
  ], [
    { state: "Kent", ageBand: "30–39", gender: "female", voters: 9 },
    { state: "Kent", ageBand: "30–39", gender: "male", voters: 5 },
    { state: "Devon", ageBand: "70+", gender: "male", voters: 7 },
  ]);
  const plain = (groups: readonly { key: string; voters: number; votes: ReadonlyMap<string, number> }[]) =>
    groups.map(({ key, voters, votes }) => [key, voters, Object.fromEntries(votes)]);
  assert.deepEqual(plain(groups.state), [["Devon", 7, {}], ["Kent", 14, { a1: 7, b2: 2 }]]);
  assert.deepEqual(plain(groups.age_band), [["30–39", 14, { a1: 7, b2: 2 }], ["70+", 7, {}]]);
  assert.deepEqual(plain(groups.gender), [["female", 9, { a1: 7 }], ["male", 12, { b2: 2 }]]);
});

Deno.test("the lead changes when another is strictly first: ties and revisions of the past are minded", async () => {
  const { leadChanges } = await standingsOf([
    [cellOf(at(0), { votes: 2 }), cellOf(at(1), { votes: 2, candidateId: "b2" })], // 2:0, 2:2
    [cellOf(at(2), { votes: 3, candidateId: "b2" })], // 2:5
    [cellOf(at(3), { votes: 3 }), cellOf(at(5), { votes: 4 })], // 5:5, 9:5
  ]);
  const changes = leadChanges.map(({ at: when, ...change }) => ({
    ...change,
    after: (when - START) / 10_000,
  }));
  assert.deepEqual(changes, [
    { after: 1, candidateId: "a1", margin: 2 },
    { after: 3, candidateId: "b2", margin: 3 },
    { after: 6, candidateId: "a1", margin: 4 },
  ]);
  const revised = await standingsOf([
    [cellOf(at(0), { votes: 2 }), cellOf(at(2), { votes: 3, candidateId: "b2" })],
    [cellOf(at(0), { votes: 9, late: 9 })],
  ]);
  assert.deepEqual(revised.leadChanges.map(({ candidateId }) => candidateId), ["a1"]);
});

Deno.test("the span leaves out stragglers from long before, and there is none without votes", async () => {
  const votes = [cellOf(at(0), { votes: 600 }), cellOf(at(9), { votes: 600 })];
  const { span } = await standingsOf([[...votes, cellOf(at(-1_000_000))]]);
  assert.deepEqual(span, { from: at(0), to: at(10) });
  const { span: none, leadChanges } = await standingsOf([[]]);
  assert.deepEqual([none, leadChanges], [null, []]);
});
