/** Charts as files, and the numbers that pages draw from, out of real snapshots. @module */
import assert from "node:assert/strict";
import { DOMParser } from "linkedom";
import { createHistory, type History } from "../../analytics/history.ts";
import type { ChartData } from "../../islands/chart_data.ts";
import type { CellChange, VoterGroup } from "../../pipeline/snapshot.ts";
import type { Results } from "../../pipeline/results.ts";
import { CHART_NAMES } from "../../routes/charts.tsx";
import { captureOf, cellOf, Folder, sharedDuckDb, START } from "../analytics/captures.ts";
import { CANDIDATES, openSample, resultsOf } from "./sample.ts";

const at = (windows: number) => START + windows * 10_000;

const CELLS = [
  cellOf(at(0), { votes: 3 }),
  cellOf(at(1), { votes: 5, candidateId: "b2", gender: "male", ageBand: "70+" }),
  cellOf(at(2), { votes: 4, state: "Glasgow City" }),
  cellOf(at(2), { votes: 1, candidateId: "c3", state: "Atlantis" }),
];
const GROUPS: VoterGroup[] = [
  { state: "Kent", ageBand: "30–39", gender: "female", voters: 10 },
  { state: "Kent", ageBand: "70+", gender: "male", voters: 6 },
  { state: "Glasgow City", ageBand: "30–39", gender: "female", voters: 8 },
  { state: "Atlantis", ageBand: "30–39", gender: "female", voters: 2 },
];

