/**
 * Other people's pages: served on an origin of their own, as strict about what they let in as they like.
 * @module
 */
import { createHistory } from "../../analytics/history.ts";
import type { Results } from "../../pipeline/results.ts";
import type { Regions } from "../../pipeline/regions.ts";
import { captureOf, cellOf, Folder, sharedDuckDb, START } from "../analytics/captures.ts";
import { CANDIDATES } from "../routes/sample.ts";
import { serveSample } from "./browser.ts";

/** A page of a foreign site: its body, and more headers. */
export interface ForeignPage {
  body: string;
  headers?: Record<string, string>;
}

/** Serves pages by their paths, without the slash. */
export function serveForeign(pages: Record<string, ForeignPage>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const page = pages[new URL(request.url).pathname.slice(1)];
    if (!page) return new Response(null, { status: 404 });
    const html = `<!doctype html><html lang="en-GB"><head><title>A foreign page</title>` +
      `<link rel="icon" href="data:,"></head><body><main><h1>News</h1>${page.body}</main></body></html>`;
    return new Response(html, {
      headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", ...page.headers },
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The strictest policy under which the widget of `origin` works: no inline style, nothing of its own. */
export function strictPolicy(origin: string): Record<string, string> {
  return {
    "Content-Security-Policy":
      `default-src 'none'; script-src ${origin}; connect-src ${origin}; img-src ${origin} data:`,
  };
}

const SPLIT: Record<string, number[]> = {
  "Kent": [30, 50, 10],
  "Glasgow City": [20, 5, 5],
  "Powys": [7, 7, 0],
};

/** A served election with regions and a snapshot, in which the lead changes once. */
export async function serveElection(first: Results) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(new Folder());
  const snapshots = stack.use(await folder.open());
  const at = (windows: number) => START + windows * 10_000;
  await snapshots.save(captureOf(1, at(9), {
    cells: Array.from({ length: 8 }, (_, n) => [
      cellOf(at(n), { candidateId: "a1", votes: n < 3 ? 30 : 10 }),
      cellOf(at(n), { candidateId: "b2", votes: 15 + n }),
      cellOf(at(n), { candidateId: "c3", votes: 9 }),
    ]).flat(),
    groups: [{ state: "Kent", ageBand: "30–39", gender: "female", voters: 900 }],
  }));
  const history = createHistory(await sharedDuckDb(), snapshots);
  const regions = (): Regions => ({
    election: { id: first.election.id },
    version: first.version,
    as_of: first.as_of,
    candidates: CANDIDATES,
    regions: Object.entries(SPLIT).map(([state, votes]) => {
      const count = votes.reduce((sum, n) => sum + n, 0);
      return { state, count, voters: 4 * count, turnout: 0.25, votes };
    }),
  });
  const sample = stack.use(await serveSample(first, { history, regions, past: snapshots }));
  return Object.assign(sample, {
    origin: sample.url.slice(0, -1),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  });
}
