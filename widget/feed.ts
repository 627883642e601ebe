/**
 * What all widgets of a page share: one connection to a Teller, what it has sent, and what was fetched besides. It is
 * open while somebody looks on, and closed soon after nobody does.
 * @module
 */
/// <reference lib="dom" />
import type { ChartData } from "../islands/chart_data.ts";
import type { Transport } from "../islands/embed_options.ts";
import { type Newest, newest } from "../islands/newest.ts";
import type { LiveResults } from "../islands/sentence.ts";
import type { Regions } from "../pipeline/regions.ts";
import { createFetched, type Fetched } from "./fetched.ts";
import { keepUp } from "./keep_up.ts";

/** What a widget draws from. */
export interface Feed {
  /** The newest that was heard; null before anything was. */
  newest(): Newest | null;
  connection(): "waiting" | "live" | "lost" | "not_kept";
  /** Votes per region; only asked for by those who follow it. */
  readonly regions: Fetched<Regions>;
  /** Votes over time. */
  readonly charts: Fetched<ChartData>;
  /** Calls back at every change until the function returned is called. */
  follow(listener: () => void): () => void;
}

/** Regions and charts are asked for so often at most, while votes are being counted. */
const REGIONS_EVERY_MS = 2_000;
const CHARTS_EVERY_MS = 5_000;
/** A reader who scrolls past, or looks at another tab for a moment, does not cost a new connection. */
const LINGER_MS = 5_000;
/** Ends that are over sooner are not worth a word. */
const LOST_AFTER_MS = 5_000;

const feeds = new Map<string, Feed>();

/** The live feed of the Teller at `base` (with a slash at its end): one for each way of transport. */
export function liveFeed(base: string, transport: Transport): Feed {
  const name = `${transport} ${base}`;
  let feed = feeds.get(name);
  if (!feed) feeds.set(name, feed = createLiveFeed(base, transport));
  return feed;
}

function createLiveFeed(base: string, transport: Transport): Feed {
  const listeners = new Set<() => void>();
  let known: Newest | null = null;
  let connection: "waiting" | "live" | "lost" = "waiting";
  let stopped: AbortController | null = null;
  let losing: ReturnType<typeof setTimeout> | undefined;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const tell = () => [...listeners].forEach((listener) => listener());
  const regions = createFetched<Regions>(`${base}api/v1/regions`, REGIONS_EVERY_MS, tell);
  const charts = createFetched<ChartData>(`${base}charts/data.json`, CHARTS_EVERY_MS, tell);

  function hear(results: LiveResults): void {
    known = known ? newest(known, results) : { results, serverVersion: null };
    regions.want(known.results);
    charts.want(known.results);
    tell();
  }

  /** Called by every sign of life. */
  function alive(): void {
    clearTimeout(losing);
    losing = undefined;
    if (connection === "live") return;
    connection = "live";
    tell();
  }

  function failing(): void {
    losing ??= setTimeout(() => {
      connection = "lost";
      tell();
    }, LOST_AFTER_MS);
  }

  function start(): void {
    clearTimeout(leaving);
    leaving = undefined;
    if (stopped || listeners.size === 0 || document.hidden) return;
    stopped = new AbortController();
    keepUp(base, transport, stopped.signal, { results: hear, alive, failing });
  }

  function stop(): void {
    clearTimeout(leaving);
    clearTimeout(losing);
    leaving = losing = undefined;
    stopped?.abort();
    stopped = null;
  }

  function look(): void {
    if (listeners.size > 0 && !document.hidden) start();
    else leaving ??= setTimeout(stop, LINGER_MS);
  }

  document.addEventListener("visibilitychange", look);
  // A page kept for the back button must hold no connection.
  addEventListener("pagehide", stop);
  addEventListener("pageshow", start);

  return {
    newest: () => known,
    connection: () => connection,
    regions,
    charts,
    follow(listener) {
      listeners.add(listener);
      start();
      return () => {
        listeners.delete(listener);
        look();
      };
    },
  };
}

/** A feed that is asked once, for a point of the past, and then stands still. */
export function frozenFeed(base: string, asOf: string): Feed {
  const query = `?as_of=${encodeURIComponent(asOf)}`;
  const listeners = new Set<() => void>();
  const tell = () => [...listeners].forEach((listener) => listener());
  const results = createFetched<LiveResults>(`${base}api/v1/results${query}`, Infinity, tell);
  const charts = createFetched<ChartData>(`${base}charts/data.json${query}`, Infinity, tell);
  return {
    newest() {
      const known = results.latest();
      return known && { results: known, serverVersion: null };
    },
    connection: () => results.isMissing() ? "not_kept" : results.latest() ? "live" : "waiting",
    regions: { ...charts, latest: () => regionsOf(charts.latest()) },
    charts,
    follow(listener) {
      listeners.add(listener);
      const unfollow = results.follow();
      return () => {
        listeners.delete(listener);
        unfollow();
      };
    },
  };
}

/** What a snapshot's charts tell of the regions. */
function regionsOf(data: ChartData | null): Regions | null {
  if (data === null) return null;
  const { groups, ...rest } = data;
  const regions = groups.state.map(({ key, voters, votes }) => {
    const count = votes.reduce((sum, n) => sum + n, 0);
    return { state: key, count, voters, turnout: voters === 0 ? 0 : count / voters, votes };
  });
  return { ...rest, regions };
}
