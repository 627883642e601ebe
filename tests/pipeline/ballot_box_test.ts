import assert from "node:assert/strict";
import { castBallots } from "../../pipeline/ballot_box.ts";
import { acceptCandidates, createFold, foldVoters } from "../../pipeline/fold.ts";
import type { Landing } from "../../pipeline/ingest.ts";
import { createRegistry, foldCandidates } from "../../pipeline/registry.ts";
import { batchOf } from "./batches.ts";
import { rulesOf } from "./rules.ts";

const rules = rulesOf(1);

/** What a voter is told whose record landed like this while the fold was too far behind to ask it. */
async function castWhileBehind(first: boolean) {
  const registry = createRegistry();
  const candidate = JSON.stringify({ candidate_id: "c0", candidate_name: "Ann", party_affiliation: "Red" });
  foldCandidates(registry, batchOf(0, [{ offset: 0, timestamp: 0, key: "c0", value: candidate }]));
  const fold = createFold(0, rules);
  const voter = JSON.stringify({ voter_id: "v0", address: { state: "Kent" } });
  foldVoters(fold, batchOf(0, [{ offset: 0, timestamp: 0, key: "v0", value: voter }]));
  acceptCandidates(fold, ["c0"], 1);
  const landing: Landing = { kind: "landed", position: { partition: 0, offset: 7 }, first, folded: false };
  const polling = {
    registry,
    folds: [fold],
    ingest: { land: () => Promise.resolve([landing]) },
    caughtUp: () => true,
    now: Date.now,
  };
  const [cast] = await castBallots(polling, [{ voter_id: "v0", candidate_id: "c0" }]);
  return cast;
}

Deno.test("while the fold is behind, her own record is named, and no other is called the vote that stands", async () => {
  assert.deepEqual(await castWhileBehind(true), { kind: "cast", position: { partition: 0, offset: 7 } });
  assert.deepEqual(await castWhileBehind(false), { kind: "unknown" });
});
