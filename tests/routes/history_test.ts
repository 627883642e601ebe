/** What programs get at `/api/v1/history`, from real snapshots. @module */
import assert from "node:assert/strict";
import { createHistory, MAX_HISTORY_ROWS } from "../../analytics/history.ts";
import type { CellChange } from "../../pipeline/snapshot.ts";
import { API_SCHEMAS } from "../../routes/api_schemas.ts";
import { captureOf, cellOf, Folder, sharedDuckDb, START } from "../analytics/captures.ts";
import { openSample } from "./sample.ts";

const PATH = "/api/v1/history";
const at = (seconds: number) => START + seconds * 1_000;
const iso = (seconds: number) => new Date(at(seconds)).toISOString();

/** An app on snapshots, one for each list of cells. */
async function openHistory(...captures: Iterable<CellChange>[]) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(new Folder());
  const snapshots = stack.use(await folder.open());
  let votes = 0;
  const save = (cells: Iterable<CellChange>) => snapshots.save(captureOf(++votes, at(votes), { cells }));
  for (const cells of captures) await save(cells);
  const history = createHistory(await sharedDuckDb(), snapshots);
  const sample = stack.use(await openSample(undefined, {}, { history }));
  const get = (query: string, headers = {}) => sample.app.request(PATH + query, { headers });
  return {
    save,
    get,
    /** The rows that a query gives, short: when, key, votes, late, total. */
    async rows(query: string) {
      const { rows } = API_SCHEMAS.History.parse(await (await get(query)).json());
      return rows.map(({ window_start, key, votes, late, total }) => [
        (Date.parse(window_start) - START) / 1_000,
        key,
        votes,
        late,
        total,
      ]);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Votes in three windows, one of which is revised by a later snapshot. */
const EARLY = [
  cellOf(at(0), { votes: 3 }),
  cellOf(at(0), { votes: 2, candidateId: "b2", state: "Devon", gender: "male" }),
  cellOf(at(10), { votes: 4, state: "Devon" }),
];
const LATE = [cellOf(at(0), { votes: 1, late: 1 }), cellOf(at(30), { votes: 5, candidateId: "b2" })];

Deno.test("history gives votes per window and running totals, whatever snapshot they came with", async () => {
  await using history = await openHistory(EARLY, LATE);
  assert.deepEqual(await history.rows(""), [
    [0, null, 6, 1, 6],
    [10, null, 4, 0, 10],
    [30, null, 5, 0, 15],
  ]);
  const response = await history.get("");
  assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*");
  const { rows, ...rest } = await response.json();
  assert.deepEqual(rest, { version: 12, as_of: iso(2), watermark: iso(0), every: 10, by: null });
  assert.equal(rows[0].window_end, iso(10));
});

Deno.test("votes are told apart by candidate, state, age band, gender and party", async () => {
  await using history = await openHistory(EARLY, LATE);
  assert.deepEqual(await history.rows("?by=candidate"), [
    [0, "a1", 4, 1, 4],
    [0, "b2", 2, 0, 2],
    [10, "a1", 4, 0, 8],
    [30, "b2", 5, 0, 7],
  ]);
  const keys = async (by: string) => new Set((await history.rows(`?by=${by}`)).map(([, key]) => key));
  assert.deepEqual(await keys("state"), new Set(["Devon", "Kent"]));
  assert.deepEqual(await keys("age_band"), new Set(["30–39"]));
  assert.deepEqual(await keys("gender"), new Set(["female", "male"]));
  assert.deepEqual(await keys("party"), new Set(["Management Party", "Savior Party"]));
});

Deno.test("from, to and every choose windows; totals count from the first vote all the same", async () => {
  await using history = await openHistory(EARLY, LATE);
  assert.deepEqual(await history.rows("?every=20"), [[0, null, 10, 1, 10], [20, null, 5, 0, 15]]);
  assert.deepEqual(await history.rows(`?from=${iso(10)}`), [[10, null, 4, 0, 10], [30, null, 5, 0, 15]]);
  assert.deepEqual(await history.rows(`?from=${iso(1)}&to=${iso(30)}`), [[10, null, 4, 0, 10]]);
  const offset = encodeURIComponent("2026-05-07T11:00:10+01:00");
  assert.deepEqual(await history.rows(`?to=${offset}`), [[0, null, 6, 1, 6]]);
});

Deno.test("a client that holds the newest snapshot's history gets 304, until there is a newer one", async () => {
  await using history = await openHistory(EARLY);
  const held = { "If-None-Match": (await history.get("?by=state")).headers.get("ETag")! };
  const response = await history.get("?by=state", held);
  assert.equal(response.status, 304);
  assert.equal(await response.text(), "");
  await history.save(LATE);
  assert.equal((await history.get("?by=state", held)).status, 200);
});

Deno.test("a question that can't be answered is refused, and the parameter named", async () => {
  await using history = await openHistory(EARLY);
  for (
    const [query, code, path, message] of [
      ["?frm=1", "unknown_parameter"],
      ["?from=yesterday", "invalid", "from", /must be a time such as/],
      ["?to=2026-05-07", "invalid", "to", /must be a time such as/],
      [`?from=${iso(9)}&to=${iso(9)}`, "invalid", "to", /must be later than from/],
      ["?every=0", "invalid", "every", /must be a whole number/],
      ["?every=15", "invalid", "every", /must be a multiple of 10/],
      ["?by=voter", "invalid", "by", /must be one of candidate, state/],
      ["?by=state&by=gender", "invalid", "by", /must be given once/],
    ] as const
  ) {
    const response = await history.get(query);
    assert.equal(response.status, 400, query);
    const problem = await response.json();
    assert.equal(problem.code, code, query);
    if (path === undefined) continue;
    assert.equal(problem.errors[0].path, path, query);
    assert.match(problem.errors[0].message, message);
    assert.ok(problem.detail.startsWith(path), problem.detail);
  }
});

Deno.test("more rows than are given are refused, up to there they are given", async () => {
  function* cells() {
    for (let window = 0; window <= MAX_HISTORY_ROWS; window++) yield cellOf(at(window * 10));
  }
  await using history = await openHistory(cells());
  const response = await history.get("");
  assert.equal(response.status, 400);
  assert.match((await response.json()).errors[0].message, /more than 10000 rows/);
  assert.equal((await history.rows(`?from=${iso(10)}`)).length, MAX_HISTORY_ROWS);
  assert.equal((await history.rows("?every=20")).length, MAX_HISTORY_ROWS / 2 + 1);
});

Deno.test("before the first snapshot the answer is to try again", async () => {
  await using history = await openHistory();
  const response = await history.get("");
  assert.equal(response.status, 503);
  assert.ok(Number(response.headers.get("Retry-After")) > 0);
  assert.equal((await response.json()).code, "no_snapshot_yet");
  await history.save([]);
  assert.deepEqual(await history.rows(""), []);
});

Deno.test("of many who ask at once some are put off, and none waits for ever", async () => {
  await using history = await openHistory(EARLY);
  const questions = Array.from({ length: 40 }, (_, i) => `?every=${10 * (i + 1)}`);
  const statuses = await Promise.all(questions.map(async (query) => (await history.get(query)).status));
  assert.equal(statuses.filter((status) => status === 200).length, 16);
  assert.equal(statuses.filter((status) => status === 503).length, 24);
});
