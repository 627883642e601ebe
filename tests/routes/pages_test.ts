/** The pages as the server renders them, of an election that is really counted. @module */
import assert from "node:assert/strict";
import { regionsOfResults } from "../../pipeline/regions.ts";
import { openPolls, type Polls, voterOf } from "./polls.ts";
import { openSample, resultsOf, until } from "./sample.ts";

const BROWSER = { Accept: "text/html" };

/** Names that mean something in an address, in markup, or nothing at all. */
const STATES = ["Kent", "a/b", "50% <b>", "?q=1&x", "Ynys Môn", "#", "%2F", "日本", "."];

/** An election with votes in all of STATES: c0 gets two in each, c1 one. */
async function election(): Promise<Polls> {
  const polls = await openPolls();
  await polls.accredit(0);
  const voters = STATES.flatMap((state, i) =>
    [0, 1, 2, 3].map((n) => ({ ...voterOf(`v${i}-${n}`), address: { state } }))
  );
  await polls.send("/api/v1/voters", voters);
  const votes = STATES.flatMap((_, i) =>
    ["c0", "c0", "c1"].map((candidate_id, n) => ({ voter_id: `v${i}-${n}`, candidate_id }))
  );
  await polls.send("/api/v1/votes", votes);
  await until(() => polls.stream.updates.latest().totals.votes === votes.length);
  return polls;
}

async function text(polls: Polls, path: string, status = 200): Promise<string> {
  const response = await polls.app.request(path, { headers: BROWSER });
  assert.equal(response.status, status, path);
  return await response.text();
}

Deno.test("whoever holds the regions asks again in vain until something of them is another, be it at one version", async () => {
  let regions = regionsOfResults(resultsOf([3, 2, 1]));
  await using sample = await openSample(undefined, {}, { regions: () => regions });
  const ask = (held = "") => sample.app.request("/api/v1/regions", { headers: { "If-None-Match": held } });
  const held = (await ask()).headers.get("ETag")!;
  regions = { ...regions, as_of: new Date(0).toISOString() };
  assert.equal((await ask(held)).status, 304);
  regions = { ...regions, regions: regions.regions.map((region) => ({ ...region, votes: [3, 2, 1] })) };
  assert.equal((await ask(held)).status, 200);
});

Deno.test("the regions' votes add up to the results of the same version", async () => {
  await using polls = await election();
  const regions = await (await polls.app.request("/api/v1/regions")).json();
  const { version, totals, locations, candidates } = polls.stream.resultsNow();
  assert.equal(regions.version, version);
  assert.deepEqual(
    regions.regions.map(({ votes: _, ...location }: { votes: number[] }) => location),
    locations,
  );
  const sums = regions.candidates.map(({ candidate_id }: { candidate_id: string }, i: number) => [
    candidate_id,
    regions.regions.reduce((sum: number, { votes }: { votes: number[] }) => sum + votes[i], 0),
  ]);
  assert.deepEqual(sums, [["c0", 2 * STATES.length], ["c1", STATES.length]]);
  assert.deepEqual(
    Object.fromEntries(sums),
    Object.fromEntries(candidates.map((one) => [one.candidate_id, one.total_votes])),
  );
  assert.equal(totals.votes, 3 * STATES.length);
});

Deno.test("every region has a page under its percent-encoded name, and an unknown one has none", async () => {
  await using polls = await election();
  const list = await text(polls, "/regions");
  for (const state of STATES.filter((state) => state !== ".")) {
    const path = `/regions/${encodeURIComponent(state)}`;
    assert.ok(list.includes(`href="${path}"`), path);
    const page = await text(polls, path);
    assert.match(page, /leads here by 1 vote; turnout is 75\.0%/, path);
  }
  assert.match(await text(polls, "/regions/Nowhere", 404), /No voter is registered in a region of this name/);
  await text(polls, "/regions/%E0%A4%A", 404);
});

