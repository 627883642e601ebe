/** Waits between attempts: long enough for a server, short enough for a reader, and never all the same. @module */
import assert from "node:assert/strict";
import { LONGEST_WAIT_MS, waitMs } from "../../widget/back_off.ts";

Deno.test("waits double up to the longest, and are spread over half of themselves", () => {
  const longest = [1, 2, 3, 4, 1_000].map((failures) => waitMs(failures, 1));
  assert.deepEqual(longest, [1_500, 3_000, LONGEST_WAIT_MS, LONGEST_WAIT_MS, LONGEST_WAIT_MS]);
  for (const failures of [1, 2, 3, 1_000]) assert.equal(waitMs(failures, 0), waitMs(failures, 1) / 2);
});
