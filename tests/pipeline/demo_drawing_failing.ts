/**
 * A thread that draws as the demo's does, and then fails: at the fifth piece that it is asked for.
 * @module
 */
import "../../pipeline/demo_people_worker.ts";

let orders = 0;
self.addEventListener("message", () => {
  // The first one opens it.
  if (++orders === 6) throw new Error("as a test wants it");
});
