/** The widget in other people's pages, in a real browser, on two real origins. @module */
/// <reference lib="dom" />
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Frame, Page } from "playwright-core";
import { resultsOf, until } from "../routes/sample.ts";
import { codesOf } from "../../islands/embed_code.ts";
import { DEFAULTS } from "../../islands/embed_options.ts";
import { newestRelease } from "../../routes/widget.ts";
import { builtAssets } from "../routes/sample.ts";
import { browserTest } from "./browser.ts";
import { serveElection, serveForeign, strictPolicy } from "./foreign.ts";
import { HOSTILE_CANDIDATES } from "./hostile.ts";

const AHEAD = resultsOf([1_200, 1_100, 900]);
const OVERTAKEN = resultsOf([1_250, 1_301, 950]);
const ROWS = [
  ["Amelia Hartley", "1,200", "37.5%"],
  ["Oliver Chapman", "1,100", "34.4%"],
  ["Priya Raman", "900", "28.1%"],
];

const script = (origin: string) => `<script type="module" src="${origin}/widget/v1.js"></script>`;
const widget = (attributes = "", inside = "") => `<teller-results ${attributes}>${inside}</teller-results>`;

/** Name, votes and share of each row that a reader sees. */
async function rowsOf(page: Page | Frame, selector = "teller-results"): Promise<string[][]> {
  const rows = page.locator(`${selector} tbody tr`);
  await rows.first().waitFor();
  return await rows.evaluateAll((rows) =>
    rows.map((row) =>
      ["name", "votes", "share"].map((part) => row.querySelector(`[part~=${part}]`)!.textContent)
    )
  );
}

/** Hides the page from its reader, or shows it again. */
function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

