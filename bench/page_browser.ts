/**
 * What Chromium tells of a page that it shows: when it painted, what it loaded, what moved, what it costs.
 * @module
 */
/// <reference lib="dom" />
import type { CDPSession, Page } from "playwright-core";
import { pause } from "../pipeline/pause.ts";

/** A connection as Chromium imitates it: every answer waits for the latency, and then comes at that rate. */
export interface Connection {
  readonly megabitsPerSecond: number;
  readonly latencyMs: number;
}

/** A page's first seconds. Times are in ms from navigation. */
export interface Arrival {
  readonly firstPaintMs: number;
  /** The first frame that had the candidates' votes in it. */
  readonly numbersMs: number;
  /** As they came over the network, with headers, compressed or not, by Chromium's types of resources. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** What a page has cost since it began, as Chromium sums it up: its heap, and the time of its main thread. */
export interface Cost {
  readonly atMs: number;
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
  /** By the clock: on a machine that does other things too, it holds the time that those took. */
  readonly busyMs: number;
  /** Of a processor: all of it, and parts of that. */
  readonly cpuMs: number;
  readonly scriptMs: number;
  readonly styleMs: number;
  readonly layoutMs: number;
}

const BITS = 8, MEGA = 1_000_000;
const LOOKS = 5, LOOK_EVERY_MS = 300;

/** Loads an address into a page that was never there, and waits until it is all there. */
export async function arrive(page: Page, url: string, connection: Connection): Promise<Arrival> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: connection.latencyMs,
    downloadThroughput: connection.megabitsPerSecond * MEGA / BITS,
    uploadThroughput: connection.megabitsPerSecond * MEGA / BITS,
  });
  const bytes: Record<string, number> = {};
  const types = new Map<string, string>();
  cdp.on("Network.responseReceived", ({ requestId, type }) => types.set(requestId, type));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const type = types.get(requestId)!;
    bytes[type] = (bytes[type] ?? 0) + encodedDataLength;
  });
  await page.addInitScript(watchForNumbers);
  await page.goto(url);
  // What draws is loaded when there is something new to draw, and then draws it.
  const drawn = await page.locator("#race .wide svg").elementHandle();
  await page.waitForFunction((drawn) => !drawn?.isConnected, drawn);
  const times = await page.evaluate(() => ({
    firstPaintMs: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    numbersMs: (globalThis as unknown as { numbersMs: number }).numbersMs,
  }));
  return { ...times, bytes };
}

/** Runs in the page, from before it begins. */
function watchForNumbers(): void {
  const look = () => {
    const isPainted = performance.getEntriesByName("first-contentful-paint").length > 0;
    if (isPainted && document.querySelector(".bars td.votes")) {
      Object.assign(globalThis, { numbersMs: performance.now() });
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Layout shifts of a page since it began. */
export interface Shifts {
  /** All but overtakings. */
  sum: number;
  /** Rows that changed places, as one candidate overtook another. */
  overtakings: number;
  /** The worst but for overtakings, and what that moved. */
  worst: number;
  of: string[];
}

/** Makes a page, whatever it shows from now on, sum up its layout shifts. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    interface LayoutShift extends PerformanceEntry {
      value: number;
      sources: { node: Node | null }[];
    }
    const shifts: Shifts = { sum: 0, overtakings: 0, worst: 0, of: [] };
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as LayoutShift[]) {
        const moved = sources.map(({ node }) => node instanceof Element ? node : node?.parentElement);
        if (
          moved.every((element) => element?.closest(".bars tbody")) &&
          moved.some((element) => element?.matches("tr"))
        ) {
          shifts.overtakings += value;
          continue;
        }
        shifts.sum += value;
        if (value <= shifts.worst) continue;
        shifts.worst = value;
        shifts.of = moved.map((element) => element?.outerHTML.slice(0, 100) ?? "what is gone by now");
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** @see watchShifts */
export function shiftsOf(page: Page): Promise<Shifts> {
  return page.evaluate(() => (globalThis as unknown as { shifts: Shifts }).shifts);
}

/** Those that `costOf` asks, by how they measure time. */
export interface CostWatch {
  readonly wall: CDPSession;
  readonly cpu: CDPSession;
}

/** Makes Chromium sum up what a page costs. */
export async function watchCost(page: Page): Promise<CostWatch> {
  const watch = async (timeDomain: "timeTicks" | "threadTicks") => {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable", { timeDomain });
    return cdp;
  };
  return { wall: await watch("timeTicks"), cpu: await watch("threadTicks") };
}

/** What the page costs, what nobody refers to any more left out. */
export async function costOf({ wall, cpu }: CostWatch): Promise<Cost> {
  // What it was busy with is asked first: collecting is not the page's doing.
  const [busy, used] = await Promise.all([metricsOf(wall), metricsOf(cpu)]);
  // What is on its way at that moment stands in the heap too, so the least of several looks is what is kept.
  const looks = [];
  for (let i = 0; i < LOOKS; i++) {
    await pause(LOOK_EVERY_MS, new AbortController().signal);
    await wall.send("HeapProfiler.collectGarbage");
    looks.push(await metricsOf(wall));
  }
  const kept = looks.reduce((least, look) => look.JSHeapUsedSize < least.JSHeapUsedSize ? look : least);
  return {
    atMs: Date.now(),
    heapBytes: kept.JSHeapUsedSize,
    nodes: kept.Nodes,
    listeners: kept.JSEventListeners,
    busyMs: 1000 * busy.TaskDuration,
    cpuMs: 1000 * used.TaskDuration,
    scriptMs: 1000 * used.ScriptDuration,
    styleMs: 1000 * used.RecalcStyleDuration,
    layoutMs: 1000 * used.LayoutDuration,
  };
}

async function metricsOf(cdp: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
