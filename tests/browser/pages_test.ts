/** The pages beside the overview as people see them, in a real browser. @module */
/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { QualityReport } from "../../pipeline/quality_loop.ts";
import type { Regions } from "../../pipeline/regions.ts";
import { OPENING, type Vitals } from "../../pipeline/vitals.ts";
import type { AppDeps } from "../../routes/app.ts";
import { CANDIDATES, resultsOf, VITALS } from "../routes/sample.ts";
import { browserTest, serveSample } from "./browser.ts";
import { HOSTILE, HOSTILE_CANDIDATES } from "./hostile.ts";
import { requireAccessible, requireGoodLooks, requireNoOverflow } from "./looks.ts";

const AHEAD = resultsOf([1_200, 1_100, 900]);
const LATER = resultsOf([1_250, 1_301, 950]);
const PATHS = ["regions", "regions/Region%2003", "candidates", "candidates/a1", "quality"];

const BIOGRAPHIES = CANDIDATES.map((candidate) => ({
  ...candidate,
  biography: `${candidate.candidate_name} ran a library.`,
  campaign_platform: "Longer opening hours.",
}));

/** 37 regions with other votes each, at the version of some results. */
function regionsAt({ version, as_of }: typeof AHEAD, extra = 0): Regions {
  const regions = Array.from({ length: 37 }, (_, i) => {
    const votes = [(i * 7) % 11 + extra, (i * 5) % 13, i % 3];
    const count = votes.reduce((sum, n) => sum + n, 0);
    const state = `Region ${String(i + 1).padStart(2, "0")}`;
    return { state, count, voters: 40 + i, turnout: 0, votes };
  });
  return { election: { id: "e1" }, version, as_of, candidates: CANDIDATES, regions };
}

const FINDINGS: QualityReport = {
  status: "findings",
  version: AHEAD.version,
  asOf: Date.parse(AHEAD.as_of),
  checks: [
    { id: "cube", compares: "Votes, against voters", value: 3, expected: 3, status: "ok", offenders: [] },
    {
      id: "rejected_votes",
      compares: "Records, against none",
      value: 2,
      expected: 0,
      status: "finding",
      offenders: [{ topic: "votes_topic", partition: 1, offset: 7 }, { table: "votes" }],
    },
    { id: "postgres_votes", compares: "Rows", value: null, expected: null, status: "unknown", offenders: [] },
  ],
};

const REJECTING: Vitals = {
  ...VITALS,
  rejected: { votes_topic: { bad_json: 2 }, voters_topic: { tombstone: 1 } },
};

const deps: Partial<AppDeps> = {
  regions: () => regionsAt(AHEAD),
  candidates: () => BIOGRAPHIES,
  quality: () => FINDINGS,
  vitals: () => REJECTING,
};

const firstCells = (page: Page) => page.locator("table tbody th").allInnerTexts();

browserTest("no page is inaccessible or too wide, at any width, light and dark", async ({ open }) => {
  await using sample = await serveSample(AHEAD, deps);
  const page = await open(`${sample.url}regions`);
  for (const path of [...PATHS, "regions?q=nothing&every=20&paused=1", "nothing"]) {
    await page.goto(sample.url + path);
    await requireGoodLooks(page, path);
  }
});

browserTest(
  "every page fits from 320 px, as of 400% zoom, to 4K, in forced colours, and on paper",
  async ({ open }) => {
    await using sample = await serveSample(AHEAD, deps);
    const page = await open(`${sample.url}regions`);
    for (const path of ["", ...PATHS]) {
      await page.goto(sample.url + path);
      for (const width of [320, 3_840]) {
        await page.setViewportSize({ width, height: 900 });
        await requireNoOverflow(page, `${path} at ${width}`);
      }
      await page.emulateMedia({ forcedColors: "active" });
      await requireAccessible(page, `${path} in forced colours`);
      await page.emulateMedia({ forcedColors: "none", media: "print" });
      assert.equal(await page.getByRole("navigation", { name: "Pages", exact: true }).isVisible(), false);
      assert.equal(await page.getByRole("button", { name: "Pause" }).isVisible(), false);
      assert.equal(await page.locator("h1").isVisible(), true);
      await page.emulateMedia({ media: "screen" });
    }
  },
);

