/**
 * One live stream per browser, however many tabs are open: a browser allows six connections to an origin, and
 * the seventh tab would hang. Whoever holds a lock listens and passes on to the others.
 * @module
 */
/// <reference lib="dom" />
import type { LiveResults } from "./sentence.ts";

/** What a tab hears, from the server or from the tab that listens for all. */
export type LiveMessage = { results: LiveResults } | { connection: "live" | "lost" };

/** A server that ends a stream in the ordinary way is back within its `retry`; later than that is worth a word. */
const LOST_AFTER_MS = 5_000;
const REOPEN_AFTER_MS = 5_000;

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

function start(url: string, listener: (message: LiveMessage) => void): () => void {
  const stopped = new AbortController();
  // Locks exist only where a page came by HTTPS or from this machine.
  if (!("locks" in navigator)) {
    follow(url, stopped.signal, listener);
    return () => stopped.abort();
  }
  const name = `teller ${url}`;
  const channel = new BroadcastChannel(name);
  const known: { results?: LiveMessage; connection?: LiveMessage } = {};
  channel.onmessage = ({ data }: MessageEvent<LiveMessage | "newest?">) => {
    if (data !== "newest?") listener(data);
    else for (const message of Object.values(known)) channel.postMessage(message);
  };
  channel.postMessage("newest?");
  stopped.signal.addEventListener("abort", () => channel.close());
  navigator.locks.request(name, { signal: stopped.signal }, () => {
    follow(url, stopped.signal, (message) => {
      known["results" in message ? "results" : "connection"] = message;
      listener(message);
      channel.postMessage(message);
    });
    return new Promise<void>((release) => stopped.signal.addEventListener("abort", () => release()));
  }).catch((reason) => {
    if (!stopped.signal.aborted) throw reason;
  });
  return () => stopped.abort();
}

/** Listens to the server itself. EventSource comes back after a lost connection, but not after a refusal. */
function follow(url: string, stopped: AbortSignal, listener: (message: LiveMessage) => void): void {
  let source: EventSource;
  let lost: ReturnType<typeof setTimeout> | undefined;
  let reopen: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    source = new EventSource(url);
    source.addEventListener("open", () => {
      clearTimeout(lost);
      lost = undefined;
      listener({ connection: "live" });
    });
    source.addEventListener("results", ({ data }) => listener({ results: JSON.parse(data) }));
    source.addEventListener("error", () => {
      lost ??= setTimeout(() => listener({ connection: "lost" }), LOST_AFTER_MS);
      if (source.readyState === EventSource.CLOSED) {
        reopen = setTimeout(open, REOPEN_AFTER_MS * (1 + Math.random()));
      }
    });
  }

  open();
  stopped.addEventListener("abort", () => {
    clearTimeout(lost);
    clearTimeout(reopen);
    source.close();
  });
}
