/** The overview as people see it, in a real browser. @module */
/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { headline, hours, sentence } from "../../islands/sentence.ts";
import { resultsOf, until } from "../routes/sample.ts";
import { browserTest, serveSample } from "./browser.ts";
import { OTHER_MACHINE } from "../services/chromium.ts";
import { requireGoodLooks } from "./looks.ts";

const AHEAD = resultsOf([1_200, 1_100, 900]);
const OVERTAKEN = resultsOf([1_250, 1_301, 950]);

/** An election before, during and after the opening hours; just after, votes from before may not be counted yet. */
const LIFE = [
  ["2026-05-07T06:59:59.000Z", [0, 0, 0]],
  ["2026-05-07T07:00:00.000Z", [1_200, 1_100, 900]],
  ["2026-05-07T22:00:00.000Z", [5_199, 3_100, 900], true],
  ["2026-05-07T22:00:01.000Z", [5_200, 3_100, 900]],
].map(([as_of, votes, catching_up = false]) =>
  resultsOf(votes as number[], {
    as_of: as_of as string,
    catching_up: catching_up as boolean,
    election: {
      ...AHEAD.election,
      opens_at: "2026-05-07T07:00:00.000Z",
      closes_at: "2026-05-07T22:00:00.000Z",
    },
  })
);

const sentenceOf = (page: Page) => page.locator(".sentence").innerText();
const shows = (page: Page, text: string) => page.getByText(text).first().waitFor();

browserTest("a new leader shows on the page and in its title without a reload", async ({ open }) => {
  await using sample = await serveSample(AHEAD);
  const page = await open(sample.url);
  assert.equal(await sentenceOf(page), sentence(AHEAD));
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));

  sample.publish(OVERTAKEN);
  await shows(page, sentence(OVERTAKEN));
  assert.equal(await page.title(), headline(OVERTAKEN));
  assert.equal(await page.locator(".leader-name").innerText(), "Oliver Chapman\nSavior Party");
  assert.equal(await page.locator(".portraits img").getAttribute("src"), "/portraits/b2.svg");
  assert.deepEqual(await page.locator(".bars tbody tr:first-child td").allInnerTexts(), ["1,301", "37.2%"]);
  assert.equal(await page.evaluate(() => "sameDocument" in globalThis), true);
});

browserTest("without JavaScript the page shows the same", async ({ open }) => {
  await using sample = await serveSample(AHEAD);
  const live = await open(sample.url);
  const plain = await open(sample.url, { javaScriptEnabled: false });
  const text = async (page: Page) => (await page.locator("#overview").innerText()).trim();
  assert.equal(await text(plain), await text(live));
  assert.match(await text(plain), /1,200 votes, 37\.5% of those counted, 100 ahead/);
  assert.equal(await plain.title(), headline(AHEAD));
  assert.match(await plain.locator("body").innerText(), /simulated/i);
});

browserTest(
  "nothing is inaccessible at any width, light and dark, whatever the election is at",
  async ({ open }) => {
    const states = [
      AHEAD,
      resultsOf([0, 0, 0]),
      resultsOf([]),
      resultsOf([500, 500, 1], { catching_up: true }),
      ...LIFE,
    ];
    await using sample = await serveSample(AHEAD);
    const page = await open(sample.url);
    for (const [i, state] of states.entries()) {
      sample.publish({ ...state, version: AHEAD.version + i });
      await shows(page, sentence(state));
      await requireGoodLooks(page, sentence(state));
    }
  },
);

browserTest("opening and closing show by themselves, and move nothing above the count", async ({ open }) => {
  for (const width of [360, 1280]) {
    await using sample = await serveSample(LIFE[0]);
    const page = await open(sample.url, { viewport: { width, height: 900 } });
    const top = () =>
      page.locator("#count-heading").evaluate((heading) => Math.round(heading.getBoundingClientRect().top));
    await shows(page, hours(LIFE[0])!);
    const before = await top();
    for (const results of LIFE.slice(1)) {
      sample.publish(results);
      await shows(page, hours(results)!);
      assert.equal(await sentenceOf(page), sentence(results));
      assert.equal(await top(), before);
    }
  }
});

