/** What a page says and does when its server, the network or the log is away, in a real browser. @module */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Vitals } from "../../pipeline/vitals.ts";
import { resultsOf, VITALS } from "../routes/sample.ts";
import { startProxy } from "../services/proxy.ts";
import { browserTest, serveSample } from "./browser.ts";

const AHEAD = resultsOf([1_200, 1_100, 900]);
const LATER = resultsOf([1_250, 1_301, 950]);
const RECOVERED_MS = 5_000;

const topVotes = (page: Page) => page.locator(".people tbody td.number:not(.place)").first();
const shows = (page: Page, votes: string) => topVotes(page).getByText(votes, { exact: true });

/** The page is right again in time, says so, and was not loaded again. */
async function requireRecovery(page: Page): Promise<void> {
  await shows(page, "1,301").waitFor({ timeout: RECOVERED_MS });
  await page.getByText("Votes show as soon as they are counted.").waitFor({ timeout: RECOVERED_MS });
  assert.equal(await page.evaluate(() => "sameDocument" in globalThis), true);
}

async function opened(page: Page): Promise<Page> {
  await page.getByText("Votes show as soon as they are counted.").waitFor();
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
  return page;
}

browserTest("a proxy that refuses for a while is asked again and again", async ({ open }) => {
  await using sample = await serveSample(AHEAD);
  await using network = startProxy(sample.port);
  const page = await opened(await open(`http://127.0.0.1:${network.port}/candidates`));
  network.refusing = true;
  network.cut();
  sample.publish(LATER);
  await page.getByText("Connection lost, trying again.").waitFor();
  network.refusing = false;
  await requireRecovery(page);
});

browserTest(
  "a log that is away, or still being opened, is told of by a page that is connected",
  async ({ open }) => {
    let vitals: Vitals = VITALS;
    await using sample = await serveSample(AHEAD, { vitals: () => vitals });
    const page = await opened(await open(`${sample.url}candidates`));
    vitals = { ...VITALS, log: "away" };
    await page.getByText("The server can't reach its log, trying again.").waitFor();
    assert.equal(await topVotes(page).innerText(), "1,200");
    vitals = { ...VITALS, log: "opening" };
    await page.getByText("These figures are from its last snapshot.").waitFor();
    vitals = VITALS;
    sample.publish(LATER);
    await requireRecovery(page);
  },
);
