/**
 * Turns: long work lets the rest of the process run now and then.
 * @module
 */

/** To be awaited between pieces of work: goes on at once, or, when it is time, after the others have had their turn. */
export type Turn = () => Promise<void>;

/** A Turn that is given away after each `everyMs` of work, as giving it away costs some 2 ms. */
export function giveTurns(everyMs: number): Turn {
  let startedAt = performance.now();
  return async () => {
    if (performance.now() - startedAt < everyMs) return;
    // Not setImmediate: looping on that keeps Deno from looking at its sockets.
    await new Promise((resolve) => setTimeout(resolve, 0));
    startedAt = performance.now();
  };
}