for (const javaScriptEnabled of [true, false]) {
  browserTest(
    `all pages are reached and used ${javaScriptEnabled ? "with" : "without"} JavaScript`,
    async ({ open }) => {
      await using sample = await serveSample(AHEAD, deps);
      const page = await open(sample.url, { javaScriptEnabled });
      const pages = page.getByRole("navigation", { name: "Pages", exact: true });
      const main = page.getByRole("main");

      await pages.getByRole("link", { name: "Regions" }).click();
      await page.waitForURL("**/regions");
      assert.equal((await firstCells(page)).length, 25);
      await main.getByRole("link", { name: "Votes", exact: true }).click();
      await page.waitForURL("**/regions?sort=count&order=desc");
      const counts = await page.locator("tbody td:nth-child(2)").allInnerTexts();
      assert.deepEqual(counts.map(Number), counts.map(Number).toSorted((a, b) => b - a));
      await main.getByRole("link", { name: "Region", exact: true }).click();
      await page.waitForURL("**/regions");
      await main.getByRole("link", { name: "10", exact: true }).click();
      await main.getByRole("link", { name: "Last" }).click();
      await page.waitForURL("**/regions?size=10&page=4");
      assert.deepEqual(await firstCells(page), [31, 32, 33, 34, 35, 36, 37].map((n) => `Region ${n}`));
      await main.getByRole("searchbox", { name: "Find a region" }).fill("region 0");
      await main.getByRole("button", { name: "Filter" }).click();
      await page.waitForURL("**/regions?*q=region*");
      await page.getByText("Regions 1 to 9 of 9 found, 37 in all").waitFor();

      await main.getByRole("link", { name: "Region 03" }).click();
      await page.waitForURL("**/regions/Region%2003");
      assert.match(await main.innerText(), /Amelia Hartley\s+Management Party/);
      await pages.getByRole("link", { name: "Candidates" }).click();
      assert.match(await main.innerText(), /Amelia Hartley ran a library/);
      await main.getByRole("link", { name: "Oliver Chapman" }).click();
      await page.waitForURL("**/candidates/b2");
      assert.match(await main.innerText(), /In place 2 of 3, with 1,100 votes/);
      assert.match(await main.innerText(), /Strongest regions/);
      await pages.getByRole("link", { name: "Data quality" }).click();
      await page.waitForURL("**/quality");
      assert.match(await main.innerText(), /Needs a look[^]*Not readable as JSON/);
      assert.match(
        await page.getByRole("contentinfo").innerText(),
        /Latency\s+12\.5 ms\s+Lag\s+0\s+Late\s+0/,
      );
    },
  );
}

browserTest("the table of regions changes in place, and follows the count", async ({ open }) => {
  let regions = regionsAt(AHEAD);
  await using sample = await serveSample(AHEAD, { ...deps, regions: () => regions });
  const page = await open(`${sample.url}regions?size=10`);
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
  await page.getByRole("searchbox", { name: "Find a region" }).pressSequentially("region 37");
  assert.deepEqual(await firstCells(page), ["Region 37"]);
  assert.equal(new URL(page.url()).search, "?size=10&q=region+37");
  const votes = page.locator("tbody td").first();
  const before = Number(await votes.innerText());
  regions = regionsAt(LATER, 5);
  sample.publish(LATER);
  await votes.getByText(String(before + 5), { exact: true }).waitFor();
  await page.getByText("version 13,504").first().waitFor();
  // A server that counts its log again knows less than the page shows.
  regions = regionsAt(AHEAD);
  const asked = page.waitForResponse("**/api/v1/regions");
  sample.publish(resultsOf([1_251, 1_301, 950]));
  assert.equal((await (await asked).json()).version, AHEAD.version);
  await page.waitForResponse("**/api/v1/regions"); // by now the answer before it has been dealt with
  assert.equal(await votes.innerText(), String(before + 5));
  assert.equal(await page.evaluate(() => "sameDocument" in globalThis), true);
});

