/**
 * What is fetched beside the stream: once, or again when there is newer, but never more often than is fair; only
 * while a widget shows it, in a page that is seen. What was fetched last is kept whatever happens.
 * @module
 */
/// <reference lib="dom" />
import { waitMs } from "./back_off.ts";

/** Of which version of which election something is. */
interface Versioned {
  readonly election: { readonly id: string };
  readonly version: number;
}

/** @see createFetched */
export interface Fetched<T> {
  /** Null before the first one. */
  latest(): T | null;
  /** Whether the server says that there is no such thing. */
  isMissing(): boolean;
  /** Keeps it fetched until the function returned is called. */
  follow(): () => void;
  /** Says which version there is to be had by now. */
  want(newest: Versioned): void;
}

const ATTEMPT_MS = 8_000;
/** Not there yet: asked again so soon. */
const NOT_YET_MS = 2_000;
/** A server that has no such thing seldom comes to have it. */
const MISSING_MS = 30_000;

/** Makes what is at `url` available; `everyMs` Infinity: it never changes. `changed` is called at each new one. */
export function createFetched<T extends Versioned>(
  url: string,
  everyMs: number,
  changed: () => void,
): Fetched<T> {
  let latest: T | null = null;
  let wanted: Versioned | null = null;
  let missing = false;
  let followers = 0;
  let failures = 0;
  let notBeforeMs = -Infinity;
  let busy = false;

  function isDue(): boolean {
    if (busy || followers === 0 || document.hidden) return false;
    // That there is no such thing is an answer, too: what never changes is asked for once.
    if (latest === null) return !missing || everyMs !== Infinity;
    return wanted !== null &&
      (latest.election.id !== wanted.election.id || latest.version < wanted.version);
  }

  function look(): void {
    if (!isDue()) return;
    busy = true;
    setTimeout(async () => {
      // Left or hidden meanwhile: who comes back looks again.
      if (followers > 0 && !document.hidden) await ask();
      busy = false;
      look();
    }, Math.max(0, notBeforeMs - performance.now()));
  }

  async function ask(): Promise<void> {
    let pauseMs = everyMs;
    try {
      const response = await fetch(url, { cache: "no-cache", signal: AbortSignal.timeout(ATTEMPT_MS) });
      if (response.status === 204) pauseMs = NOT_YET_MS;
      else if (response.ok) {
        latest = await response.json();
        missing = false;
        changed();
      } else if (response.status === 400 || response.status === 404) {
        missing = true;
        pauseMs = MISSING_MS;
        changed();
      } else throw new Error(String(response.status));
      failures = 0;
    } catch {
      // The network, or a server that says: not now. What is known stays.
      pauseMs = Math.max(waitMs(++failures), everyMs === Infinity ? 0 : everyMs);
    }
    notBeforeMs = performance.now() + pauseMs;
  }

  return {
    latest: () => latest,
    isMissing: () => missing,
    follow() {
      if (followers++ === 0) document.addEventListener("visibilitychange", look);
      look();
      return () => {
        if (--followers === 0) document.removeEventListener("visibilitychange", look);
      };
    },
    want(newest) {
      wanted = newest;
      look();
    },
  };
}
