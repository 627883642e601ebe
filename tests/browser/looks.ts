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
    await requireColumnsApart(page, `${where}, ${width} px`);
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

/** Texts in cells beside each other leave room between them. */
export async function requireColumnsApart(page: Page, where: string): Promise<void> {
  const touching = await page.evaluate(() => {
    const LEAST_PX = 4;

    /** Where its lines of text stand, as far as they are to be seen. */
    function linesOf(
      cell: Element,
    ): { text: string; left: number; right: number; top: number; bottom: number }[] {
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      const lines = [];
      while (texts.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        for (const { left, right, top, bottom, width } of range.getClientRects()) {
          const shown = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          if (width > 0 && shown && cell.contains(shown)) {
            lines.push({ text: texts.currentNode.textContent!, left, right, top, bottom });
          }
        }
      }
      return lines;
    }

    const touching: string[][] = [];
    for (const row of document.querySelectorAll("main tr")) {
      row.scrollIntoView({ block: "center" });
      const cells = [...row.children].map(linesOf);
      for (const [i, cell] of cells.entries()) {
        for (const a of cell) {
          for (const b of cells.slice(i + 1).flat()) {
            const isBeside = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
            if (isBeside && Math.max(a.left, b.left) - Math.min(a.right, b.right) < LEAST_PX) {
              touching.push([a.text, b.text]);
            }
          }
        }
      }
    }
    scrollTo(0, 0);
    return touching;
  });
  assert.deepEqual(touching, [], where);
}
