/**
 * Locks between the tabs of a browser that keeps its own from them: it gives those only to pages that came by HTTPS
 * or from the same machine.
 *
 * Unlike with real ones, two tabs may hold one for a moment, and what a crashed tab held is held until it is stolen.
 * @module
 */
/// <reference lib="dom" />

/** What is asked of a browser's locks. */
export interface TabLocks {
  /**
   * Calls `hold` once nobody else holds the lock of that name, or at once to steal it; it is held until the promise
   * of `hold` resolves. Rejects where it was stolen, or where the signal aborted the waiting.
   */
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    hold: () => Promise<void>,
  ): Promise<void>;
}

/** Of two that hold a lock, the one with the greater claim keeps it: a time in epoch ms, and a random number. */
type Claim = [atMs: number, random: number];
type Message = "held?" | "held" | "released" | Claim;

/** Whoever holds a lock answers by then. Messages come soon even to tabs in the background, unlike timers. */
const ANSWER_MS = 150;
/** A tab that stood still may have missed who took its lock: it is told again. */
const CLAIM_EVERY_MS = 2_000;

/** Locks that tabs agree on by messages. */
export const tabLocks: TabLocks = {
  request: (name, { signal, steal = false }, hold) =>
    new Promise((resolve, reject) => {
      const channel = new BroadcastChannel(`lock ${name}`);
      const say = (message: Message) => channel.postMessage(message);
      let mine: Claim | null = null;
      let timer: ReturnType<typeof setTimeout>;
      let claiming: ReturnType<typeof setInterval>;
      let isOver = false;

      function end(settle: () => void): void {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        clearInterval(claiming);
        settle();
        channel.close();
      }

      function fail(reason: unknown): void {
        end(() => reject(reason));
      }

      function ask(): void {
        say("held?");
        clearTimeout(timer);
        // Those who ask at the same time don't take it at the same time.
        timer = setTimeout(take, ANSWER_MS * (1 + Math.random()));
      }

      function take(): void {
        const claim: Claim = mine = [Date.now(), Math.random()];
        say(claim);
        claiming = setInterval(() => say(claim), CLAIM_EVERY_MS);
        const release = () => {
          say("released");
          resolve();
        };
        hold().then(() => end(release), fail);
      }

      channel.onmessage = ({ data }: MessageEvent<Message>) => {
        if (mine === null) {
          if (data === "released") ask();
          else if (data !== "held?") clearTimeout(timer);
        } else if (data === "held?") {
          say("held");
        } else if (Array.isArray(data) && isGreater(data, mine)) {
          fail(new DOMException("Another tab has taken it over", "AbortError"));
        }
      };
      signal?.addEventListener("abort", () => {
        if (mine === null) fail(signal.reason);
      });
      if (steal) take();
      else ask();
    }),
};

function isGreater([atMs, random]: Claim, [thanMs, thanRandom]: Claim): boolean {
  return atMs > thanMs || atMs === thanMs && random > thanRandom;
}
