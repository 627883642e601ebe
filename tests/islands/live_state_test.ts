/** What a live page shows of what it hears, at the pace that its reader chose. @module */
import assert from "node:assert/strict";
import { advance, initialState, type LiveEvent, type LiveState } from "../../islands/live_state.ts";
import { address, keptOf, LIVE, paceOf, withPace } from "../../islands/pace.ts";
import { resultsOf, VITALS } from "../routes/sample.ts";

const FIRST = resultsOf([100, 80, 60]);
const SECOND = resultsOf([101, 80, 60]);
const THIRD = resultsOf([102, 80, 60]);
const pace = (query: string) => paceOf(new URLSearchParams(query));

/** The state after these events, each at its second. */
function after(query: string, events: [second: number, event: LiveEvent][]): LiveState {
  const start = initialState({ results: FIRST, vitals: VITALS }, pace(query), 0);
  return events.reduce((state, [second, event]) => advance(state, event, second * 1_000), start);
}

Deno.test("by default every change shows at once", () => {
  const state = after("", [[1, { results: SECOND }], [1.1, { results: THIRD }]]);
  assert.equal(state.shown.results, THIRD);
  assert.equal(state.shownAtMs, 1_100);
});

Deno.test("at a slower pace changes wait for their turn, and only the newest shows", () => {
  const events: [number, LiveEvent][] = [[1, { results: SECOND }], [4, { results: THIRD }], [9, "tick"]];
  assert.equal(after("every=10", events).shown.results, FIRST);
  const due = after("every=10", [...events, [10, "tick"]]);
  assert.equal(due.shown.results, THIRD);
  assert.equal(due.shownAtMs, 10_000);
});

Deno.test("paused, nothing changes but by a refresh, and resuming shows the newest", () => {
  const events: [number, LiveEvent][] = [[1, { results: SECOND }], [100, "tick"]];
  assert.equal(after("paused=1", events).shown.results, FIRST);
  assert.equal(after("paused=1", [...events, [101, "refresh"]]).shown.results, SECOND);
  assert.equal(after("paused=1", [...events, [101, { pace: LIVE }]]).shown.results, SECOND);
});

Deno.test("what is shown grows old while nothing is heard, and is new again with the first word", () => {
  const lost = after("", [[1, { results: SECOND }], [6, { connection: "lost" }], [60, "tick"], [
    61,
    "refresh",
  ]]);
  assert.equal(lost.shownAtMs, 1_000);
  assert.equal(lost.shown.results, SECOND);
  const back = advance(lost, { vitals: VITALS }, 62_000);
  assert.deepEqual([back.connection, back.shownAtMs], ["live", 62_000]);
});

Deno.test("a clock that is set back holds nothing up", () => {
  const state = after("every=10", [[20, { results: SECOND }], [5, { results: THIRD }]]);
  assert.equal(state.shown.results, THIRD);
  assert.equal(state.shownAtMs, 5_000);
});

Deno.test("a page shows what it showed while nothing is new, so that nothing is drawn again", () => {
  const state = after("", [[1, { results: SECOND }]]);
  assert.equal(advance(state, "tick", 2_000).shown, state.shown);
});

Deno.test("an address stands for a pace, and what it can't mean is live", () => {
  assert.deepEqual(pace("every=5"), { everySeconds: 5, paused: false });
  assert.deepEqual(pace("every=60&paused=1"), { everySeconds: 60, paused: true });
  for (const wrong of ["every=4", "every=61", "every=1e1", "every=-5", "every=", "paused=yes"]) {
    assert.deepEqual(pace(wrong), LIVE, wrong);
  }
  const query = new URLSearchParams("sort=count&every=10&paused=1");
  assert.equal(address("/regions", withPace(query, LIVE)), "/regions?sort=count");
  assert.equal(address("/", withPace(new URLSearchParams(), LIVE)), "/");
  assert.deepEqual(keptOf(query), [["sort", "count"]]);
});