browserTest("a foreign page under a strict policy shows right numbers in every view", async ({ context }) => {
  await using election = await serveElection(AHEAD);
  const { origin } = election;
  const views = ["bars", "table", "card", "race", "map"].map((view) => widget(`view="${view}" id="${view}"`));
  const kent = widget(`id="kent" region="Kent" limit="1"`) + widget(`id="nowhere" region="Nowhere"`);
  await using site = serveForeign({
    "": { body: script(origin) + views.join("") + kent, headers: strictPolicy(origin) },
  });
  const page = await (await context({ viewport: { width: 700, height: 3_000 } })).newPage();
  await page.goto(site.url);
  assert.deepEqual(await rowsOf(page, "#bars"), ROWS);
  assert.deepEqual(await rowsOf(page, "#table"), ROWS);
  const said = (id: string, part = "body") => page.locator(`#${id} [part=${part}]`).innerText();
  assert.match(await said("card"), /LEADING CANDIDATE|Leading candidate/);
  assert.match(await said("card"), /Amelia Hartley[\s\S]*1,200 votes · 37\.5% · 100 ahead/);
  await page.locator("#race [part=chart]").waitFor();
  // 148 of the 360 votes of the snapshot, which is not the newest count: the widget says as of when it is.
  assert.match(await said("race"), /Chapman\s*41\.1%/);
  assert.match(await said("race", "counted"), /360 votes/);
  const over = await page.locator("#race [part=label]").evaluateAll((labels) =>
    labels.map((label) =>
      label.getBoundingClientRect().right - label.closest("svg")!.getBoundingClientRect().right
    )
  );
  assert.ok(over.length > 0 && over.every((px) => px <= 0), `names end beyond the chart: ${over}`);
  await page.locator("#map [part=tile]").first().waitFor();
  const tiles = await page.locator("#map [part=tile]").allInnerTexts();
  assert.match(tiles.find((tile) => tile.startsWith("South East"))!, /Chapman\s+\+20\s+25\.0%/);
  assert.match(tiles.find((tile) => tile.startsWith("Wales"))!, /Tied\s+25\.0%/);
  assert.match(tiles.find((tile) => tile.startsWith("London"))!, /No voters/);
  assert.deepEqual(await rowsOf(page, "#kent"), [["Oliver Chapman", "50", "55.6%"]]);
  assert.equal(await said("kent", "others"), "2 more with 40 votes");
  assert.equal(await said("nowhere"), "No voter is registered in a region of this name.");
  for (const id of ["bars", "table", "card", "race", "map", "kent"]) {
    assert.match(await said(id, "simulated"), /simulated/i, id);
    assert.match(await said(id, "time"), /\d\d:\d\d:\d\d/, id);
  }
  // Style sheets are adopted, not written: the policy lets none be written.
  assert.notEqual(await page.locator("#bars [part=bar]").first().evaluate((bar) => bar.clientHeight), 0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
});

browserTest(
  "a sandboxed page, a pinned script, a blocked one and none show right numbers",
  async ({ context }) => {
    await using election = await serveElection(AHEAD);
    const { origin } = election;
    const release = newestRelease(await builtAssets());
    const codes = codesOf(DEFAULTS, { baseUrl: origin, release, summary: "How it stands" });
    const [newest, pinned] = codes.map(({ code }) => code);
    const headers = strictPolicy(origin);
    await using site = serveForeign({
      "framed": { body: newest, headers },
      "frame": { body: `<iframe sandbox="allow-scripts" src="framed" width="600" height="400"></iframe>` },
      "pinned": { body: pinned, headers },
      "plain": { body: newest, headers },
    });
    const page = await (await context()).newPage();
    await page.goto(`${site.url}frame`);
    const frame = await (await page.waitForSelector("iframe")).contentFrame();
    assert.deepEqual(await rowsOf(frame!), ROWS);
    assert.equal(await frame!.evaluate(() => origin), "null");

    await page.goto(`${site.url}pinned`);
    assert.deepEqual(await rowsOf(page), ROWS);
    await page.close();

    const blocking = await context();
    await blocking.route("**/widget/*", (route) => route.abort());
    for (const one of [blocking, await context({ javaScriptEnabled: false })]) {
      const page = await one.newPage();
      await page.goto(`${site.url}plain`);
      const picture = page.getByRole("img", { name: "How it stands" });
      await picture.waitFor();
      assert.equal(await page.locator("teller-results tbody").count(), 0);
      const address = (await picture.getAttribute("src"))!;
      await picture.evaluate((image: HTMLImageElement) => image.decode());
      assert.match(await (await fetch(address)).text(), /1,200/);
    }
  },
);

browserTest("what changes is told to the page; the order and names follow", async ({ context }) => {
  await using election = await serveElection(AHEAD);
  const { origin } = election;
  await using site = serveForeign({ "": { body: widget("announce") + script(origin) } });
  const page = await (await context()).newPage();
  await page.addInitScript(() => {
    const told: unknown[] = [];
    Object.assign(globalThis, { told });
    for (const name of ["update", "lead-change", "stale"]) {
      addEventListener(`teller:${name}`, (event) => {
        const { version, from, to } = (event as CustomEvent).detail;
        told.push([name, from ? [from, to] : version]);
      });
    }
  });
  await page.goto(site.url);
  await rowsOf(page);
  const bar = await page.locator("tbody tr", { hasText: "Chapman" }).elementHandle();
  election.publish(OVERTAKEN);
  await page.locator("tbody tr").first().getByText("Oliver Chapman").waitFor();
  assert.equal(await bar!.evaluate((row) => row.isConnected), true, "the same row has moved up");
  assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { told: unknown[] }).told), [
    ["update", AHEAD.version],
    ["update", OVERTAKEN.version],
    ["lead-change", [["a1"], ["b2"]]],
  ]);
  assert.equal(await page.getByRole("status").innerText(), "Oliver Chapman leads by 51 votes.");
  // An older version, as from a server that reads its log again, changes no number.
  election.publish({ ...AHEAD, catching_up: true });
  await page.getByText(/The server is reading its log again, at record 13,203/).waitFor();
  assert.deepEqual((await rowsOf(page))[0], ["Oliver Chapman", "1,301", "37.2%"]);
});

