/** What is said before, during and after the opening hours, and that it changes at the time itself. @module */
import assert from "node:assert/strict";
import { hours } from "../../islands/sentence.ts";
import { startTeller } from "../services/teller.ts";
import { view } from "./live.ts";

Deno.test("at opening and at closing time every viewer is told, though nothing was counted", async () => {
  const opensAt = Date.now() + 8_000, closesAt = opensAt + 2_000;
  await using teller = await startTeller({
    env: {
      TELLER_OPENS: new Date(opensAt).toISOString(),
      TELLER_CLOSES: new Date(closesAt).toISOString(),
    },
  });
  const page = async () => await (await fetch(teller.url)).text();
  const viewer = await view(teller.url);
  const first = await viewer.next("results", (results) => !results.catching_up);
  assert.match(hours(first)!, /^Voting opens at /);
  assert.ok((await page()).includes(hours(first)!));

  const opened = await viewer.next("results");
  assert.match(hours(opened)!, /^Voting is open and closes at /);
  assert.ok(Date.parse(opened.as_of) - opensAt < 1_000, "told at the time");
  assert.ok((await page()).includes(hours(opened)!));

  const closed = await viewer.next("results");
  assert.match(hours(closed)!, /^Voting closed at [^.]*\.$/, "the last votes may not be counted yet");
  assert.equal(closed.catching_up, true);
  assert.ok(Date.parse(closed.as_of) - closesAt < 1_000, "told at the time");

  const final = await viewer.next("results");
  assert.match(hours(final)!, /^Voting closed at .* This is the final result\.$/);
  assert.ok(Date.parse(final.as_of) - closesAt < 5_000, "told soon after");
  assert.ok((await page()).includes(hours(final)!));
  assert.equal(final.version, first.version);
  await viewer.close();
  assert.equal(await teller.stop(), 0);
});