browserTest("the focus stays where it was when a step or a link goes away", async ({ open }) => {
  await using sample = await serveSample(AHEAD, deps);
  const page = await open(`${sample.url}regions?size=10&page=3&every=20`);
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await page.getByRole("link", { name: "Next" }).press("Enter");
  await page.getByText("Page 4 of 4").waitFor();
  assert.equal(await focused(), "Next");
  assert.equal(new URL(page.url()).searchParams.get("every"), "20");
  const field = page.getByRole("searchbox", { name: "Find a region" });
  await field.fill("no such region");
  await page.getByRole("link", { name: "Show all" }).press("Enter");
  await page.getByText("Regions 1 to 10 of 37").waitFor();
  assert.equal(await field.evaluate((element) => element === document.activeElement), true);
});

browserTest("what was not known while the log was being opened is shown once it is", async ({ open }) => {
  let isOpen = false;
  const full = regionsAt(AHEAD);
  const sums = { ...full, regions: full.regions.map((region) => ({ ...region, votes: null })) };
  await using sample = await serveSample(AHEAD, {
    vitals: () => isOpen ? VITALS : OPENING,
    regions: () => isOpen ? full : sums,
    candidates: () => isOpen ? BIOGRAPHIES : [],
  });
  const regions = await open(`${sample.url}regions`);
  const region = await open(`${sample.url}regions/Region%2003`);
  const candidate = await open(`${sample.url}candidates/a1`);
  const candidates = await open(`${sample.url}candidates`);
  await regions.getByText("known once the log is open").first().waitFor();
  await region.getByText("How the votes split here is known once the log is open.").waitFor();
  await candidate.getByText("On record once the log is open.").first().waitFor();
  await candidate.getByText("Known once the log is open.").waitFor();
  isOpen = true;
  await regions.getByText(/\d ahead/).first().waitFor();
  await region.getByText("Votes per candidate in this region").waitFor();
  await candidate.getByText("Amelia Hartley ran a library.").waitFor();
  await candidate.getByText("By share of the votes counted there.").waitFor();
  await candidates.getByText("Oliver Chapman ran a library.").waitFor();
});

