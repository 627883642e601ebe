/**
 * How long to wait before trying again.
 * @module
 */

const FIRST_MS = 100;
const MOST_MS = 1_000;

/** The wait after so many failures in a row: 100 ms, doubled up to 1 s, less up to a quarter by chance. */
export function backoffMs(failures: number): number {
  if (failures === 0) return 0;
  return Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1)) * (1 - Math.random() / 4);
}

/** Resolves after that time, or as soon as the signal aborts; leaves no timer behind. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
