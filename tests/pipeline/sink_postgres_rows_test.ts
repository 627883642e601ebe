/** What of a batch becomes a row in Postgres. @module */
import assert from "node:assert/strict";
import { voteRows } from "../../pipeline/sink_postgres_rows.ts";
import { batchOf } from "./batches.ts";
import { rulesOf } from "./rules.ts";

Deno.test("a vote's time is the one it counts at, also where its log timestamp is none that a clock shows", () => {
  const vote = { key: "v1", value: JSON.stringify({ voter_id: "v1", candidate_id: "c1" }) };
  const timeAt = (timestamp: number) =>
    voteRows(batchOf(0, [{ ...vote, offset: 0, timestamp }]), 0, rulesOf(1))[0].voting_time;
  assert.equal(timeAt(-1), "1970-01-01T00:00:00.000");
  assert.equal(timeAt(Number.MAX_SAFE_INTEGER), "9999-12-31T23:59:59.999");
  assert.equal(timeAt(Date.UTC(2026, 5, 3)), "2026-06-03T00:00:00.000");
});
