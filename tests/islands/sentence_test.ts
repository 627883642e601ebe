/** The sentence that says it all, and how sure it is. @module */
import assert from "node:assert/strict";
import { certainty, headline, hours, sentence } from "../../islands/sentence.ts";
import { resultsOf } from "../routes/sample.ts";

const closed = {
  id: "e1",
  title: "t",
  status: "test" as const,
  opens_at: null as string | null,
  closes_at: "2026-06-03T14:00:00.000Z" as string | null,
};
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
  assert.match(sentence(results), /^Still counting\. So far: .* leads by 2,000 votes; /);
  assert.deepEqual(certainty(results), {
    label: "Not decided",
    arithmetic: "Voting is closed; counting goes on.",
  });
  const open = resultsOf([6_000, 4_000, 0], { catching_up: true });
  assert.match(sentence(open), /^Still reading the log\. So far: .* leads by 2,000 votes; /);
});

Deno.test("after closing nothing is final while votes wait, nor won that they could turn", () => {
  const waitingFor = (waiting: number, decided: boolean) => {
    const results = resultsOf([30, 20, 0], { election: closed });
    results.totals.waiting = waiting;
    results.leader!.decided = decided;
    return [sentence(results), hours(results), certainty(results)!.arithmetic];
  };
  assert.deepEqual(waitingFor(9, true), [
    `${AMELIA} leads by 10 votes and, on the present register, can no longer be caught; turnout is 0.5%.`,
    "Voting closed at 14:00 UTC on 3 Jun 2026. Not final: 9 votes waiting.",
    "Lead 10 > 9 votes waiting for accreditation; voting is closed.",
  ]);
  assert.deepEqual(waitingFor(10, false), [
    `${AMELIA} leads by 10 votes; turnout is 0.5%.`,
    "Voting closed at 14:00 UTC on 3 Jun 2026. Not final: 10 votes waiting.",
    "Lead 10 = 10 votes waiting for accreditation; voting is closed.",
  ]);
});

Deno.test("while voting is open nobody has won, even where everyone registered has voted", () => {
  const open = { ...closed, closes_at: "2026-06-03T22:00:00.000Z" };
  assert.equal(
    sentence(resultsOf([5_000, 4_000, 1_000], { election: open })),
    `${AMELIA} leads by 1,000 votes and, on the present register, can no longer be caught; ` +
      "every registered voter has voted.",
  );
});

Deno.test("away from the page the sentence says that it is simulated", () => {
  assert.match(headline(resultsOf([3, 2, 1])), /^Simulated: Amelia/);
});

Deno.test("the hours are said before, during and after voting, in words and with UTC", () => {
  const opens_at = "2026-06-03T07:00:00.000Z", closes_at = "2026-06-03T22:00:30.000Z";
  const said = (as_of: string, election: Partial<typeof closed>, catching_up = false) =>
    hours(resultsOf([3, 2, 0], { as_of, catching_up, election: { ...always, ...election } }));
  const always = { ...closed, closes_at: null };
  const cases = [
    ["2026-06-03T06:59:59.999Z", { opens_at, closes_at }, "Voting opens at 07:00 UTC on 3 Jun 2026."],
    [
      "2026-06-03T07:00:00.000Z",
      { opens_at, closes_at },
      "Voting is open and closes at 22:00:30 UTC on 3 Jun 2026.",
    ],
    ["2026-06-03T07:00:00.000Z", { opens_at }, "Voting opened at 07:00 UTC on 3 Jun 2026."],
    [
      "2026-06-03T22:00:30.000Z",
      { opens_at, closes_at },
      "Voting closed at 22:00:30 UTC on 3 Jun 2026. This is the final result.",
    ],
    ["2026-06-03T12:00:00.000Z", {}, null],
  ] as const;
  for (const [as_of, election, text] of cases) assert.equal(said(as_of, election), text);
  assert.equal(
    said("2026-06-04T00:00:00.000Z", { closes_at }, true),
    "Voting closed at 22:00:30 UTC on 3 Jun 2026.",
    "not final while part of the log is unread",
  );
});

Deno.test("with nothing to count, the sentence says whether voting has begun or is over", () => {
  const at = (as_of: string) => sentence(resultsOf([0, 0, 0], { as_of, election: day }));
  const day = { ...closed, opens_at: "2026-06-03T07:00:00.000Z" };
  const registered = "3 candidates and 10,000 voters are registered.";
  assert.equal(at("2026-06-03T06:00:00.000Z"), `Voting has not begun; ${registered}`);
  assert.equal(at("2026-06-03T08:00:00.000Z"), `No votes have been counted yet; ${registered}`);
  assert.equal(at("2026-06-03T15:00:00.000Z"), `No votes were counted; ${registered}`);
});

Deno.test("a tie that voting ended in is said as one", () => {
  const tied = resultsOf([500, 500, 1], { election: closed });
  assert.match(sentence(tied), /^Amelia Hartley and Oliver Chapman have tied on 500 votes each; /);
});
