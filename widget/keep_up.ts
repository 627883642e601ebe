/**
 * Keeps up with the newest Results of a Teller: by its live stream, or by asking again and again where no stream comes
 * through, and comes back from whatever ends or silences either.
 * @module
 */
/// <reference lib="dom" />
import type { Transport } from "../islands/embed_options.ts";
import type { LiveResults } from "../islands/sentence.ts";
import { waiting, waitMs } from "./back_off.ts";

/** Who is told. */
export interface Hearer {
  results(results: LiveResults): void;
  /** A sign of life, with or without Results. */
  alive(): void;
  /** Nothing is heard at the moment; called once or more, until `alive`. */
  failing(): void;
}

/** The server says how it is every 2 s: where nothing comes for so long, nothing comes through. */
const SILENT_MS = 6_000;
/** An attempt that has brought nothing by then is given up. */
const ATTEMPT_MS = 4_000;
const POLL_EVERY_MS = 5_000;
/** Where polls get through and the stream doesn't, it is tried again after so long. */
const STREAM_AGAIN_MS = 300_000;

/** Keeps up until the signal aborts; `auto`: by the stream, or by polls where it is blocked. */
export async function keepUp(
  base: string,
  transport: Transport,
  signal: AbortSignal,
  hearer: Hearer,
): Promise<void> {
  let failures = 0;
  let streamFromMs = transport === "poll" ? Infinity : 0;
  while (!signal.aborted) {
    if (performance.now() >= streamFromMs) {
      const heard = await listen(`${base}api/v1/live`, signal, hearer);
      if (signal.aborted) return;
      hearer.failing();
      // Nothing at all came through: is it the stream, or the server?
      if (heard || transport === "sse" || !await poll(base, signal, hearer)) {
        failures = heard ? 1 : failures + 1;
        await waiting(waitMs(failures), signal);
        continue;
      }
      streamFromMs = performance.now() + STREAM_AGAIN_MS;
    } else if (!await poll(base, signal, hearer)) {
      if (signal.aborted) return;
      hearer.failing();
      if (transport === "auto") streamFromMs = 0;
      await waiting(waitMs(++failures), signal);
      continue;
    }
    failures = 0;
    await waiting(POLL_EVERY_MS * (0.8 + 0.4 * Math.random()), signal);
  }
}

/** Listens to the stream until it ends, or is silent for too long; tells whether any Results came. */
function listen(url: string, signal: AbortSignal, hearer: Hearer): Promise<boolean> {
  return new Promise((resolve) => {
    const source = new EventSource(url);
    let heard = false;
    let giveUp = setTimeout(end, ATTEMPT_MS);

    function end(): void {
      clearTimeout(giveUp);
      signal.removeEventListener("abort", end);
      // It would come back by itself, but not after every failure, and without a jitter that grows.
      source.close();
      resolve(heard);
    }

    function alive(): void {
      clearTimeout(giveUp);
      giveUp = setTimeout(end, SILENT_MS);
      hearer.alive();
    }

    source.addEventListener("results", ({ data }) => {
      heard = true;
      alive();
      hearer.results(JSON.parse(data));
    });
    source.addEventListener("vitals", alive);
    source.addEventListener("error", end);
    signal.addEventListener("abort", end);
  });
}

/** Asks once; tells whether Results came. */
async function poll(base: string, signal: AbortSignal, hearer: Hearer): Promise<boolean> {
  let results: LiveResults;
  try {
    const response = await fetch(`${base}api/v1/results`, {
      // Revalidated by the ETag each time: the browser's own copy may be stale, a CDN's is young enough.
      cache: "no-cache",
      signal: AbortSignal.timeout(ATTEMPT_MS),
    });
    if (!response.ok) return false;
    results = await response.json();
  } catch {
    return false; // The network, a time-out, or what a proxy made of the answer: all the same to who waits.
  }
  if (signal.aborted) return false;
  hearer.alive();
  hearer.results(results);
  return true;
}
