/** Time limits: each promise is given its time, and no timer is left behind. @module */
import assert from "node:assert/strict";
import { createTimeLimit } from "../../pipeline/time_limit.ts";

const never = new Promise<string>(() => {});

Deno.test("what comes in time is given, its failure too", async () => {
  const limit = createTimeLimit(60_000);
  assert.equal(await limit(Promise.resolve("in time"), "late"), "in time");
  await assert.rejects(limit(Promise.reject(new Error("failed")), "late"), { message: "failed" });
});

Deno.test("each that is late is given up after its own time, and those in time are not", async () => {
  const limit = createTimeLimit(20);
  const later = Promise.withResolvers<string>();
  const given: string[] = [];
  const first = limit(never, "first late").then((what) => given.push(what));
  const second = first.then(() => limit(never, "second late")).then((what) => given.push(what));
  const third = first.then(() => {
    later.resolve("third in time");
    return limit(later.promise, "third late");
  }).then((what) => given.push(what));
  await Promise.all([first, second, third]);
  assert.deepEqual(given, ["first late", "third in time", "second late"]);
});