browserTest(
  "the slider holds changes back, Refresh shows them, and the address says so to others",
  async ({ open }) => {
    await using sample = await serveSample(AHEAD, deps);
    const page = await open(`${sample.url}candidates`);
    const votes = page.locator("tbody td.number:not(.place)").first();
    await page.getByRole("slider", { name: "May change" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("End");
    assert.equal(new URL(page.url()).search, "?every=60");
    await page.getByText("Votes show every 60 seconds.").waitFor();
    sample.publish(LATER);
    const other = await open(`${sample.url}candidates`);
    assert.equal(await other.locator("tbody td.number:not(.place)").first().innerText(), "1,301");
    assert.equal(await votes.innerText(), "1,200");
    await page.getByRole("button", { name: "Refresh" }).click();
    assert.equal(await votes.innerText(), "1,301");

    await page.getByRole("button", { name: "Pause" }).click();
    assert.equal(new URL(page.url()).search, "?every=60&paused=1");
    const same = await open(page.url().replace("&paused=1", ""));
    assert.equal(await same.getByRole("slider").inputValue(), "60");
    await page.reload();
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await page.getByText("Paused.").waitFor();
    const regions = page.getByRole("navigation", { name: "Pages", exact: true }).getByRole("link", {
      name: "Regions",
    });
    assert.equal(await regions.getAttribute("href"), "/regions?every=60&paused=1");
  },
);

browserTest(
  "everything on a page is reached by the keyboard, in the order in which it is read",
  async ({ open }) => {
    await using sample = await serveSample(AHEAD, deps);
    const page = await open(`${sample.url}regions?size=10`);
    const reached: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      reached.push(
        await page.evaluate(() => {
          const { activeElement: at } = document;
          return at?.textContent || at?.getAttribute("name") || "";
        }),
      );
    }
    const expected = [
      "Skip to the results",
      "Overview",
      "The race",
      "Regions",
      "Candidates",
      "Data quality",
      "SQL",
    ];
    assert.deepEqual(reached.slice(0, 7), expected);
    assert.deepEqual(reached.slice(7, 10), ["every", "Refresh", "Pause"]);
    for (const name of ["q", "Filter", "50", "Turnout", "Leader", "Region 10", "Next", "Last"]) {
      assert.ok(reached.includes(name), name);
    }
  },
);

browserTest("ten tabs at once are all live, on one stream", async ({ context }) => {
  await using sample = await serveSample(AHEAD, deps);
  const tabs = await context();
  const pages: Page[] = [];
  for (let i = 0; i < 10; i++) {
    const page = await tabs.newPage();
    await page.goto(sample.url + ["", "candidates"][i % 2]);
    await page.getByRole("button", { name: "Pause" }).waitFor();
    pages.push(page);
  }
  sample.publish(LATER);
  for (const page of pages) await page.getByText("1,301").first().waitFor();
  assert.equal(sample.clients(), 1);
});

browserTest("200 hostile names, parties and biographies are text, and break nothing", async ({ context }) => {
  const candidates = HOSTILE_CANDIDATES.map((one, i) => ({ ...one, total_votes: 1_000 - i, share: 0.005 }));
  const states = [...new Set(HOSTILE.map((text) => text.trim()).filter((text) => text !== ""))];
  const hostile = {
    ...AHEAD,
    election: { ...AHEAD.election, title: HOSTILE[0] },
    candidates,
    leader: { candidate_id: "c0", margin: 1, tied: false, decided: false },
  };
  await using sample = await serveSample(hostile, {
    candidates: () => HOSTILE_CANDIDATES,
    regions: () => ({
      election: { id: "e1" },
      version: AHEAD.version,
      as_of: AHEAD.as_of,
      candidates: HOSTILE_CANDIDATES,
      regions: states.map((state, i) => ({
        state,
        count: 1,
        voters: 2,
        turnout: 0.5,
        votes: candidates.map((_, n) => Number(n === i % candidates.length)),
      })),
    }),
  });
  const page = await (await context({ viewport: { width: 360, height: 800 } })).newPage();
  const alarms: string[] = [];
  page.on("dialog", (dialog) => {
    alarms.push(dialog.message());
    return dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(sample.url)) alarms.push(request.url());
  });
  // Chromium reports what the policy forbids as an error, which fails the test by itself.
  // The list shows all of them; of their own pages, a fifth stands for the others.
  const ids = candidates.filter((_, i) => i % 5 === 0).map(({ candidate_id }) =>
    `candidates/${candidate_id}`
  );
  for (const path of ["", "candidates", "regions?size=100", "regions?size=100&page=2", ...ids]) {
    await page.goto(sample.url + path);
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await requireNoOverflow(page, path);
    assert.equal(
      await page.locator("main :is(script:not([type='application/json']), iframe, style, base, form form)")
        .count(),
      0,
    );
    const images = await page.locator("img").evaluateAll((all) =>
      all.map((one) => (one as HTMLImageElement).src)
    );
    for (const src of images) assert.match(src, /\/portraits\/c\d+\.svg$/, path);
  }
  await page.goto(`${sample.url}candidates`);
  const shown = await page.locator("tbody th bdi").evaluateAll((all) => all.map((one) => one.textContent));
  const visible = (text: string) => text.replace(/[\u202a-\u202e\u2066-\u2069\0\r]/g, "");
  assert.deepEqual(shown.map((text) => visible(text!)), HOSTILE.map(visible));
  assert.deepEqual(alarms, []);
});
