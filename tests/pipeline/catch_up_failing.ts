/**
 * A thread that reads as one of Teller's does, and then fails: on the tenth batch that it is told was taken.
 * @module
 */
import "../../pipeline/catch_up_worker.ts";
import type { ReaderOrder } from "../../pipeline/catch_up_messages.ts";

let taken = 0;
self.addEventListener("message", (event) => {
  if ((event as MessageEvent<ReaderOrder>).data.kind === "taken" && ++taken === 10) {
    throw new Error("as a test wants it");
  }
});