Deno.test("the table of regions is sorted, filtered and paged by its address alone", async () => {
  await using polls = await election();
  const page = await text(polls, "/regions?sort=state&order=desc&size=10&q=n");
  const order = [...page.matchAll(/<th scope="row"><a href="[^"]*"><bdi>([^<]*)<\/bdi>/g)].map(([, name]) =>
    name
  );
  assert.deepEqual(order, ["Ynys Môn", "Kent"]);
  assert.match(page, /aria-sort="descending"/);
  assert.match(page, /Regions 1 to 2 of 2 found, 9 in all/);
  assert.match(await text(polls, "/regions?page=999"), /Regions 1 to 9 of 9/);
  assert.match(await text(polls, "/regions?q=%3Cscript%3E"), /No region&#39;s name|No region's name/);
});

Deno.test("a candidate has a page under her id, with what is on record and where she is strongest", async () => {
  await using polls = await openPolls();
  const id = "c/1 ?#%";
  await polls.send("/api/v1/candidates", {
    candidate_id: id,
    candidate_name: "Ada Example",
    party_affiliation: "Party <i>",
    biography: "Built <b>bridges</b>.",
    campaign_platform: "More bridges.",
  });
  await polls.send("/api/v1/voters", voterOf("v1"));
  await polls.send("/api/v1/votes", [{ voter_id: "v1", candidate_id: id }]);
  await until(() => polls.stream.updates.latest().totals.votes === 1);
  const path = `/candidates/${encodeURIComponent(id)}`;
  assert.ok((await text(polls, "/candidates")).includes(`href="${path}"`));
  const page = await text(polls, path);
  for (
    const expected of ["Built &lt;b>bridges", "More bridges.", "Party &lt;i>", "In place 1 of 1", "Kent"]
  ) {
    assert.ok(page.includes(expected), expected);
  }
  assert.match(await text(polls, "/candidates/nobody", 404), /Nobody who stands for election has this id/);
});

Deno.test("the quality page says in words what each check found, and why records were rejected", async () => {
  await using polls = await election();
  const bytes = new TextEncoder().encode("{");
  await polls.log.append("votes_topic", [{ key: bytes, value: bytes }]);
  await until(() => polls.stream.updates.latest().totals.rejected === 1);
  const found = async () => (await (await polls.app.request("/api/v1/quality")).json()).status === "findings";
  while (!await found());
  const page = await text(polls, "/quality");
  for (
    const words of [
      "Some checks need a look",
      "Not readable as JSON",
      "Needs a look",
      "votes_topic, partition",
    ]
  ) {
    assert.ok(page.includes(words), words);
  }
});

Deno.test("every page says how the count is doing, and leads to the others", async () => {
  await using polls = await election();
  for (
    const path of [
      "/",
      "/race",
      "/regions",
      "/regions/Kent",
      "/candidates",
      "/candidates/c0",
      "/quality",
      "/sql",
      "/docs",
    ]
  ) {
    const page = await text(polls, path);
    for (const name of ["Latency", "Lag", "Late", "Duplicates", "Rejected"]) {
      assert.ok(page.includes(`<dt>${name}</dt>`), `${path}: ${name}`);
    }
    for (const to of ["/", "/race", "/regions", "/candidates", "/quality"]) {
      assert.ok(page.includes(`<a href="${to}"`), `${path} to ${to}`);
    }
    assert.match(page, /Simulated/, path);
    assert.doesNotMatch(page, /<script(?! type="(module|application\/json)")|<style|\son\w+=|\sstyle=/, path);
  }
});

Deno.test("every page's preview is its own title, and the sentence that says it all", async () => {
  const hostile = { candidate_name: "\u202e<b>", party_affiliation: "שלום" };
  const results = resultsOf([100, 80, 60]);
  const candidates = results.candidates.map((one, i) => i === 0 ? { ...one, ...hostile } : one);
  using sample = await openSample({ ...results, candidates });
  const said = "Simulated: &lt;b> (\u2068שלום\u2069) leads by 20 votes; turnout is 2.4%.";
  const titles = {
    "/": "Sample election",
    "/race": "The race · Sample election",
    "/regions": "Location of voters · Sample election",
    "/regions/Kent": "Kent · Sample election",
    "/candidates": "Candidates · Sample election",
    "/candidates/a1": "&lt;b> · Sample election",
    "/quality": "Data quality · Sample election",
    "/sql": "SQL",
    "/docs": "The API",
    "/nothing": "Not Found (404)",
  };
  for (const [path, title] of Object.entries(titles)) {
    const response = await sample.app.request(path, { headers: BROWSER });
    const page = await response.text();
    const of = (name: string) =>
      new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`).exec(page)?.[1];
    assert.equal(of("og:title"), title, path);
    assert.equal(of("og:description"), said, path);
    assert.equal(of("description"), said, path);
    assert.match(page, /<dt>Latency<\/dt>/, path);
    assert.doesNotMatch(page.replace(/<script.*?<\/script>/gs, ""), /\u202e/, path);
  }
});

Deno.test("a page goes on at the pace of its address, also without JavaScript", async () => {
  using sample = await openSample(resultsOf([100, 80, 60]));
  const page = await (await sample.app.request("/regions?every=15&sort=count")).text();
  assert.match(page, /<noscript><meta http-equiv="refresh" content="15"\/><\/noscript>/);
  assert.match(page, /<a href="\/candidates\?every=15"/);
  assert.match(page, /<input type="hidden" name="sort" value="count"\/>/);
  const live = await (await sample.app.request("/regions")).text();
  assert.doesNotMatch(live, /http-equiv="refresh"/);
});

Deno.test("while the log is being opened, the pages say that they show a snapshot", async () => {
  const opening = { log: "opening", lag: null, latency_ms: null, rejected: {} } as const;
  using sample = await openSample(resultsOf([100, 80, 60], { catching_up: true }), {}, {
    vitals: () => opening,
  });
  for (const path of ["/", "/regions", "/regions/Kent", "/candidates", "/candidates/a1", "/quality"]) {
    const page = await (await sample.app.request(path)).text();
    assert.match(page, /These figures are from its last snapshot/, path);
  }
  assert.match(await (await sample.app.request("/regions")).text(), /known once the log is open/);
});
