/** The sentence that says it all, and how sure it is. @module */
import assert from "node:assert/strict";
import { certainty, headline, sentence } from "../../islands/sentence.ts";
import { resultsOf } from "../routes/sample.ts";

const closed = {
  id: "e1",
  title: "t",
  status: "test",
  opens_at: null,
  closes_at: "2026-06-03T14:00:00.000Z",
} as const;
const AMELIA = "Amelia Hartley (Management Party)";

Deno.test("the sentence follows an election from its first moment to its last", () => {
  const said = [
    [resultsOf([]), "No candidates are registered yet."],
    [resultsOf([0, 0, 0]), "No votes have been counted yet; 3 candidates and 10,000 voters are registered."],
    [resultsOf([1, 0, 0]), `${AMELIA} leads by 1 vote; turnout is <0.1%.`],
    [resultsOf([1_200, 1_100, 900]), `${AMELIA} leads by 100 votes; turnout is 32.0%.`],
    [
      resultsOf([6_000, 1_000, 0]),
      `${AMELIA} leads by 5,000 votes and, on the present register, can no longer be caught; turnout is 70.0%.`,
    ],
    [resultsOf([5_000, 4_000, 1_000]), `${AMELIA} has won by 1,000 votes; every registered voter has voted.`],
    [
      resultsOf([5_000, 4_000, 999]),
      `${AMELIA} leads by 1,000 votes and, on the present register, can no longer be caught; turnout is 99.9%.`,
    ],
  ] as const;
  for (const [results, text] of said) assert.equal(sentence(results), text);
});

Deno.test("a tie is said as a tie, with everyone who is in it", () => {
  assert.equal(
    sentence(resultsOf([500, 500, 1])),
    "Amelia Hartley and Oliver Chapman are tied on 500 votes each; turnout is 10.0%.",
  );
  assert.match(
    sentence(resultsOf([7, 7, 7])),
    /^Amelia Hartley, Oliver Chapman and Priya Raman are tied on 7 votes each/,
  );
  assert.equal(certainty(resultsOf([500, 500, 1]))!.label, "Tied");
});

Deno.test("decided is said with its arithmetic, and only beyond it", () => {
  const after = (votes: number[]) => {
    const { label, arithmetic } = certainty(resultsOf(votes))!;
    return `${label}. ${arithmetic}`;
  };
  assert.equal(
    after([5_001, 2_000, 0]),
    "Decided. Lead 3,001 > 2,999 voters still to come, on the present register.",
  );
  assert.equal(
    after([5_000, 2_000, 0]),
    "Not decided. Lead 3,000 = 3,000 voters still to come, on the present register.",
  );
  assert.equal(
    after([4_999, 2_000, 0]),
    "Not decided. Lead 2,999 < 3,001 voters still to come, on the present register.",
  );
  assert.equal(certainty(resultsOf([0, 0, 0])), null);
});

Deno.test("when voting is closed the leader has won, however many stayed away", () => {
  const results = resultsOf([3, 2, 0], { election: closed });
  results.leader!.decided = true;
  assert.equal(sentence(results), `${AMELIA} has won by 1 vote; turnout is 0.1%.`);
  assert.deepEqual(certainty(results), { label: "Decided", arithmetic: "Voting is closed." });
});

Deno.test("nothing is decided while part of the log is unread", () => {
  const results = resultsOf([6_000, 4_000, 0], { catching_up: true, election: closed });
  assert.match(sentence(results), /^Still reading the log\. So far: .* leads by 2,000 votes; /);
  assert.equal(certainty(results)!.label, "Not decided");
});

Deno.test("away from the page the sentence says that it is simulated", () => {
  assert.match(headline(resultsOf([3, 2, 1])), /^Simulated: Amelia/);
});
