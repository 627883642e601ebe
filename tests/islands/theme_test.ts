/** Pictures that stand alone have colours in the place of their names, and texts as they are. @module */
import assert from "node:assert/strict";
import { DARK, withColours } from "../../islands/theme.ts";

Deno.test("fills and strokes get the theme's colours; what texts and other attributes hold is let be", () => {
  const picture = (ink: string, rule: string) =>
    `<svg role="img" aria-label="A var(--ink) > currentColor" fill="${ink}" stroke="${rule}">` +
    `<text data-fill="currentColor">var(--ink) fill="currentColor" 'currentColor' &lt;p fill="var(--ink)"></text>` +
    `<path fill="none" stroke="var(--unknown)"/></svg>`;
  assert.equal(
    withColours(picture("currentColor", "var(--rule)"), DARK),
    picture(DARK["--ink"], DARK["--rule"]),
  );
});