browserTest(
  "names are text; numbers and direction follow the locale, colours the page",
  async ({ context }) => {
    const candidates = HOSTILE_CANDIDATES.map((one, i) => ({
      ...AHEAD.candidates[0],
      ...one,
      total_votes: 900 - i,
    }));
    await using election = await serveElection({
      ...AHEAD,
      candidates,
      leader: { ...AHEAD.leader!, candidate_id: candidates[0].candidate_id },
    });
    const { origin } = election;
    const all = ["bars", "table", "card"].map((view) => widget(`view="${view}" limit="200"`)).join("");
    await using site = serveForeign({
      "": {
        body: script(origin) + all + widget(`id="ar" locale="ar-EG" limit="1"`) +
          widget(`id="latin" locale="ar-u-nu-latn" limit="1"`) +
          widget(`id="dark" theme="dark"`),
        headers: strictPolicy(origin),
      },
    });
    const page = await (await context({ viewport: { width: 700, height: 9_000 } })).newPage();
    page.on("dialog", () => assert.fail("a name was run"));
    await page.goto(site.url);
    const rows = await rowsOf(page, "[view=bars]");
    assert.equal(rows.length, candidates.length);
    const plain = (text: string) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
    assert.deepEqual(
      rows.map(([name]) => name),
      candidates.map(({ candidate_name }) => plain(candidate_name)),
    );
    assert.equal(await page.locator("teller-results bdi > *").count(), 0);
    assert.equal((await rowsOf(page, "#ar"))[0][1], "٩٠٠");
    // In its own order: the day rightmost, the year leftmost.
    const [day, month, year] = await page.locator("#latin [part=time]").evaluate((time) =>
      ["03", "06", "2026"].map((digits) => {
        const text = time.firstChild as Text, at = text.data.indexOf(digits, text.data.indexOf(","));
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + digits.length);
        return range.getBoundingClientRect().left;
      })
    );
    assert.ok(year < month && month < day, `${day}, ${month}, ${year}`);
    const frame = (id: string) => page.locator(`#${id} [part=frame]`);
    assert.equal(await frame("ar").evaluate((one) => getComputedStyle(one).direction), "rtl");
    assert.equal(await frame("ar").evaluate((one) => getComputedStyle(one).color), "rgb(0, 0, 0)");
    assert.equal(
      await frame("dark").evaluate((one) => getComputedStyle(one).backgroundColor),
      "rgb(21, 23, 26)",
    );
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} px wider than the window`);
  },
);

browserTest(
  "nothing is fetched before a widget is near, nor while the page is hidden",
  async ({ context }) => {
    await using election = await serveElection(AHEAD);
    const { origin } = election;
    await using site = serveForeign({
      "": {
        body: `${script(origin)}<div style="height:4000px"></div>${widget()}${widget(`view="map"`)}`,
      },
    });
    const page = await (await context()).newPage();
    await page.clock.install();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().startsWith(origin)) asked.push(new URL(request.url()).pathname);
    });
    await page.goto(site.url);
    await page.evaluate(() =>
      new Promise((seen) => new IntersectionObserver(seen).observe(document.querySelector("teller-results")!))
    );
    assert.deepEqual(asked, ["/widget/v1.js"]);
    await page.locator("teller-results").first().scrollIntoViewIfNeeded();
    await rowsOf(page);
    assert.deepEqual(asked.slice(1).sort(), ["/api/v1/live", "/api/v1/regions"]);
    await setHidden(page, true);
    await page.clock.fastForward(6_000);
    await until(() => election.clients() === 0);
    election.publish(OVERTAKEN);
    await setHidden(page, false);
    await page.locator("tbody tr").first().getByText("Oliver Chapman").waitFor();
    assert.equal(election.clients(), 1);
  },
);

browserTest(
  "where Teller is away, a hidden page asks for nothing; seen again, it goes on",
  async ({ context }) => {
    await using election = await serveElection(AHEAD);
    const { origin } = election;
    await using site = serveForeign({
      "": { body: script(origin) + widget(`as-of="11" id="frozen"`) + widget(`view="map" id="map"`) },
    });
    const visit = await context({ viewport: { width: 700, height: 3_000 } });
    let isAway = true;
    const asked: string[] = [];
    await visit.route(`${origin}/api/**`, async (route) => {
      asked.push(new URL(route.request().url()).pathname);
      await (isAway ? route.abort() : route.continue());
    });
    const page = await visit.newPage();
    /** What has been asked for by now: requests of a page come in their order. */
    const askedByNow = async () => {
      await page.evaluate((url) => fetch(url).catch(() => {}), `${origin}/api/last`);
      return asked.filter((path) => path !== "/api/last").length;
    };
    await page.clock.install();
    await page.goto(site.url);
    await until(() => ["results", "regions"].every((name) => asked.includes(`/api/v1/${name}`)));
    await setHidden(page, true);
    // The stream is given up after a moment.
    await page.clock.fastForward(6_000);
    const before = await askedByNow();
    for (let i = 0; i < 3; i++) await page.clock.fastForward(60_000);
    assert.equal(await askedByNow(), before);
    isAway = false;
    await setHidden(page, false);
    assert.deepEqual((await rowsOf(page, "#frozen"))[0], ["Amelia Hartley", "1", "50.0%"]);
    await page.locator("#map [part=tile]").first().waitFor();
  },
);

