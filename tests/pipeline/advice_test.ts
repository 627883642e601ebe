import assert from "node:assert/strict";
import { advise, waitingAdvice } from "../../pipeline/advice.ts";
import { createFold, foldVotes } from "../../pipeline/fold.ts";
import { createRegistry, foldCandidates } from "../../pipeline/registry.ts";
import { createUpdates } from "../../pipeline/updates.ts";
import { resultsOf } from "../routes/sample.ts";
import { batchOf } from "./batches.ts";
import { rulesOf } from "./rules.ts";

const rules = rulesOf(1);
const record = (key: string, value: object) =>
  batchOf(0, [{ offset: 0, timestamp: 0, key, value: JSON.stringify(value) }]);

Deno.test("votes that wait where nobody stands for election are told of, others are not", () => {
  const registry = createRegistry();
  const fold = createFold(0, rules);
  assert.equal(waitingAdvice(registry, [fold]), null);
  foldVotes(fold, record("v0", { voter_id: "v0", candidate_id: "c0" }));
  assert.match(waitingAdvice(registry, [fold])!, /^Votes wait \(1\).*candidates_topic/);
  foldCandidates(registry, record("c1", { candidate_id: "c1" }));
  assert.equal(waitingAdvice(registry, [fold]), null);
});

Deno.test("advice is given once, and not before the log has been read", () => {
  const updates = createUpdates(resultsOf([]));
  const said: string[] = [];
  let second: string | null = null;
  advise(updates, (advice) => said.push(advice), [() => "first", () => second]);
  updates.publish(resultsOf([], { catching_up: true }));
  assert.deepEqual(said, []);
  updates.publish(resultsOf([]));
  second = "second";
  updates.publish(resultsOf([]));
  updates.publish(resultsOf([]));
  assert.deepEqual(said, ["first", "second"]);
});