browserTest("nothing moves while numbers change, nor in a tie", async ({ open }) => {
  await using sample = await serveSample(AHEAD);
  let n = 0;
  for (const width of [360, 560, 768, 1280]) {
    const page = await open(sample.url, { viewport: { width, height: 2_000 } });
    const moved = await page.evaluateHandle(observeMoves);
    for (const isTied of [false, false, true, false, false]) {
      n++;
      const second = 1_100 + n * 83;
      const newer = resultsOf([isTied ? second : 1_200 + n * 97, second, 900 + n * 71]);
      sample.publish({ ...newer, version: AHEAD.version + n });
      await shows(page, sentence(newer));
    }
    // Entries are delivered with a frame: after two more, none is outstanding.
    await page.evaluate(() =>
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    );
    assert.deepEqual(await moved.jsonValue(), [], `${width} px`);
  }
});

/** Runs in the page: collects what is laid out in another place than before. */
function observeMoves(): string[] {
  interface LayoutShift extends PerformanceEntry {
    sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
  }
  const moved: string[] = [];
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries() as LayoutShift[]) {
      for (const { node, previousRect, currentRect } of sources) {
        // A figure that grows to the left inside its own cell is no move.
        if (JSON.stringify(previousRect) !== JSON.stringify(currentRect)) moved.push(node?.textContent ?? "");
      }
    }
  }).observe({ type: "layout-shift" });
  return moved;
}

browserTest("bars move smoothly, and at once for who asked for less motion", async ({ open }) => {
  await using sample = await serveSample(AHEAD);
  const moving = await open(sample.url);
  const still = await open(sample.url, { reducedMotion: "reduce" });
  sample.publish(OVERTAKEN);
  const animations = async (page: Page) => {
    await shows(page, sentence(OVERTAKEN));
    return await page.evaluate(() => document.getAnimations().length);
  };
  assert.ok(await animations(moving) > 0);
  assert.equal(await animations(still), 0);
});

browserTest("paused, the page stands still until it is resumed", async ({ open }) => {
  await using sample = await serveSample(AHEAD);
  const page = await open(sample.url);
  await page.getByRole("button", { name: "Pause" }).click();
  await shows(page, "Paused.");
  sample.publish(OVERTAKEN);
  const other = await open(sample.url);
  await shows(other, sentence(OVERTAKEN));
  assert.equal(await sentenceOf(page), sentence(AHEAD));
  await page.getByRole("button", { name: "Resume" }).click();
  await shows(page, sentence(OVERTAKEN));
});

browserTest(
  "assistive technology hears the sentence, only when it changed and not too often",
  async ({ context }) => {
    await using sample = await serveSample(AHEAD);
    const page = await (await context()).newPage();
    await page.clock.install();
    await page.goto(sample.url);
    const region = page.locator("[aria-live=polite]");
    await region.waitFor({ state: "attached" });
    await page.clock.runFor(60_000);
    assert.equal(await region.textContent(), "");
    sample.publish(OVERTAKEN);
    await shows(page, sentence(OVERTAKEN));
    assert.equal(await region.textContent(), "");
    await page.clock.runFor(20_000);
    assert.equal(await region.textContent(), sentence(OVERTAKEN));
  },
);

browserTest("a lost connection is said in words, and found again without help", async ({ open }) => {
  await using sample = await serveSample(AHEAD);
  const page = await open(sample.url);
  await sample.stop();
  await shows(page, "Connection lost");
  assert.equal(await sentenceOf(page), sentence(AHEAD));
  await sample.restart(OVERTAKEN);
  await shows(page, sentence(OVERTAKEN));
  await page.getByText("Connection lost").waitFor({ state: "hidden" });
});

browserTest("a server that counts again from the start does not set the page back", async ({ open }) => {
  await using sample = await serveSample(AHEAD);
  const page = await open(sample.url);
  const behind = resultsOf([10, 20, 5], { catching_up: true });
  await sample.stop();
  await sample.restart(behind);
  await shows(page, "reading its log again");
  assert.equal(await sentenceOf(page), sentence(AHEAD));
  sample.publish(OVERTAKEN);
  await shows(page, sentence(OVERTAKEN));
  assert.equal(await page.getByText("reading its log again").count(), 0);
});

