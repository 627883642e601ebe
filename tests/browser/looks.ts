/**
 * What must hold of a page however it is looked at: on a telephone, a tablet, a desk; by day and by night.
 * @module
 */
/// <reference lib="dom" />
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** The widths, in px. */
const WIDTHS = [360, 768, 1_280];
/** What axe finds by colours; nothing else of a page depends on them, so that it is looked for once. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** Holds a page that is open to being accessible, by axe, and no wider than its window; `where` is for the message. */
export async function requireGoodLooks(page: Page, where: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await requireAccessible(page, `${where}, ${width} px, ${colorScheme}`, colorScheme === "dark");
    }
    await requireNoOverflow(page, `${where}, ${width} px`);
  }
}

/** By axe: all that it knows, or what depends on colours. */
export async function requireAccessible(page: Page, where: string, onlyColours = false): Promise<void> {
  // The newer mode is for frames, of which there are none, and opens another page each time.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations, passes } = await (onlyColours ? axe.withRules(OF_COLOURS) : axe).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], where);
  assert.ok(passes.some(({ id }) => id === "color-contrast"), `${where}: nothing was looked at`);
}

/** A page scrolls up and down, never sideways. */
export async function requireNoOverflow(page: Page, where: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${where}: ${overflow} px wider than the window`);
}
