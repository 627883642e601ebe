/**
 * `GET /api/v1/live`: every new Results to everyone at once, as server-sent events.
 *
 * Each frame is encoded once and shared by all clients. Written by hand because Hono's `streamSSE` encodes
 * per client (twice the latency at 5,000) and swallows the errors of its writes.
 * @module
 */
import type { Handler } from "hono";
import type { Results } from "../pipeline/results.ts";
import type { Updates } from "../pipeline/updates.ts";
import { OPENING, type Vitals } from "../pipeline/vitals.ts";
import {
  type Frame,
  frameOf,
  HEARTBEAT,
  joinFrames,
  locationsFrame,
  resultsFrame,
  retryFrame,
  vitalsFrame,
} from "./live_frames.ts";
import { problem } from "./problem.ts";

/** Tuning of the live stream; the defaults are what the contract promises. */
export interface LiveOptions {
  /** Called after each Results was handed to every client: how long that took, and to how many. */
  onPublished?: (tookMs: number, clients: number) => void;
  /** How the pipeline is; by default the log is being opened. */
  vitals?: () => Vitals;
  heartbeatMs?: number;
  /** A browser hears events but no comments: by these it knows that the connection stands. */
  vitalsEveryMs?: number;
  /** How long a client may leave frames unread before its stream is ended. */
  stalledMs?: number;
  /** How long a stream may last; a client that is still there connects again by itself. */
  maxAgeMs?: number;
  locationsEveryMs?: number;
  /** More clients than this are a crowd: everything that is new is sent to them in one piece, less often. */
  crowd?: number;
  crowdEveryMs?: number;
  maxClients?: number;
}

/** The live stream: its route, how many listen, and its end. */
export interface Live {
  handler: Handler;
  clients(): number;
  /** Ends every stream and refuses new ones; `server.shutdown()` waits for ever without it. */
  close(): void;
}

/** The newest frame of each kind. */
interface Frames {
  results: Frame | null;
  locations: Frame | null;
  vitals: Frame | null;
}

interface Client {
  controller: ReadableStreamDefaultController<Frame>;
  /** What it has not been given because its queue was not empty; only the newest of each is kept. */
  owed: Frames;
  behindSinceMs: number | null;
  expiresMs: number;
}

