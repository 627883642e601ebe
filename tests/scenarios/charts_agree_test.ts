/** Whatever shows a number of the election shows the same at the same version, all the time. @module */
import assert from "node:assert/strict";
import type { Results } from "../../pipeline/results.ts";
import { startTeller } from "../services/teller.ts";
import { fetchResults } from "./live.ts";

const VOTERS = 3_000;

type Row = Record<string, string>;

/** What a chart's file holds, and the version that it says it is of; null while there is nothing in it. */
async function chart(url: string, name: string): Promise<{ version: number; rows: Row[] } | null> {
  const response = await fetch(`${url}/charts/${name}.csv`);
  const text = await response.text();
  if (response.status === 503) return null;
  const [header, ...lines] = text.trimEnd().split("\r\n").map((line) => line.split(","));
  const rows = lines.map((line) => Object.fromEntries(line.map((cell, i) => [header[i], cell])));
  return rows.length === 0 ? null : { version: Number(rows[0].version), rows };
}

const sum = (rows: Row[], column: string) => rows.reduce((total, row) => total + Number(row[column]), 0);

/** How many votes each chart of a snapshot shows, in as many ways as it does. */
const VOTES_SHOWN: Record<string, (rows: Row[]) => number[]> = {
  age: (rows) => [sum(rows, "votes")],
  gender: (rows) => [sum(rows, "votes")],
  map: (rows) => [
    sum(rows.filter(({ state }) => state === ""), "votes"),
    sum(rows.filter(({ state }) => state !== ""), "votes"),
  ],
  race: (
    rows,
  ) => [sum(rows.filter(({ window_end }) => window_end === rows.at(-1)!.window_end), "total_votes")],
};

/** Results as the page was rendered with, and the votes in its bars. */
async function pageOf(url: string): Promise<{ results: Results; bars: number[] }> {
  const html = await (await fetch(`${url}/`)).text();
  const [, json] = /id="live-data">(.*?)<\/script>/.exec(html)!;
  const bars = [...html.matchAll(/<td class="number votes">([\d,]+)<\/td>/g)];
  return {
    results: JSON.parse(json).results,
    bars: bars.map(([, text]) => Number(text.replaceAll(",", ""))),
  };
}

/** The JSON at an address; asked again where the server says that it may go better later. */
async function answered(address: string) {
  for (;;) {
    const response = await fetch(address);
    const seconds = response.headers.get("Retry-After");
    const json = await response.json();
    if (seconds === null) return json;
    await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
  }
}

/** Holds what SQL adds up to the Results of every snapshot that is kept, and gives how many those are. */
async function assertSqlAgrees(url: string): Promise<number> {
  const { snapshots } = await (await fetch(`${url}/api/v1/snapshots?limit=1000`)).json();
  for (const { version } of snapshots) {
    const results: Results = await (await fetch(`${url}/api/v1/results?as_of=${version}`)).json();
    const rowsOf = async (query: string) => {
      const asked = new URLSearchParams({ query, shape: "arrays", as_of: String(version) });
      const answer = await answered(`${url}/api/v1/sql.json?${asked}`);
      assert.equal(answer.meta?.version, results.version, JSON.stringify(answer));
      return answer.rows;
    };
    const { candidates, locations, totals } = results;
    assert.deepEqual(
      await rowsOf("SELECT candidate_id, candidate_name, total_votes, share FROM results"),
      candidates.map((one) => [one.candidate_id, one.candidate_name, one.total_votes, one.share]),
    );
    assert.deepEqual(
      await rowsOf("SELECT state, count, voters, turnout FROM turnout_by_location"),
      locations.map(({ state, count, voters, turnout }) => [state, count, voters, turnout]),
    );
    assert.deepEqual(
      await rowsOf(
        "SELECT (SELECT coalesce(sum(votes), 0) FROM votes_by_window), (SELECT sum(voters) FROM voters_by_group)",
      ),
      [[totals.votes, totals.voters]],
    );
  }
  return snapshots.length;
}

Deno.test("over a whole demo election, pages, downloads, SQL and results agree at the version that each shows", async () => {
  const env = { TELLER_SINKS: "off", TELLER_SNAPSHOT_SECONDS: "1" };
  const command = ["dev", "--voters", String(VOTERS), "--rate", "250"];
  await using teller = await startTeller({ command, env });
  const seen = new Map<number, Results>();
  const charts = new Map<number, Map<string, number[]>>();
  const see = async () => {
    const results = await fetchResults(teller.url);
    seen.set(results.version, results);
    return results;
  };
  let compared = 0, done = false;
  while (!done) {
    const before = await see();
    const page = await pageOf(teller.url);
    const file = await chart(teller.url, "votes");
    const after = await see();
    seen.set(page.results.version, page.results);
    assert.deepEqual(page.bars, page.results.candidates.map(({ total_votes }) => total_votes));
    const results = file && seen.get(file.version);
    if (results) {
      compared++;
      const votes = results.candidates.map((
        { candidate_id, total_votes },
      ) => [candidate_id, String(total_votes)]);
      assert.deepEqual(file.rows.map((row) => [row.candidate_id, row.total_votes]), votes);
    } else assert.ok(file === null || before.version < file.version && file.version < after.version);
    for (const [name, votesShown] of Object.entries(VOTES_SHOWN)) {
      const found = await chart(teller.url, name);
      if (found === null) continue;
      const others = charts.get(found.version) ?? new Map();
      charts.set(found.version, others.set(name, votesShown(found.rows)));
    }
    const newest = charts.get(after.version);
    done = after.totals.votes === VOTERS && newest?.size === Object.keys(VOTES_SHOWN).length;
  }
  assert.ok(compared > 3, `${compared} compared`);
  assert.ok(charts.size > 3, `${charts.size} snapshots seen`);
  for (const [version, byName] of charts) {
    const votes = seen.get(version)?.totals.votes ?? byName.values().next().value![0];
    for (const [name, shown] of byName) {
      for (const n of shown) assert.equal(n, votes, `${name} at ${version}`);
    }
  }
  assert.ok(await assertSqlAgrees(teller.url) > 3);
  assert.equal(await teller.stop(), 0);
});
