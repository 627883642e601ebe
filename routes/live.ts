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
  type Frames,
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

interface Client {
  controller: ReadableStreamDefaultController<Frame>;
  /** Whether it has read everything; kept here, as asking the stream takes as long as sending. */
  isEmpty: boolean;
  /** What it has not been given because its queue was not empty, only the newest of each; null: nothing. */
  owed: Frames | null;
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
    let sentMs = -Infinity;

    /** Sends what is new to everybody, in one piece. */
    function sendRound(): void {
      const { results, locations, vitals: beat } = news;
      if (!results && !locations && !beat) return;
      news = { results: false, locations: false, vitals: false };
      isQuiet = false;
      const startedMs = sentMs = performance.now();
      const newest = updates.latest();
      const frames: Frames = {
        results: results ? frameOf(newest, resultsFrame) : null,
        locations: locations ? frameOf(newest, locationsFrame) : null,
        vitals: beat ? vitalsFrame(vitals()) : null,
      };
      const whole = joinFrames(frames);
      for (const client of clients) {
        // Nearly everybody: what is done here, is done ten thousand times before the first of them has anything.
        if (client.owed === null && client.isEmpty) send(client, whole);
        else owe(client, frames);
      }
      if (results) onPublished?.(performance.now() - startedMs, clients.size);
    }

    const isCrowd = () => clients.size > crowd;
    const round = createThrottle(() => isCrowd() ? crowdEveryMs : 0, sendRound, CROWD_SLACK);
    const locations = createThrottle(() => locationsEveryMs, () => {
      news.locations = true;
      round.ask();
    });
    const unsubscribe = updates.subscribe((results: Results) => {
      news.results = true;
      const isNew = results.version !== version;
      version = results.version;
      // First, so that they come with the results where both are due; a crowd gets all together anyway.
      if (isCrowd()) news.locations ||= isNew;
      else if (isNew) locations.ask();
      // Unless they went with the locations: a round of nothing would hold up what comes next.
      if (news.results) round.ask();
    });
    const beat = setInterval(() => {
      news.vitals = true;
      // Else they come with what is next: a round of their own would hold up a crowd's results.
      if (performance.now() - sentMs >= Math.max(crowdEveryMs, vitalsEveryMs / 2)) sendRound();
    }, vitalsEveryMs);
    const heartbeat = setInterval(() => {
      const nowMs = performance.now();
      for (const client of clients) {
        const stalled = client.behindSinceMs !== null && nowMs - client.behindSinceMs >= stalledMs;
        if (stalled || nowMs >= client.expiresMs) end(client);
        else if (isQuiet && client.isEmpty) send(client, HEARTBEAT);
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
      isEmpty: false,
      owed: null,
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
      pull() {
        client.isEmpty = true;
        settle(client);
      },
      cancel: () => leave(client),
    }, { highWaterMark: QUEUE_FRAMES });
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

// One: a queue is either empty, or its client is behind and is owed only the newest.
const QUEUE_FRAMES = 1;

function send(client: Client, frame: Frame): void {
  client.isEmpty = false; // first, as the stream may tell within the next call that it is read
  client.controller.enqueue(frame);
}

/** Keeps the newest for a client that has not read everything before. */
function owe(client: Client, { results, locations, vitals }: Frames): void {
  const before = client.owed;
  client.owed = {
    results: results ?? before?.results ?? null,
    locations: locations ?? before?.locations ?? null,
    vitals: vitals ?? before?.vitals ?? null,
  };
  settle(client);
}

/** Hands a client what it is owed, if it has read everything before. */
function settle(client: Client): void {
  if (!client.isEmpty) {
    client.behindSinceMs ??= performance.now();
    return;
  }
  client.behindSinceMs = null;
  if (client.owed === null) return;
  const frame = joinFrames(client.owed);
  client.owed = null;
  send(client, frame);
}

/**
 * What a crowd gets may come early or late by this share of its interval, or Results that come in the same interval
 * would be held up for ever by one round that was late.
 */
const CROWD_SLACK = 0.1;

/**
 * Runs `act` at once when asked, or as soon as `everyMs` have passed since it last ran; give or take a share of that,
 * as `slack` says, but on average no more often.
 */
function createThrottle(
  everyMs: () => number,
  act: () => void,
  slack = 0,
): { ask(): void; stop(): void } {
  let lastMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function run(): void {
    timer = undefined;
    const nowMs = performance.now(), dueMs = lastMs + everyMs();
    // Counted from when it was due, so that there are no more of them for being early.
    lastMs = Math.abs(nowMs - dueMs) < everyMs() * slack ? dueMs : nowMs;
    act();
  }
  return {
    ask() {
      if (timer !== undefined) return;
      const waitMs = lastMs + everyMs() - performance.now();
      if (waitMs <= everyMs() * slack) run();
      else timer = setTimeout(run, waitMs);
    },
    stop: () => clearTimeout(timer),
  };
}
