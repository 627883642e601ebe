/** The charts as people see them, on real snapshots, in a real browser. @module */
/// <reference lib="dom" />
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { createHistory } from "../../analytics/history.ts";
import { captureOf, cellOf, Folder, sharedDuckDb, START } from "../analytics/captures.ts";
import { resultsOf } from "../routes/sample.ts";
import { browserTest, serveSample } from "./browser.ts";
import { requireGoodLooks } from "./looks.ts";

const at = (windows: number) => START + windows * 10_000;
const GROUPS = ["Kent", "Glasgow City", "Powys", "Atlantis"].flatMap((state) =>
  (["18–24", "30–39", "70+"] as const).map((ageBand) => ({
    state,
    ageBand,
    gender: "female" as const,
    voters: 50,
  }))
);
/** One more round of votes: the lead goes to and fro between the first two. */
const round = (n: number) => [
  cellOf(at(n), { votes: 5, candidateId: n % 4 < 2 ? "a1" : "b2", ageBand: "18–24" }),
  cellOf(at(n), { votes: 2, candidateId: "b2", state: "Powys", ageBand: "70+" }),
  cellOf(at(n), { votes: 1, candidateId: "c3", state: "Glasgow City" }),
];

/** A served election whose snapshots are real, with the function that takes the next one. */
async function serveCharts(rounds: number) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(new Folder());
  const snapshots = stack.use(await folder.open());
  let votes = 0;
  async function save(n: number): Promise<void> {
    await snapshots.save(captureOf(++votes, at(n + 1), { cells: round(n), groups: GROUPS }));
  }
  for (let n = 0; n < rounds; n++) await save(n);
  const history = createHistory(await sharedDuckDb(), snapshots);
  const results = (version: number) => resultsOf([70, 60, 12], { version }, 600);
  const sample = stack.use(await serveSample(results(10 + rounds), { history }));
  return {
    url: sample.url,
    /** One more round is counted, and a snapshot of it taken. */
    async goOn(): Promise<number> {
      await save(votes);
      const version = 10 + votes;
      sample.publish(results(version));
      return version;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const charted = (page: Page, version: number) =>
  page.locator(".charts-as-of").filter({ hasText: `version ${version}.` }).waitFor();

/** What a picture consists of, however it was written down. */
function drawn(page: Page, selector: string): Promise<string> {
  return page.locator(selector).evaluate((root) => {
    const lines: string[] = [];
    function walk(node: Element): void {
      const attributes = [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort();
      const text = [...node.childNodes].filter((child) => child.nodeType === 3).map((child) =>
        child.textContent
      );
      lines.push([node.tagName.toLowerCase(), ...attributes, ...text].join(" "));
      for (const child of node.children) walk(child);
    }
    for (const child of root.children) walk(child);
    return lines.join("\n");
  });
}

browserTest("the browser draws what the server draws, at every address", async ({ open }) => {
  await using charts = await serveCharts(9);
  // Where a pixel is a px, Plot moves its lines by half of one, to make them sharp.
  const page = await open(charts.url, { deviceScaleFactor: 2 });
  const choices = page.getByRole("navigation", { name: "What the race shows" });
  for (
    const [label, path] of [
      ["Votes per window", "?race=window"],
      ["Votes", "?race=votes"],
      ["Share", "?race=share"],
      ["Lead", ""],
    ]
  ) {
    await choices.getByRole("link", { name: label, exact: true }).click();
    await choices.locator("[aria-current]", { hasText: new RegExp(`^${label}$`) }).waitFor();
    await page.waitForFunction(
      (votes) => document.querySelector("#race svg")!.getAttribute("aria-label")!.startsWith(votes),
      await page.locator("#race h2").innerText(),
    );
    assert.equal(new URL(page.url()).search, path);
    const plain = await open(charts.url + path, { javaScriptEnabled: false });
    for (const picture of ["#race .wide", "#race .narrow", "#map .wide", "#age .narrow", "#gender .wide"]) {
      assert.equal(await drawn(page, picture), await drawn(plain, picture), `${path} ${picture}`);
    }
    await plain.close();
  }
});

browserTest("without JavaScript the race is switched by links", async ({ open }) => {
  await using charts = await serveCharts(9);
  const page = await open(charts.url, { javaScriptEnabled: false });
  await page.getByRole("link", { name: "Share", exact: true }).click();
  assert.equal(await page.locator("#race h2").innerText(), "The race: share of votes");
  assert.equal(new URL(page.url()).search, "?race=share");
});

browserTest(
  "the race is chosen, its numbers opened and its files reached by the keyboard alone",
  async ({ open }) => {
    await using charts = await serveCharts(9);
    for (
      const [path, title] of [["race", "The race: lead over the second, in votes"], ["candidates/a1", ""]]
    ) {
      const page = await open(charts.url + path);
      const focused = () =>
        page.evaluate(() => {
          const { activeElement: at } = document;
          return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
        });
      const tabTo = async (name: string | RegExp) => {
        for (let i = 0; i < 40; i++) {
          await page.keyboard.press("Tab");
          const text = await focused();
          if (typeof name === "string" ? text === name : name.test(text)) return;
        }
        assert.fail(`${path}: ${name} is out of reach`);
      };
      if (title !== "") {
        assert.equal(await page.locator("#race h2").innerText(), title);
        await tabTo("Share");
        await page.keyboard.press("Enter");
        await page.locator("#race h2").getByText("The race: share of votes").waitFor();
      }
      await tabTo("The numbers");
      await page.keyboard.press("Enter");
      await page.locator("#race tbody tr").first().waitFor();
      // The table scrolls by the arrow keys, so it takes the focus itself.
      for (const name of [/: The numbers$/, /, SVG$/, /, CSV$/, /, SQL$/]) await tabTo(name);
      await page.close();
    }
  },
);

browserTest("a new snapshot is drawn without a reload, and moves nothing", async ({ open }) => {
  await using charts = await serveCharts(9);
  const page = await open(charts.url, { viewport: { width: 1280, height: 4_000 } });
  const before = await drawn(page, "#race .wide");
  // From what is loaded already: a picture that comes late must find its place kept too.
  const moved = await page.evaluateHandle(() => {
    const moved: string[] = [];
    new PerformanceObserver((list) => {
      for (
        const { sources } of list.getEntries() as (PerformanceEntry & { sources: LayoutShiftSource[] })[]
      ) {
        for (const { node, previousRect, currentRect } of sources) {
          if (previousRect.top !== currentRect.top) moved.push(node?.textContent ?? "");
        }
      }
    }).observe({ type: "layout-shift" });
    return moved;
    interface LayoutShiftSource {
      node: Node | null;
      previousRect: DOMRect;
      currentRect: DOMRect;
    }
  });
  const version = await charts.goOn();
  await charted(page, version);
  await page.waitForFunction(
    (heading) => document.querySelector("#race .wide svg")!.getAttribute("aria-label")!.includes(heading),
    await page.locator("#race figcaption p").innerText(),
  );
  assert.notEqual(await drawn(page, "#race .wide"), before);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.deepEqual(await moved.jsonValue(), []);

  // A table that nobody looked at has nothing to do until it is opened.
  await page.locator("#age .twin summary").click();
  const csv = await (await fetch(`${charts.url}charts/age.csv`)).text();
  const votes = csv.trimEnd().split("\r\n").slice(1).map((line) => line.split(",")[4]);
  await page.waitForFunction(
    (votes) =>
      [...document.querySelectorAll("#age tbody td:nth-child(3)")].map((cell) => cell.textContent).join() ===
        votes,
    votes.join(),
  );
});

browserTest("paused, the charts stand still too", async ({ open }) => {
  await using charts = await serveCharts(9);
  const page = await open(charts.url);
  await page.getByRole("button", { name: "Pause" }).click();
  const before = await page.locator("#charts").innerText();
  const asked = new Promise<void>((resolve) =>
    page.on("request", (request) => {
      if (request.url().endsWith("data.json")) resolve();
    })
  );
  const live = await open(charts.url);
  await charted(live, await charts.goOn());
  assert.equal(await page.locator("#charts").innerText(), before);
  await page.getByRole("button", { name: "Resume" }).click();
  await asked;
});

browserTest("the tables hold what the pictures show, and what the files hold", async ({ open }) => {
  await using charts = await serveCharts(9);
  const page = await open(charts.url);
  for (const name of ["age", "gender", "map"]) {
    await page.locator(`#${name} .twin summary`).click();
    const cells = await page.locator(`#${name} tbody tr`).evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent!.replace("%", "")))
    );
    const csv = await (await fetch(`${charts.url}charts/${name}.csv`)).text();
    const [header, ...lines] = csv.trimEnd().split("\r\n").map((line) => line.split(",").slice(2));
    const turnout = header.indexOf("turnout");
    assert.deepEqual(
      cells,
      lines.map((line) => line.map((cell, i) => i === turnout ? (Number(cell) * 100).toFixed(1) : cell)),
      name,
    );
  }
  assert.deepEqual(
    await page.locator("#map tbody .group th").allInnerTexts().then((names) => names.length),
    13,
  );
});

browserTest(
  "no chart is inaccessible at any width, light and dark, nor drawn twice in one",
  async ({ open }) => {
    await using charts = await serveCharts(9);
    for (const path of ["", "race?race=share", "candidates/a1"]) {
      const page = await open(charts.url + path);
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => one.open = true));
      await requireGoodLooks(page, path);
      for (const width of [360, 768, 1_280]) {
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await page.locator("#race .picture:visible").count(), 1, "one size of the two");
      }
      await page.close();
    }
  },
);

browserTest("all scripts of the overview, what draws included, come in 150 KB", async ({ open }) => {
  await using charts = await serveCharts(9);
  const page = await open(charts.url);
  await page.getByRole("link", { name: "Share", exact: true }).click();
  // Once it is drawn, all that draws has come.
  await page.locator('#race .wide svg[aria-label^="The race: share of votes"]').waitFor();
  const addresses = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".js"))
  );
  let bytes = 0;
  for (const address of addresses) bytes += gzipSync(await (await fetch(address)).bytes()).length;
  assert.ok(addresses.length >= 3 && bytes > 50_000, "they were found");
  assert.ok(bytes <= 150 * 1024, `${bytes} bytes`);
});
