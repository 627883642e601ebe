/**
 * Turns: long work lets the rest of the process run now and then.
 * @module
 */

/** To be awaited between pieces of work: goes on at once, or, when it is time, after the others have had their turn. */
export type Turn = () => Promise<void>;

/** Lets the rest of the process run. A timer: looping on setImmediate keeps Deno from looking at its sockets. */
export function giveTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A Turn that is given away after each `everyMs` of work, as giving it away costs some 2 ms. */
export function giveTurns(everyMs: number): Turn {
  let startedAt = performance.now();
  return async () => {
    if (performance.now() - startedAt < everyMs) return;
    await giveTurn();
    startedAt = performance.now();
  };
}
