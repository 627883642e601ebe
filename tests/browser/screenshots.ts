/**
 * Takes the README's pictures of the overview, in a demo election that is well under way:
 * `deno run -A tests/browser/screenshots.ts`, after `deno task build`; some four minutes.
 * @module
 */
/// <reference lib="dom" />
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { untilResults } from "../scenarios/live.ts";
import { launchChromium } from "../services/chromium.ts";
import { startTeller } from "../services/teller.ts";

const VOTES_PER_SECOND = 150, TURNOUT = 0.6;
/** What fills a window of a telephone, a tablet and a desk. */
const WINDOWS = [{ width: 360, height: 760 }, { width: 768, height: 1_000 }, { width: 1_280, height: 1_000 }];
const MARGIN_PX = 24;

await using teller = await startTeller({
  command: ["dev", "--rate", String(VOTES_PER_SECOND)],
  env: { TELLER_SINKS: "off" },
});
await untilResults(teller.url, ({ totals }) => totals.votes > TURNOUT * totals.voters);
await using browser = await launchChromium();
for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of WINDOWS) {
    await using context = await browser.newContext({ viewport, colorScheme, locale: "en-GB" });
    const page = await open(context.newPage());
    await page.screenshot({ path: picture(`overview-${viewport.width}-${colorScheme}`) });
    if (colorScheme === "light" && viewport === WINDOWS.at(-1)) await takeCharts(page);
  }
}

/** The overview, once its script has taken over. */
async function open(opening: Promise<Page>): Promise<Page> {
  const page = await opening;
  await page.goto(teller.url);
  await page.getByText("Last updated").first().waitFor();
  return page;
}

async function takeCharts(page: Page): Promise<void> {
  const charts = await page.locator("#charts").boundingBox();
  if (charts === null) throw new Error("The overview has no charts");
  const { x, y, width, height } = charts;
  await page.screenshot({
    path: picture("charts"),
    fullPage: true,
    clip: {
      x: x - MARGIN_PX,
      y: y - MARGIN_PX,
      width: width + 2 * MARGIN_PX,
      height: height + 2 * MARGIN_PX,
    },
  });
}

function picture(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url));
}
