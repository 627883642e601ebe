/**
 * Where the time went, by a CPU profile: `deno run --allow-read bench/top_costs.ts FILE.cpuprofile`.
 * @module
 */

import { print } from "./report.ts";

/** What of V8's profile format is used. Times are in µs. */
interface CpuProfile {
  readonly nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  readonly samples: number[];
  readonly timeDeltas: number[];
}

/** A function's own time, without what it calls. */
export interface Cost {
  readonly function: string;
  readonly selfMs: number;
  /** Of all time sampled, idle time included. */
  readonly share: number;
}

const SHOWN = 25;

/** Sums a profile up by function and by file, most expensive first, and prints that. */
export function printTopCosts(file: string): { functions: Cost[]; files: Cost[] } {
  const profile: CpuProfile = JSON.parse(Deno.readTextFileSync(file));
  const costs = {
    functions: costsBy(profile, ({ functionName, url, lineNumber }) => {
      const at = url === "" ? "" : ` ${shortName(url)}:${lineNumber + 1}`;
      return `${functionName || "(anonymous)"}${at}`;
    }),
    files: costsBy(profile, ({ url, functionName }) => url === "" ? functionName : shortName(url)),
  };
  for (const [by, list] of Object.entries(costs)) {
    print(`\n  self time by ${by}`);
    for (const { function: name, selfMs, share } of list) {
      const percent = (share * 100).toFixed(1);
      print(`  ${percent.padStart(5)} % ${selfMs.toFixed(0).padStart(6)} ms  ${name}`);
    }
  }
  return costs;
}

type CallFrame = CpuProfile["nodes"][number]["callFrame"];

function costsBy({ nodes, samples, timeDeltas }: CpuProfile, nameOf: (frame: CallFrame) => string): Cost[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const selfUs = new Map<string, number>();
  let allUs = 0;
  samples.forEach((id, i) => {
    // A delta is the time before its sample, so what a sample stands for is the delta behind it.
    const us = timeDeltas[i + 1] ?? 0;
    selfUs.set(names.get(id)!, (selfUs.get(names.get(id)!) ?? 0) + us);
    allUs += us;
  });
  return [...selfUs].sort((a, b) => b[1] - a[1]).slice(0, SHOWN)
    .map(([name, us]) => ({ function: name, selfMs: us / 1000, share: us / allUs }));
}

/** The path from the project's root on, or from a package's name on. */
function shortName(url: string): string {
  return url.replace(new URL("../", import.meta.url).href, "").replace(/^.*node_modules\//, "");
}

if (import.meta.main) printTopCosts(Deno.args[0]);
