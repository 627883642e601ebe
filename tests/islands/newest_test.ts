/** What a reader goes on showing. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Newest, newest } from "../../islands/newest.ts";
import { resultsOf } from "../routes/sample.ts";

const at = (version: number, id = "e1") => {
  const results = resultsOf([1, 0, 0]);
  return { ...results, version, election: { ...results.election, id } };
};

Deno.test("in whatever order versions arrive, the highest seen is shown, and an older server is named", () => {
  fc.assert(fc.property(fc.array(fc.nat(100), { minLength: 1 }), (versions) => {
    let shown: Newest = { results: at(0), serverVersion: null };
    let highest = 0;
    for (const version of versions) {
      shown = newest(shown, at(version));
      highest = Math.max(highest, version);
      assert.equal(shown.results.version, highest);
      assert.equal(shown.serverVersion, version < highest ? version : null);
    }
  }));
});

Deno.test("another election replaces what is shown, whatever its version", () => {
  const other = at(1, "e2");
  assert.deepEqual(newest({ results: at(100), serverVersion: 5 }, other), {
    results: other,
    serverVersion: null,
  });
});

Deno.test("the same version again brings its newer time and rate", () => {
  const again = { ...at(7), as_of: "2026-06-03T15:00:00.000Z" };
  assert.equal(newest({ results: at(7), serverVersion: null }, again).results, again);
});
