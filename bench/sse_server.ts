/**
 * Sends Results once a second to whoever listens: as Teller does, its whole web application before it, or as
 * barely as Deno can, the same bytes in one piece.
 *
 * Says its address, and how much memory it has whenever it is asked; ends with its input.
 * @module
 */
import type { Results } from "../pipeline/results.ts";
import { type Frame, locationsFrame, resultsFrame, vitalsFrame } from "../routes/live_frames.ts";
import { openServer } from "../routes/server.ts";
import { openSample, resultsOf, VITALS } from "../tests/routes/sample.ts";
import { orderOf, questions, say } from "../tests/services/child.ts";

/** What is to be served. */
export interface SseOrder {
  readonly server: "Teller" | "bare";
}

const EVERY_MS = 1_000;
const STATES = 48;
const encoder = new TextEncoder();
const order = orderOf<SseOrder>();
let votes = 0;

/** As of now, with one more vote each time. */
function nextResults(): Results {
  votes++;
  return {
    ...resultsOf([9_000_000 + votes, 8_000_000, 7_000_000], { as_of: new Date().toISOString() }, 30_000_000),
    locations: Array.from({ length: STATES }, (_, i) => (
      { state: `Administrative county ${i}`, count: 500_000 + i, voters: 625_000, turnout: 0.8 }
    )),
  };
}

/** The least that Deno can do: a stream for each client, and the same bytes into each. */
function openBare(): AsyncDisposable & { port: number; publish: (results: Results) => void } {
  const clients = new Set<ReadableStreamDefaultController<Frame>>();
  const headers = { "Content-Type": "text/event-stream" };
  const server = openServer("127.0.0.1", 0, () => {
    let client: ReadableStreamDefaultController<Frame>;
    const stream = new ReadableStream<Frame>({
      start: (controller) => void clients.add(client = controller),
      cancel: () => void clients.delete(client),
    });
    return new Response(stream, { headers });
  });
  return {
    port: server.port,
    publish(results) {
      // Teller's own come every two seconds.
      const vitals = votes % 2 === 0 ? vitalsFrame(VITALS) : new Uint8Array();
      const texts = encoder.encode(resultsFrame(results) + locationsFrame(results));
      const frame = new Uint8Array([...texts, ...vitals]);
      for (const client of clients) client.enqueue(frame);
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function openTeller(): Promise<
  AsyncDisposable & { port: number; publish: (results: Results) => void }
> {
  const { app, live, publish } = await openSample(nextResults());
  const server = openServer("127.0.0.1", 0, app.fetch);
  return {
    port: server.port,
    publish,
    async [Symbol.asyncDispose]() {
      live.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

await using server = order.server === "Teller" ? await openTeller() : openBare();
const timer = setInterval(() => server.publish(nextResults()), EVERY_MS);
say(`http://127.0.0.1:${server.port}`);
for await (const _ of questions()) {
  (globalThis as { gc?: () => void }).gc!();
  say(Deno.memoryUsage().rss);
}
clearInterval(timer);
