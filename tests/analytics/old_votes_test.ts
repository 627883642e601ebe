/** What one vote of long ago makes of the queries and charts over time. @module */
import assert from "node:assert/strict";
import { createHistory } from "../../analytics/history.ts";
import { parametersOf, readNamedQueries } from "../../analytics/named_queries.ts";
import { createChartSource } from "../../routes/chart_data.ts";
import { resultsOf } from "../routes/sample.ts";
import { cellOf, sharedDuckDb, START } from "./captures.ts";
import { openAsked } from "./sandboxes.ts";

const QUERIES = readNamedQueries(new URL("../../analytics/queries", import.meta.url).pathname);
const STRAGGLER = cellOf(Date.parse("2000-01-01T00:00:00Z"));

Deno.test("of a few votes one of long ago makes stretches, but no more than can be answered", async () => {
  await using asked = await openAsked({ cells: [STRAGGLER, cellOf(START)] });
  for (const name of ["votes_per_minute", "lead_over_time", "share_over_time"]) {
    const query = QUERIES.find((query) => query.name === name)!;
    const read = parametersOf(query, { every: "10" });
    assert.ok("parameters" in read);
    const answer = await asked.ask(query.sql, read);
    assert.ok("body" in answer && answer.truncated && answer.rowCount > 1_000, name);
  }
});

Deno.test("a candidate whose only vote is of long ago has it in the race, as in the query", async () => {
  const straggler = { ...STRAGGLER, candidateId: "b2" };
  await using asked = await openAsked({ cells: [straggler, cellOf(START, { votes: 2_000 })] });
  const charts = createChartSource(
    createHistory(await sharedDuckDb(), asked.snapshots),
    () => resultsOf([2_000, 1]).candidates,
    (fault) => assert.fail(String(fault)),
  );
  const { race } = (await charts.newest())!;
  assert.deepEqual(race!.series.map(({ before, votes }) => [before, ...votes]), [[0, 2_000], [1, 0]]);
  const query = QUERIES.find(({ name }) => name === "share_over_time")!;
  const read = parametersOf(query, { every: "10" });
  assert.ok("parameters" in read);
  const rows = await asked.rows(query.sql, read);
  assert.deepEqual(rows.map(([, id, , total, , votes]) => [id, total, votes]), [["a1", 2_000, 2_000], [
    "b2",
    1,
    0,
  ]]);
});