browserTest("a page's text tells whether it is dark, however its colour is written", async ({ context }) => {
  await using election = await serveElection(AHEAD);
  const colours = {
    dark: ["white", "color(display-p3 1 1 1)", "color(xyz-d65 0.9 1 1)", "oklch(0.9 0 0)", "lab(90 0 0)"],
    light: [
      "black",
      "color(display-p3 0 0 0)",
      "color(rec2020 0 0 0)",
      "color(xyz-d65 0 0 0)",
      "oklch(0.2 0 0)",
    ],
  };
  const widgets = (paper: keyof typeof colours) =>
    colours[paper].map((colour) => widget(`class="${paper}" style="color: ${colour}"`)).join("");
  await using site = serveForeign({
    "": { body: script(election.origin) + widgets("dark") + widgets("light") },
  });
  const page = await (await context({ viewport: { width: 700, height: 9_000 } })).newPage();
  await page.goto(site.url);
  await page.locator("teller-results [part=frame]").nth(9).waitFor();
  for (const [paper, all] of Object.entries(colours)) {
    const are = await page.locator(`.${paper} [part=frame]`).evaluateAll((frames) =>
      frames.map((frame) => frame.classList.contains("dark"))
    );
    assert.deepEqual(are, all.map(() => paper === "dark"), all.join(", "));
  }
});

browserTest(
  "where the stream is blocked, or polls are wanted, results are asked for",
  async ({ context }) => {
    await using election = await serveElection(AHEAD);
    const { origin } = election;
    await using site = serveForeign({
      "auto": { body: script(origin) + widget(), headers: strictPolicy(origin) },
      "poll": { body: script(origin) + widget(`transport="poll"`), headers: strictPolicy(origin) },
    });
    for (const [path, streams] of [["auto", 1], ["poll", 0]] as const) {
      const page = await (await context()).newPage();
      // As by a proxy that passes nothing on before the end.
      if (streams > 0) await page.route("**/api/v1/live", () => {});
      await page.clock.install();
      const asked: string[] = [];
      const held: (string | undefined)[] = [];
      page.on("requestfinished", async (request) => {
        if (request.url().endsWith("/results")) held.push((await request.allHeaders())["if-none-match"]);
      });
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      election.publish(AHEAD);
      await page.goto(site.url + path);
      await until(() => streams === 0 || asked.includes("/api/v1/live"));
      await page.clock.fastForward(streams * 5_000);
      assert.deepEqual(await rowsOf(page), ROWS);
      election.publish(OVERTAKEN);
      await page.clock.fastForward(7_000);
      await page.locator("tbody tr").first().getByText("Oliver Chapman").waitFor();
      assert.equal(asked.filter((path) => path === "/api/v1/live").length, streams);
      await until(() => held.length >= 2);
      // Where requests are held back, this browser keeps nothing.
      if (streams === 0) assert.match(held[1]!, /^W\/"/, "what it holds is not sent again");
      await page.close();
    }
  },
);

browserTest("frozen at a point of the past, a widget asks once and stands still", async ({ context }) => {
  await using election = await serveElection(AHEAD);
  const { origin } = election;
  const frozen = ["bars", "race", "map"].map((view) => widget(`view="${view}" id="${view}" as-of="11"`)).join(
    "",
  );
  await using site = serveForeign({
    "": { body: script(origin) + frozen, headers: strictPolicy(origin) },
  });
  const page = await (await context({ viewport: { width: 700, height: 3_000 } })).newPage();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("as_of=11") || request.url().includes("/live")) asked.push(request.url());
  });
  await page.goto(site.url);
  assert.deepEqual((await rowsOf(page, "#bars"))[0], ["Amelia Hartley", "1", "50.0%"]);
  await page.locator("#race [part=chart]").waitFor();
  await page.locator("#map [part=tile]").first().waitFor();
  assert.deepEqual([...new Set(asked)].map((url) => new URL(url).pathname).sort(), [
    "/api/v1/results",
    "/charts/data.json",
  ]);
});
