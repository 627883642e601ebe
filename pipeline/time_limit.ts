/**
 * Time limits on promises: one timer for all that wait, where a server has thousands of them at a time.
 * @module
 */

/** Gives what the promise gives, or `otherwise` where that takes longer than the limit. */
export type TimeLimit = <T>(promise: Promise<T>, otherwise: T) => Promise<T>;

interface Wait {
  readonly untilMs: number;
  readonly giveUp: () => void;
}

/** Makes a limit that is the same for everything: so whatever came first is over first. */
export function createTimeLimit(limitMs: number): TimeLimit {
  const waits = new Set<Wait>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function giveUpTheOldest(): void {
    const nowMs = performance.now();
    for (const wait of waits) {
      if (wait.untilMs > nowMs) {
        timer = setTimeout(giveUpTheOldest, wait.untilMs - nowMs);
        return;
      }
      waits.delete(wait);
      wait.giveUp();
    }
    timer = undefined;
  }

  function leave(wait: Wait): void {
    waits.delete(wait);
    if (waits.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  }

  return (promise, otherwise) =>
    new Promise((resolve, reject) => {
      const wait = { untilMs: performance.now() + limitMs, giveUp: () => resolve(otherwise) };
      waits.add(wait);
      timer ??= setTimeout(giveUpTheOldest, limitMs);
      promise.then((value) => {
        leave(wait);
        resolve(value);
      }, (error) => {
        leave(wait);
        reject(error);
      });
    });
}
