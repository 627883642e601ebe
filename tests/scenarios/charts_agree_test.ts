/** Whatever shows a number of the election shows the same at the same version, all the time. @module */
import assert from "node:assert/strict";
import type { Regions } from "../../pipeline/regions.ts";
import type { Results } from "../../pipeline/results.ts";
import { startTeller } from "../services/teller.ts";
import { fetchResults, view } from "./live.ts";

const VOTERS = 3_000;

/** What something says of the votes at the version that it names. */
interface Claim {
  readonly version: number;
  /** As often as it says so. */
  readonly totals: number[];
  /** Those of each candidate, the most first, where it tells. */
  readonly votes?: number[];
}

type Row = Record<string, string>;

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
const sumOf = (rows: readonly Row[], column: string) => sum(rows.map((row) => Number(row[column])));
const byVotes = (version: number, votes: number[]): Claim => ({ version, totals: [sum(votes)], votes });
const ofResults = ({ version, candidates, totals }: Results): Claim => ({
  version,
  totals: [totals.votes, sum(candidates.map(({ total_votes }) => total_votes))],
  votes: candidates.map(({ total_votes }) => total_votes),
});

const ofCandidates = (rows: readonly Row[], version: number) =>
  byVotes(version, rows.map(({ total_votes }) => Number(total_votes)));
const ofGroups = (rows: readonly Row[], version: number) => ({ version, totals: [sumOf(rows, "votes")] });

/** How many votes the file of each chart shows, in as many ways as it does. */
const FILES: Record<string, (rows: Row[], version: number) => Claim> = {
  votes: ofCandidates,
  share: ofCandidates,
  age: ofGroups,
  gender: ofGroups,
  map: (rows, version) => ({
    version,
    totals: [true, false].map((isArea) =>
      sumOf(rows.filter(({ state }) => (state === "") === isArea), "votes")
    ),
  }),
  race: (rows, version) => {
    const last = rows.filter(({ window_end }) => window_end === rows.at(-1)!.window_end);
    return { version, totals: [sumOf(last, "total_votes")] };
  },
};

/** Null while there is nothing in it. */
async function fileClaim(url: string, name: string): Promise<Claim | null> {
  const response = await fetch(`${url}/charts/${name}.csv`);
  const text = await response.text();
  if (response.status === 503) return null;
  const [header, ...lines] = text.trimEnd().split("\r\n").map((line) => line.split(","));
  const rows = lines.map((line) => Object.fromEntries(line.map((cell, i) => [header[i], cell])));
  return rows.length === 0 ? null : FILES[name](rows, Number(rows[0].version));
}

/** The numbers that stand in a page's markup, and what the page goes on from. */
async function pageOf(url: string, cell: RegExp, data: string) {
  const html = await (await fetch(url)).text();
  const [, json] = new RegExp(`id="${data}">(.*?)</script>`).exec(html)!;
  const numbers = [...html.matchAll(cell)].map(([, text]) => Number(text.replaceAll(",", "")));
  return { numbers, data: JSON.parse(json) };
}

const ofRegions = ({ version, candidates, regions }: Regions): Claim => ({
  ...byVotes(
    version,
    candidates.map((_, i) => sum(regions.map(({ votes }) => votes![i]))).sort((a, b) => b - a),
  ),
});

/** Everything that shows how many votes there are, but for the live stream. */
const SOURCES: Record<string, (url: string) => Promise<Claim | null>> = {
  "/api/v1/results": async (url) => ofResults(await fetchResults(url)),
  "/": async (url) => {
    const { numbers, data } = await pageOf(
      `${url}/`,
      /<td class="number votes">([\d,]+)<\/td>/g,
      "live-data",
    );
    return byVotes(data.results.version, numbers);
  },
  "/candidates": async (url) => {
    const cell = /<td class="number" data-label="Votes">([\d,]+)<\/td>/g;
    const { numbers, data } = await pageOf(`${url}/candidates`, cell, "live-data");
    return byVotes(data.results.version, numbers);
  },
  "/regions": async (url) => {
    const cell = /<\/th><td class="number">([\d,]+)<\/td>/g;
    const { numbers, data } = await pageOf(`${url}/regions?size=100`, cell, "page-data");
    return { version: data.regions.version, totals: [sum(numbers)] };
  },
  "/api/v1/regions": async (url) => ofRegions(await (await fetch(`${url}/api/v1/regions`)).json()),
  ...Object.fromEntries(
    Object.keys(FILES).map((name) => [`/charts/${name}.csv`, (url: string) => fileClaim(url, name)]),
  ),
};

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
  const claims = new Map<number, Map<string, Claim>>();
  const note = (source: string, claim: Claim) => {
    const others = claims.get(claim.version) ?? new Map<string, Claim>();
    claims.set(claim.version, others.set(source, claim));
  };

  const viewer = await view(teller.url);
  const last = viewer.next("results", (results) => {
    note("live", ofResults(results));
    return results.totals.votes === VOTERS;
  });
  let over = false;
  last.then(() => over = true);
  const isWhole = () => over && claims.get(Math.max(...claims.keys()))!.size > Object.keys(SOURCES).length;
  while (!isWhole()) {
    for (const [source, ask] of Object.entries(SOURCES)) {
      const claim = await ask(teller.url);
      if (claim !== null) note(source, claim);
    }
  }
  await last;
  await viewer.close();

  const compared = new Map<string, number>();
  for (const [version, bySource] of claims) {
    const [[first, { totals: [total] }]] = bySource;
    const votes = [...bySource.values()].find(({ votes }) => votes !== undefined)?.votes;
    for (const [source, claim] of bySource) {
      for (const n of claim.totals) assert.equal(n, total, `${source} against ${first} at ${version}`);
      if (claim.votes) assert.deepEqual(claim.votes, votes, `${source} at ${version}`);
      if (bySource.size > 1) compared.set(source, (compared.get(source) ?? 0) + 1);
    }
  }
  for (const source of Object.keys(SOURCES)) {
    assert.ok(compared.get(source)! >= 3, `${source} compared at ${compared.get(source)} versions`);
  }
  assert.ok(await assertSqlAgrees(teller.url) > 3);
  assert.equal(await teller.stop(), 0);
});
