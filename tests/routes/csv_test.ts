/** CSV that spreadsheets open safely. @module */
import assert from "node:assert/strict";
import { csvOf } from "../../routes/csv.ts";

Deno.test("what would be a formula gets a quote before it, and what would break a row is quoted", () => {
  const hostile = ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", 'say "no"', "a,b", "line\nbreak", "plain"];
  const [header, ...rows] = csvOf(["=h", "n"], hostile.map((text) => [text, -1])).split("\r\n");
  assert.equal(header, "'=h,n");
  assert.deepEqual(rows, [
    "'=1+1,-1",
    "'+44,-1",
    "'-2,-1",
    "'@SUM(A1),-1",
    "'\tx,-1",
    '"\'\rx",-1',
    '"say ""no""",-1',
    '"a,b",-1',
    '"line\nbreak",-1',
    "plain,-1",
    "",
  ]);
});

Deno.test("what only some spreadsheets take for a formula gets a quote too", () => {
  for (const hostile of ["\uff1d1", "\uff0b1", " =1", "\u00a0=1", "\u200b=1", "\0=1"]) {
    assert.equal(csvOf([], [[hostile]]), `\r\n'${hostile}\r\n`);
  }
});

Deno.test("nothing is an empty cell", () => {
  assert.equal(csvOf(["a", "b"], [[null, 0]]), "a,b\r\n,0\r\n");
});
