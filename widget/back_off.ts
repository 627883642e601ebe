/**
 * How long to wait before trying again, so that those who lost a server together don't come back together.
 * @module
 */

/** The longest wait: short enough to be back within 10 s of the server, an attempt included. */
export const LONGEST_WAIT_MS = 6_000;
const FIRST_WAIT_MS = 1_500;

/** The wait after so many failures in a row: a random time, from half of what doubles with each, to all of it. */
export function waitMs(failures: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 8)) * (0.5 + random / 2);
}

/** Waits so long, or until the signal aborts or the machine is connected to a network again. */
export function waiting(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    }
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}
