/// <reference lib="dom" />
import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { launchChromium } from "../services/chromium.ts";
import { startTeller } from "../services/teller.ts";
import { fetchResults, untilResults } from "./live.ts";

needs("chromium")(
  "in a real election the leader changes on the page without reload; without JavaScript it shows the same",
  async () => {
    const command = ["dev", "--voters", "3000", "--rate", "300"];
    await using teller = await startTeller({ command });
    await using browser = await launchChromium();
    const page = await browser.newPage();
    await page.goto(teller.url);
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    const leader = page.locator(".leader-name").first(); // in a tie there are several
    const first = await leader.innerText();
    // Early on the lead flips within moments: what is seen to differ is taken as it was seen.
    const changed = await page.waitForFunction((first) => {
      const now = document.querySelector<HTMLElement>(".leader-name")?.innerText;
      return now !== undefined && now !== first && now;
    }, first);
    assert.notEqual(await changed.jsonValue(), first);
    assert.equal(await page.evaluate(() => "sameDocument" in globalThis), true);

    await untilResults(teller.url, ({ totals }) => totals.votes === 3000 && totals.votes_per_second === 0);
    const results = await fetchResults(teller.url);
    const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await plain.goto(teller.url);
    for (const shown of [page, plain]) {
      const rows = await shown.locator(".bars tbody tr").evaluateAll((rows) =>
        rows.map((row) => [
          row.querySelector<HTMLElement>(".name")!.innerText,
          row.querySelector<HTMLElement>(".votes")!.innerText,
        ])
      );
      const expected = results.candidates.map((candidate) => [
        candidate.candidate_name,
        candidate.total_votes.toLocaleString("en-GB"),
      ]);
      assert.deepEqual(rows, expected);
    }
    assert.equal(await teller.stop(), 0);
  },
);