/** Makes the live stream; it listens to `updates`, and keeps a timer, only while someone is connected. */
export function createLive(updates: Updates, options: LiveOptions = {}): Live {
  const {
    onPublished,
    vitals = () => OPENING,
    heartbeatMs = 15_000,
    vitalsEveryMs = 2_000,
    stalledMs = 30_000,
    maxAgeMs = 15 * 60_000,
    locationsEveryMs = 1_000,
    crowd = 1_000,
    crowdEveryMs = 1_000,
    maxClients = 10_000,
  } = options;
  const clients = new Set<Client>();
  let closed = false;
  let listening: { stop(): void } | null = null;

  function listen(): { stop(): void } {
    /** What the next round brings. */
    let news = { results: false, locations: false, vitals: false };
    let version = updates.latest().version;
    let isQuiet = true;

    /** Sends what is new to everybody, in one piece. */
    function sendRound(): void {
      const { results, locations, vitals: beat } = news;
      if (!results && !locations && !beat) return;
      news = { results: false, locations: false, vitals: false };
      isQuiet = false;
      const startedMs = performance.now();
      const newest = updates.latest();
      const frames: Partial<Frames> = {};
      if (results) frames.results = frameOf(newest, resultsFrame);
      if (locations) frames.locations = frameOf(newest, locationsFrame);
      if (beat) frames.vitals = vitalsFrame(vitals());
      for (const client of clients) give(client, frames);
      if (results) onPublished?.(performance.now() - startedMs, clients.size);
    }

    const round = createThrottle(() => clients.size > crowd ? crowdEveryMs : 0, sendRound);
    const locations = createThrottle(() => locationsEveryMs, () => {
      news.locations = true;
      round.ask();
    });
    const unsubscribe = updates.subscribe((results: Results) => {
      news.results = true;
      // First, so that they come with the results where both are due.
      if (results.version !== version) locations.ask();
      version = results.version;
      round.ask();
    });
    const beat = setInterval(() => {
      news.vitals = true;
      round.ask();
    }, vitalsEveryMs);
    const heartbeat = setInterval(() => {
      const nowMs = performance.now();
      for (const client of clients) {
        const stalled = client.behindSinceMs !== null && nowMs - client.behindSinceMs >= stalledMs;
        if (stalled || nowMs >= client.expiresMs) end(client);
        else if (isQuiet && isEmpty(client)) client.controller.enqueue(HEARTBEAT);
      }
      isQuiet = true;
    }, heartbeatMs);
    return {
      stop() {
        unsubscribe();
        round.stop();
        locations.stop();
        clearInterval(beat);
        clearInterval(heartbeat);
      },
    };
  }

  function join(controller: ReadableStreamDefaultController<Frame>): Client {
    // Spread out, so that those who came together don't come back together.
    const expiresMs = performance.now() + maxAgeMs * (1 - Math.random() / 4);
    const client: Client = {
      controller,
      owed: { results: null, locations: null, vitals: null },
      behindSinceMs: null,
      expiresMs,
    };
    const results = updates.latest();
    controller.enqueue(retryFrame());
    controller.enqueue(frameOf(results, resultsFrame));
    controller.enqueue(frameOf(results, locationsFrame));
    clients.add(client);
    listening ??= listen();
    return client;
  }

  function leave(client: Client): void {
    clients.delete(client);
    if (clients.size > 0) return;
    listening?.stop();
    listening = null;
  }

  function end(client: Client): void {
    // What is queued may still be read: closing frees the stream, where an error would leave the socket open.
    client.controller.close();
    leave(client);
  }

  function stream(): ReadableStream<Frame> {
    let client: Client;
    return new ReadableStream<Frame>({
      start: (controller) => void (client = join(controller)),
      pull: () => settle(client),
      cancel: () => leave(client),
    }, new ByteLengthQueuingStrategy({ highWaterMark: QUEUE_BYTES }));
  }

  return {
    handler(c) {
      if (closed || clients.size >= maxClients) {
        const retry = { "Retry-After": "10" };
        if (closed) return problem(c, "stopping", "The server is stopping.", retry);
        return problem(c, "too_many_listeners", "As many live streams are open as this server holds.", retry);
      }
      const headers = {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-cache, no-transform",
        "X-Accel-Buffering": "no",
      };
      // Nothing would ever read, or cancel, the stream of a HEAD request.
      return c.req.method === "HEAD" ? c.body(null, 200, headers) : c.body(stream(), 200, headers);
    },
    clients: () => clients.size,
    close() {
      closed = true;
      for (const client of clients) end(client);
    },
  };
}

// One byte: a queue is either empty, or its client is behind and is owed only the newest.
const QUEUE_BYTES = 1;

function isEmpty(client: Client): boolean {
  return client.controller.desiredSize === QUEUE_BYTES;
}

function give(client: Client, frames: Partial<Frames>): void {
  Object.assign(client.owed, frames);
  settle(client);
}

/** Hands a client what it is owed, if it has read everything before. */
function settle(client: Client): void {
  if (!isEmpty(client)) {
    client.behindSinceMs ??= performance.now();
    return;
  }
  client.behindSinceMs = null;
  const { results, locations, vitals } = client.owed;
  if (results === null && locations === null && vitals === null) return;
  client.owed = { results: null, locations: null, vitals: null };
  client.controller.enqueue(joinFrames(results, locations, vitals));
}

/** Runs `act` at once when asked, or as soon as `everyMs` have passed since it last ran. */
function createThrottle(everyMs: () => number, act: () => void): { ask(): void; stop(): void } {
  let lastMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function run(): void {
    timer = undefined;
    lastMs = performance.now();
    act();
  }
  return {
    ask() {
      if (timer !== undefined) return;
      const waitMs = lastMs + everyMs() - performance.now();
      if (waitMs <= 0) run();
      else timer = setTimeout(run, waitMs);
    },
    stop: () => clearTimeout(timer),
  };
}
