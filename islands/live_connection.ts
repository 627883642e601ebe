/**
 * One live stream per browser, however many tabs are open: a browser allows six connections to an origin, and
 * the seventh tab would hang. Whoever holds a lock listens and passes on to the others.
 * @module
 */
/// <reference lib="dom" />
import type { Vitals } from "../pipeline/vitals.ts";
import { follow } from "./live_stream.ts";
import type { LiveResults } from "./sentence.ts";
import { type TabLocks, tabLocks } from "./tab_locks.ts";

/** What a tab hears, from the server or from the tab that listens for all. */
export type LiveMessage = { results: LiveResults } | { vitals: Vitals } | { connection: "live" | "lost" };

/** A tab that listens says something at least every 5 s, if only that the connection is lost. */
const SILENT_AFTER_MS = 7_000;
const LOOK_EVERY_MS = 1_000;

/** Follows the live stream at `url` until the function returned is called. */
export function connect(url: string, listener: (message: LiveMessage) => void): () => void {
  let stop = start(url, listener);
  // A page kept for the back button must not hold the lock.
  const hide = () => stop();
  const show = (event: PageTransitionEvent) => {
    if (event.persisted) stop = start(url, listener);
  };
  addEventListener("pagehide", hide);
  addEventListener("pageshow", show);
  return () => {
    removeEventListener("pagehide", hide);
    removeEventListener("pageshow", show);
    stop();
  };
}

/** The newest message of each kind, by its only field. */
type Known = Record<string, LiveMessage>;

/** What a tab is told that asks: while the connection is lost only that, as figures would pass for new ones. */
function toNewcomers(known: Known): LiveMessage[] {
  const { connection } = known;
  const isLost = connection !== undefined && "connection" in connection && connection.connection === "lost";
  return isLost ? [connection] : Object.values(known);
}

function start(url: string, listener: (message: LiveMessage) => void): () => void {
  const stopped = new AbortController();
  // The browser's own exist only where a page came by HTTPS or from this machine.
  const locks: TabLocks = "locks" in navigator ? navigator.locks : tabLocks;
  const name = `teller ${url}`;
  const channel = new BroadcastChannel(name);
  const known: Known = {};
  let heardAtMs = performance.now();
  let isListening = false;
  let inQueue: AbortController;

  channel.onmessage = ({ data }: MessageEvent<LiveMessage | "newest?">) => {
    if (data === "newest?") {
      if (isListening) { for (const message of toNewcomers(known)) channel.postMessage(message); }
    } else if (!isListening) {
      heardAtMs = performance.now();
      listener(data);
    }
  };
  channel.postMessage("newest?");

  /** Listens for all tabs as soon as none does, or takes it over from the one that does. */
  function request(options: { steal?: true }): void {
    const mine = inQueue = new AbortController();
    const taken = new AbortController();
    stopped.signal.addEventListener("abort", () => taken.abort());
    const listen = () => {
      isListening = true;
      follow(url, taken.signal, (message) => {
        known[Object.keys(message)[0]] = message;
        listener(message);
        channel.postMessage(message);
      });
      return new Promise<void>((release) => taken.signal.addEventListener("abort", () => release()));
    };
    // A lock can't be both taken over and waited for.
    locks.request(name, options.steal ? options : { signal: mine.signal }, listen)
      .catch((reason) => {
        taken.abort();
        if (stopped.signal.aborted || mine.signal.aborted) return;
        if (!isListening) throw reason;
        isListening = false;
        heardAtMs = performance.now();
        // Another tab has taken it over, and may have heard by then what this one has not.
        channel.postMessage("newest?");
        request({});
      });
  }

  request({});
  // Browsers slow down a hidden tab, even the one that listens: then a tab that is looked at takes over.
  const look = setInterval(() => {
    const isSilent = performance.now() - heardAtMs > SILENT_AFTER_MS;
    if (isListening || document.hidden || !isSilent) return;
    inQueue.abort();
    heardAtMs = performance.now();
    request({ steal: true });
  }, LOOK_EVERY_MS);
  stopped.signal.addEventListener("abort", () => {
    clearInterval(look);
    inQueue.abort();
    channel.close();
  });
  return () => stopped.abort();
}
