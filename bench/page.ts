/**
 * The overview in Chromium while 500 votes a second are counted on the embedded log: how soon it shows numbers on
 * a slow network, how much script it takes, whether anything moves, ten tabs at once, and what it costs to leave it open.
 * @module
 */
/// <reference lib="dom" />
import type { Browser } from "playwright-core";
import { pause } from "../pipeline/pause.ts";
import { untilResults } from "../tests/scenarios/live.ts";
import { launchChromium } from "../tests/services/chromium.ts";
import { startTeller } from "../tests/services/teller.ts";
import {
  arrive,
  type Connection,
  type Cost,
  costOf,
  type Shifts,
  shiftsOf,
  watchCost,
  watchShifts,
} from "./page_browser.ts";
import { type BenchOptions, print, printSpreads, type Spread, spreadOf } from "./report.ts";

const VOTES_PER_SECOND = 500;
/** For what is measured before the page is left open, and to spare. */
const OTHER_MINUTES = 6;
/** Memory is compared with what it was then: by then everything was loaded and drawn. */
const SETTLED_MINUTE = 5;
const SHIFT_SECONDS = 15;
const TABS = 10, TAB_SECONDS = 10;
const MINUTE_MS = 60_000, MEBI = 2 ** 20;
const never = new AbortController().signal;

/** Chrome's own profiles "Fast 4G" and, formerly "Fast 3G", "Slow 4G": DevTools, SDK's NetworkManager. */
const CONNECTIONS: Record<string, Connection> = {
  "4G": { megabitsPerSecond: 8.1, latencyMs: 165 },
  "slow 4G": { megabitsPerSecond: 1.44, latencyMs: 562.5 },
};

/** Measures in one election. */
export async function page({ runs, minutes }: BenchOptions): Promise<object> {
  const voters = VOTES_PER_SECOND * 60 * (minutes + OTHER_MINUTES);
  const command = ["dev", "--voters", String(voters), "--rate", String(VOTES_PER_SECOND)];
  await using teller = await startTeller({ command, env: { TELLER_SINKS: "off" } });
  await untilResults(teller.url, ({ totals }) => totals.voters === voters);
  await using browser = await launchChromium();
  const url = `${teller.url}/`;

  const arrivals = await measureArrivals(browser, url, runs);
  const shifts = await measureShifts(browser, url);
  const tabs = await measureTabs(browser, url);
  const open = minutes > 0 ? await measureOpen(browser, url, minutes) : null;
  return { votesPerSecond: VOTES_PER_SECOND, voters, connections: CONNECTIONS, arrivals, shifts, tabs, open };
}

async function measureArrivals(browser: Browser, url: string, runs: number): Promise<Record<string, Spread>> {
  const figures: Record<string, number[]> = {};
  for (let run = 0; run < runs; run++) {
    for (const [name, connection] of Object.entries(CONNECTIONS)) {
      await using context = await browser.newContext();
      const { firstPaintMs, numbersMs, bytes } = await arrive(await context.newPage(), url, connection);
      (figures[`${name}, ms until first contentful paint`] ??= []).push(firstPaintMs);
      (figures[`${name}, ms until votes are painted`] ??= []).push(numbersMs);
      for (const type of ["Document", "Stylesheet", "Script"]) {
        (figures[`${type.toLowerCase()}, KiB`] ??= []).push(bytes[type] / 1024);
      }
    }
  }
  const spreads = Object.fromEntries(Object.entries(figures).map(([name, all]) => [name, spreadOf(all)]));
  printSpreads(`page: first sight of it, ${runs} runs`, spreads);
  return spreads;
}

