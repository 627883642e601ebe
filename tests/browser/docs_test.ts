/** The API's description as people see it, in a real browser. @module */
/// <reference lib="dom" />
import assert from "node:assert/strict";
import { browserTest, serveSample } from "./browser.ts";
import { requireGoodLooks } from "./looks.ts";

browserTest("the API's page is accessible and fits at every width, light and dark", async ({ context }) => {
  await using sample = await serveSample();
  const page = await (await context()).newPage();
  await page.goto(`${sample.url}docs`);
  await page.locator("details").evaluateAll((all) =>
    all.forEach((details) => details.setAttribute("open", ""))
  );
  await requireGoodLooks(page, "docs");
  for (const width of [360, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const broken = await page.locator("th").evaluateAll((cells) =>
      cells.filter((cell) => cell.clientHeight > 2 * parseFloat(getComputedStyle(cell).lineHeight))
        .map((cell) => cell.textContent)
    );
    assert.deepEqual(broken, [], `at ${width} px a table's heading is broken`);
  }
});