/** An app with a snapshot of those cells, and Results of the same moment. */
async function openCharts(
  cells: CellChange[] = CELLS,
  rest: Partial<Results> = {},
  through: (history: History) => History = (history) => history,
) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(new Folder());
  const snapshots = stack.use(await folder.open());
  const votes = CANDIDATES.map(({ candidate_id }) =>
    cells.filter((cell) => cell.candidateId === candidate_id).reduce((sum, cell) => sum + cell.votes, 0)
  );
  let saved = 0;
  const save = (cells: CellChange[]) =>
    snapshots.save(captureOf(++saved, at(3) + saved, { cells, groups: GROUPS }));
  if (cells.length > 0) await save(cells);
  const results = resultsOf(votes, { version: 11, ...rest });
  const history = through(createHistory(await sharedDuckDb(), snapshots));
  const sample = stack.use(await openSample(results, {}, { history }));
  return {
    save,
    results,
    failures: sample.failures,
    get: (path: string, headers = {}) => sample.app.request(path, { headers }),
    text: async (path: string) => await (await sample.app.request(path)).text(),
    /** A CSV as objects by column. */
    async csv(path: string): Promise<Record<string, string>[]> {
      const [header, ...rows] = (await (await sample.app.request(path)).text()).trimEnd().split("\r\n");
      const names = header.split(",");
      return rows.map((row) => Object.fromEntries(row.split(",").map((cell, i) => [names[i], cell])));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const sum = (rows: Record<string, string>[], column: string) =>
  rows.reduce((total, row) => total + Number(row[column]), 0);

Deno.test("all downloads agree with the results of their version", async () => {
  await using charts = await openCharts();
  const { totals, candidates, version } = charts.results;
  const byId = Object.fromEntries(
    candidates.map(({ candidate_id, total_votes }) => [candidate_id, String(total_votes)]),
  );
  for (const name of ["votes", "share"]) {
    const rows = await charts.csv(`/charts/${name}.csv`);
    assert.deepEqual(Object.fromEntries(rows.map((row) => [row.candidate_id, row.total_votes])), byId);
  }
  const race = await charts.csv("/charts/race.csv");
  assert.deepEqual(
    Object.fromEntries(race.slice(-3).map((row) => [row.candidate_id, row.total_votes])),
    byId,
  );
  assert.equal(sum(race, "votes"), totals.votes);
  assert.equal(sum(await charts.csv("/charts/age.csv"), "votes"), totals.votes);
  assert.equal(sum(await charts.csv("/charts/gender.csv"), "votes"), totals.votes);
  const map = await charts.csv("/charts/map.csv");
  for (const rows of [map.filter(({ state }) => state === ""), map.filter(({ state }) => state !== "")]) {
    assert.equal(sum(rows, "votes"), totals.votes);
    assert.equal(sum(rows, "voters"), 26);
  }
  for (const name of CHART_NAMES) {
    for (const row of await charts.csv(`/charts/${name}.csv`)) {
      assert.equal(row.version, String(version), name);
    }
  }
});

Deno.test("the numbers of the pages' charts are those of the snapshot, the lead's changes among them", async () => {
  await using charts = await openCharts();
  const response = await charts.get("/charts/data.json");
  assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*");
  const data: ChartData = await response.json();
  assert.deepEqual([data.version, data.as_of], [11, new Date(at(3) + 1).toISOString()]);
  assert.deepEqual(data.candidates.map(({ candidate_id }) => candidate_id), ["a1", "b2", "c3"]);
  assert.deepEqual(data.race!.series.map(({ votes }) => votes), [[3, 0, 4], [0, 5, 0], [0, 0, 1]]);
  assert.deepEqual(
    data.lead_changes.map(({ at: when, ...rest }) => [(Date.parse(when) - START) / 10_000, rest]),
    [
      [1, { candidate_id: "a1", margin: 3 }],
      [2, { candidate_id: "b2", margin: 2 }],
      [3, { candidate_id: "a1", margin: 2 }],
    ],
  );
  assert.deepEqual(data.groups.gender, [
    { key: "female", voters: 20, votes: [7, 0, 1] },
    { key: "male", voters: 6, votes: [0, 5, 0] },
  ]);
});

Deno.test("whoever holds a chart gets 304, until there is a newer snapshot", async () => {
  await using charts = await openCharts();
  for (const path of ["/charts/data.json", "/charts/race.svg?mode=share", "/charts/map.csv"]) {
    const held = { "If-None-Match": (await charts.get(path)).headers.get("ETag")! };
    assert.equal((await charts.get(path, held)).status, 304, path);
    await charts.save([cellOf(at(4))]);
    assert.equal((await charts.get(path, held)).status, 200, path);
  }
});

Deno.test("every picture stands alone: well-formed, titled, labelled simulated, without styles or variables", async () => {
  const nasty = `</svg><script>"&'\u202e=1+1\u0007\ud800`;
  const candidates = resultsOf([7, 5, 1]).candidates.map((c) => ({ ...c, candidate_name: nasty }));
  await using charts = await openCharts(CELLS, { candidates });
  const modes = ["", "?mode=votes", "?mode=share", "?mode=window"];
  for (
    const path of CHART_NAMES.flatMap((name) =>
      name === "race" ? modes.map((m) => `race.svg${m}`) : `${name}.svg`
    )
  ) {
    const response = await charts.get(`/charts/${path}`);
    assert.equal(response.headers.get("Content-Type"), "image/svg+xml");
    const svg = await response.text();
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/, path);
    assert.match(svg, /Simulated election/);
    assert.doesNotMatch(svg, /<script|<style|style=|var\(--|currentColor|\p{Cc}|\u202e/u, path);
    assertWellFormed(svg);
    const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement!;
    assert.equal(root.getAttribute("role"), "img");
    assert.ok(root.getAttribute("aria-label"));
  }
});

/** Every tag is closed in order, and every & and < is part of markup. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replaceAll(
    /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/gi,
    (_, end, name, _attributes, empty) => {
      if (end) assert.equal(open.pop(), name, xml);
      else if (!empty) open.push(name);
      return "";
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /</);
  assert.doesNotMatch(xml, /&(?!(amp|lt|gt|quot|#\d+|#x[\da-f]+);)/i);
}

Deno.test("a name that a spreadsheet would compute is no formula in a download", async () => {
  const candidates = resultsOf([7, 5, 1]).candidates.map((c) => ({ ...c, candidate_name: "=HYPERLINK(1)" }));
  await using charts = await openCharts(CELLS, { candidates });
  for (const name of ["votes", "race", "map"]) {
    assert.doesNotMatch(await charts.text(`/charts/${name}.csv`), /(^|,)"?=/m);
  }
});

Deno.test("before the first snapshot there is nothing to draw, and before the first vote empty pictures", async () => {
  await using charts = await openCharts([]);
  assert.equal((await charts.get("/charts/data.json")).status, 204);
  assert.equal((await (await charts.get("/charts/map.svg")).json()).code, "no_snapshot_yet");
  assert.equal((await charts.get("/charts/votes.svg")).status, 200);
  assert.match(await charts.text("/"), /The charts appear with the first snapshot/);
  await charts.save([]);
  for (const name of CHART_NAMES) assert.equal((await charts.get(`/charts/${name}.svg`)).status, 200, name);
  assert.equal((await charts.get("/race")).status, 200);
});

Deno.test("a candidate's line stands out on her page and in its file, and her table is her part of the race", async () => {
  await using charts = await openCharts();
  const page = await (await charts.get("/candidates/b2")).text();
  const files = await Promise.all(
    ["?mode=share&candidate=b2", "?candidate=b2", "?candidate=b2&mode=window"].map(
      async (query) => await (await charts.get(`/charts/race.svg${query}`)).text(),
    ),
  );
  for (const text of [page, ...files]) {
    assert.match(
      text,
      /aria-label="The race: share of votes\. Oliver Chapman has [\d.]+% of the votes, place \d of 3/,
    );
    assert.match(text, />Chapman [\d.]+%</);
    assert.doesNotMatch(text, />(Hartley|Raman) [\d.]+%</);
  }
  const rows = page.slice(page.indexOf('id="race"')).matchAll(/<td class="number">([\d,]+)<\/td>/g);
  const csv = (await (await charts.get("/charts/race.csv")).text()).trimEnd().split("\r\n")
    .map((line) => line.split(",")).filter((cells) => cells.includes("b2"));
  assert.ok(csv.length > 0);
  assert.deepEqual(
    [...rows].slice(0, 2 * csv.length).map(([, n]) => Number(n.replaceAll(",", ""))),
    csv.flatMap((cells) => [Number(cells[6]), Number(cells[7])]),
  );
});

Deno.test("what is no chart is not found, and what is no parameter refused", async () => {
  await using charts = await openCharts();
  for (const file of ["nothing.svg", "race.png", "constructor.svg", "race"]) {
    assert.equal((await charts.get(`/charts/${file}`)).status, 404, file);
  }
  assert.equal((await charts.get("/charts/race.svg?mode=share&candidate=nobody")).status, 404);
  assert.equal((await charts.get("/charts/race.svg?modus=share")).status, 400);
  assert.equal((await charts.get("/charts/map.svg?candidate=a1")).status, 400);
  assert.equal((await charts.get("/charts/map.svg?mode=share")).status, 400);
});

Deno.test("where the past can't be looked up, pages stay with the charts they had, and try again", async () => {
  const fault = new Error("the disk is gone");
  let answer: "fails" | "busy" | "real" = "real";
  await using charts = await openCharts(CELLS, {}, (history) => ({
    ...history,
    standings(generation) {
      if (answer === "fails") return Promise.reject(fault);
      return answer === "busy" ? Promise.resolve("busy") : history.standings(generation);
    },
  }));
  const version = async () => (await (await charts.get("/charts/data.json")).json()).version;
  assert.equal(await version(), 11);
  await charts.save([cellOf(at(4))]);
  for (answer of ["fails", "busy"] as const) {
    assert.equal(await version(), 11);
    assert.equal((await charts.get("/")).status, 200);
    const past = await charts.get("/charts/data.json?as_of=12");
    assert.deepEqual([past.status, past.headers.get("Retry-After")], [503, "5"]);
  }
  assert.deepEqual(charts.failures, [fault, fault, fault]);
  answer = "real";
  assert.equal(await version(), 12);
});

Deno.test("a snapshot with votes is shown though no candidate has been read from the log yet", async () => {
  await using charts = await openCharts(CELLS, { candidates: [], leader: null });
  for (const path of ["/", "/race", "/charts/race.svg", "/charts/race.csv"]) {
    assert.equal((await charts.get(path)).status, 200, path);
  }
  assert.equal((await (await charts.get("/charts/data.json")).json()).race, null);
});

Deno.test("a race without a leader, or with one vote, is drawn", async () => {
  for (const tied of [[cellOf(at(0)), cellOf(at(0), { candidateId: "b2" })], [cellOf(at(0))]]) {
    await using charts = await openCharts(tied);
    for (const mode of ["lead", "votes", "share", "window"]) {
      assert.equal((await charts.get(`/charts/race.svg?mode=${mode}`)).status, 200, mode);
      assert.equal((await charts.get(`/race?race=${mode}`)).status, 200, mode);
    }
    assert.equal((await charts.get("/")).status, 200);
  }
});