for (const [from, host] of [["this machine", "127.0.0.1"], ["another one, by plain HTTP", OTHER_MACHINE]]) {
  browserTest(
    `ten tabs in ten windows share one stream, are all live, and go on when the one that holds it closes, from ${from}`,
    async ({ context }) => {
      await using sample = await serveSample(AHEAD);
      const url = `http://${host}:${sample.port}/`;
      const tabs = await context();
      const pages = [await tabs.newPage()];
      await pages[0].goto(url);
      assert.equal(await pages[0].evaluate(() => "locks" in navigator), host !== OTHER_MACHINE);
      // A browser opens six connections to a server, as long as that does not speak HTTP/2.
      while (pages.length < 10) {
        const opened = tabs.waitForEvent("page");
        await pages[0].evaluate((url) => void open(url, "_blank", "popup,noopener"), url);
        pages.push(await opened);
      }
      const windows = new Set<number>();
      for (const page of pages) {
        await page.getByText("Votes show as soon as they are counted.").waitFor();
        const cdp = await tabs.newCDPSession(page);
        windows.add((await cdp.send("Browser.getWindowForTarget")).windowId);
      }
      assert.equal(windows.size, pages.length);
      sample.publish(OVERTAKEN);
      for (const page of pages) await shows(page, sentence(OVERTAKEN));
      assert.equal(sample.clients(), 1);

      await pages[0].close();
      const later = resultsOf([1_400, 1_302, 951]);
      await until(() => sample.clients() === 1);
      sample.publish(later);
      for (const page of pages.slice(1)) await shows(page, sentence(later));
      assert.equal(sample.clients(), 1);
    },
  );

  browserTest(`a tab that hangs is relieved of the stream, from ${from}`, async ({ context }) => {
    await using sample = await serveSample(AHEAD);
    const url = `http://${host}:${sample.port}/`;
    const tabs = await context();
    const first = await tabs.newPage();
    await first.goto(url);
    await shows(first, "Votes show as soon as they are counted.");
    const second = await tabs.newPage();
    await second.goto(url);
    await shows(second, "Votes show as soon as they are counted.");
    assert.equal(sample.clients(), 1);

    const relieved = Promise.withResolvers<void>();
    await first.route("**/hang", async (route) => {
      await relieved.promise;
      await route.fulfill();
    });
    const asked = first.waitForRequest("**/hang");
    const hanging = first.evaluate(() => {
      const request = new XMLHttpRequest();
      request.open("GET", "/hang", false);
      request.send();
    });
    await asked;
    sample.publish(OVERTAKEN);
    await shows(second, sentence(OVERTAKEN));
    relieved.resolve();
    await hanging;
    await shows(first, sentence(OVERTAKEN));
    await until(() => sample.clients() === 1);
  });
}

browserTest("a tab in the background shows what is new when it is looked at again", async ({ context }) => {
  await using sample = await serveSample(AHEAD);
  const tabs = await context();
  const page = await tabs.newPage();
  await page.clock.install();
  await page.goto(sample.url);
  await shows(page, "Votes show as soon as they are counted.");
  // Else it would come up to date with the next second.
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
  await page.evaluate(() => Object.defineProperty(document, "hidden", { value: true, writable: true }));
  sample.publish(OVERTAKEN);
  const other = await tabs.newPage();
  await other.goto(sample.url);
  await shows(other, sentence(OVERTAKEN));
  assert.equal(await sentenceOf(page), sentence(AHEAD));
  await page.evaluate(() => {
    Object.assign(document, { hidden: false });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await shows(page, sentence(OVERTAKEN));
});

browserTest("names from the data are text, whatever they hold", async ({ open }) => {
  const nasty = '</script><img src=x onerror="document.title=1">&amp;';
  const candidates = AHEAD.candidates.map((c, i) => i === 0 ? { ...c, candidate_name: nasty } : c);
  const title = "<b>Title</b>";
  await using sample = await serveSample({ ...AHEAD, election: { ...AHEAD.election, title }, candidates });
  const page = await open(sample.url);
  assert.equal(await page.locator("h1").innerText(), title);
  assert.ok((await page.locator(".leader-name").innerText()).startsWith(nasty));
  assert.equal(await page.locator("img:not(.portraits img)").count(), 0);
});
