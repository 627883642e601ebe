/**
 * The live stream of one tab: listens until told to stop, and comes back from whatever ends or silences it.
 *
 * EventSource comes back by itself only where the server ended the stream; not after a refusal, and it never
 * notices a network that swallows everything. So every return is made here.
 * @module
 */
/// <reference lib="dom" />
import type { LiveMessage } from "./live_connection.ts";

/** The server says how it is every 2 s: silence for longer than two of these is a lost connection. */
const SILENT_AFTER_MS = 5_000;
/** An attempt that was not answered by then is given up for another. */
const ATTEMPT_MS = 3_000;
/** Those who lost a server together don't come back at the same moment. */
const returnMs = () => 1_500 + 1_000 * Math.random();

/** Listens to `url` until the signal aborts. */
export function follow(url: string, stopped: AbortSignal, listener: (message: LiveMessage) => void): void {
  let source: EventSource;
  let next: ReturnType<typeof setTimeout>;
  /** Set from a stream's end on: an end that is over soon is not worth a word. */
  let endedAtMs: number | null = null;

  function open(): void {
    source = new EventSource(url);
    source.addEventListener("open", () => heard({ connection: "live" }));
    source.addEventListener("results", ({ data }) => heard({ results: JSON.parse(data) }));
    source.addEventListener("vitals", ({ data }) => heard({ vitals: JSON.parse(data) }));
    source.addEventListener("error", () => comeBack(returnMs()));
    clearTimeout(next);
    next = setTimeout(() => comeBack(0), ATTEMPT_MS);
  }

  function heard(message: LiveMessage): void {
    if (stopped.aborted) return;
    endedAtMs = null;
    clearTimeout(next);
    next = setTimeout(() => {
      endedAtMs = -Infinity;
      comeBack(0);
    }, SILENT_AFTER_MS);
    listener(message);
  }

  function comeBack(inMs: number): void {
    source.close();
    clearTimeout(next);
    endedAtMs ??= performance.now();
    if (performance.now() - endedAtMs > ATTEMPT_MS) listener({ connection: "lost" });
    next = setTimeout(open, inMs);
  }

  open();
  const back = () => comeBack(0);
  addEventListener("online", back);
  stopped.addEventListener("abort", () => {
    removeEventListener("online", back);
    clearTimeout(next);
    source.close();
  });
}