/** So tall that all of it is in sight: what moves out of sight is no shift. */
async function measureShifts(browser: Browser, url: string): Promise<Record<string, Shifts>> {
  const shifts: Record<string, Shifts> = {};
  for (const width of [360, 768, 1280]) {
    await using context = await browser.newContext({ viewport: { width, height: 6_000 } });
    const page = await context.newPage();
    await watchShifts(page);
    await page.goto(url);
    await pause(SHIFT_SECONDS * 1000, never);
    shifts[`${width} px`] = await shiftsOf(page);
    print(`layout shift at ${width} px, in ${SHIFT_SECONDS} s: ${inWords(shifts[`${width} px`])}`);
  }
  return shifts;
}

/** Every tab in a window of its own, so that all of them are looked at. */
async function measureTabs(browser: Browser, url: string): Promise<object> {
  await using context = await browser.newContext();
  const pages = [];
  for (let i = 0; i < TABS; i++) {
    const page = await context.newPage();
    await page.goto(url);
    await page.getByText("Votes show as soon as they are counted.").waitFor();
    pages.push(page);
  }
  const connections = await listenersAt(url);
  const changes = await Promise.all(
    pages.map((page) =>
      page.evaluate(async (ms) => {
        let changes = 0;
        const observer = new MutationObserver(() => changes++);
        observer.observe(document.querySelector(".bars td.votes")!, { subtree: true, characterData: true });
        await new Promise((resolve) => setTimeout(resolve, ms));
        observer.disconnect();
        return changes;
      }, TAB_SECONDS * 1000)
    ),
  );
  const changesPerSecond = spreadOf(changes.map((n) => n / TAB_SECONDS));
  printSpreads(`${TABS} tabs, ${connections} connection to the live stream`, {
    "changes per second in a tab": changesPerSecond,
  });
  return { tabs: TABS, connections, changesPerSecond };
}

async function listenersAt(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}metrics`)).text();
  return Number(/^teller_sse_clients (\d+)/m.exec(metrics)![1]);
}

async function measureOpen(browser: Browser, url: string, minutes: number): Promise<object> {
  await using context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await watchShifts(page);
  await page.goto(url);
  const watch = await watchCost(page);
  const costs: Cost[] = [await costOf(watch)];
  const startMs = Date.now();
  for (let minute = 1; minute <= minutes; minute++) {
    await pause(startMs + minute * MINUTE_MS - Date.now(), never);
    costs.push(await costOf(watch));
    print(`  minute ${minute}: ${(costs[minute].heapBytes / MEBI).toFixed(2)} MiB`);
  }
  const settled = Math.min(SETTLED_MINUTE, Math.floor(minutes / 2));
  const growth = costs.at(-1)!.heapBytes / costs[settled].heapBytes - 1;
  const share = (of: (cost: Cost) => number) =>
    spreadOf(costs.slice(1).map((cost, i) => 100 * (of(cost) - of(costs[i])) / (cost.atMs - costs[i].atMs)));
  const figures = {
    "heap after collecting, MiB": spreadOf(costs.slice(settled).map(({ heapBytes }) => heapBytes / MEBI)),
    "nodes": spreadOf(costs.slice(settled).map(({ nodes }) => nodes)),
    "listeners": spreadOf(costs.slice(settled).map(({ listeners }) => listeners)),
    "main thread busy by the clock, %": share(({ busyMs }) => busyMs),
    "of a processor, %": share(({ cpuMs }) => cpuMs),
    "· with script, %": share(({ scriptMs }) => scriptMs),
    "· with style, %": share(({ styleMs }) => styleMs),
    "· with layout, %": share(({ layoutMs }) => layoutMs),
  };
  printSpreads(`left open for ${minutes} minutes, by minute`, figures);
  print(`  heap after minute ${minutes} against minute ${settled}: ${(growth * 100).toFixed(1)} %`);
  const shifts = await shiftsOf(page);
  print(`  layout shift, all the time: ${inWords(shifts)}`);
  return { minutes, growth, figures, shifts, costs };
}

function inWords({ sum, overtakings, of }: Shifts): string {
  return [`${sum.toFixed(5)}, overtakings ${overtakings.toFixed(5)}`, ...of].join("\n    ");
}
