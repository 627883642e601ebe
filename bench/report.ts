/**
 * How a benchmark's figures are summed up, shown and kept.
 * @module
 */
import { cpus } from "node:os";

/** What every benchmark is given. */
export interface BenchOptions {
  readonly runs: number;
  /** Of the replay. */
  readonly votes: number;
  /** For which the page is left open; 0: not at all. */
  readonly minutes: number;
  /** Threads that read in a replay; 0: the main one reads. */
  readonly workers: number;
  /** The replay's votes are as Teller writes them, not as the predecessor did. */
  readonly own: boolean;
  /** Takes a CPU profile besides, of the replay. */
  readonly profile: boolean;
}

/** The middle and the ends of several runs' figures. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** Sums up one figure of several runs. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1], lower = sorted[sorted.length - 1 >> 1];
  return { median: (lower + upper) / 2, min: sorted[0], max: sorted[sorted.length - 1], runs: sorted.length };
}

/** The figure below or at which a share of all are (nearest rank). */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Prints a line to standard output. */
export function print(line: string): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}

/** Prints spreads as a table: a line per figure. */
export function printSpreads(title: string, lines: Record<string, Spread>): void {
  print(title);
  const width = Math.max(...Object.keys(lines).map((name) => name.length));
  const cells = (figures: string[]) => figures.map((figure) => figure.padStart(12)).join("");
  print(`  ${" ".repeat(width)}${cells(["median", "min", "max"])}`);
  for (const [name, { median, min, max }] of Object.entries(lines)) {
    print(`  ${name.padEnd(width)}${cells([median, min, max].map(readable))}`);
  }
}

/** What the figures depend on besides the code. */
export async function describeMachine(): Promise<Record<string, string>> {
  const cores = cpus();
  return {
    cpu: `${cores.length} × ${cores[0]?.model ?? "unknown CPU"}`,
    memory: `${Math.round(Deno.systemMemoryInfo().total / 2 ** 30)} GiB`,
    system: `${Deno.build.os} ${Deno.osRelease()}`,
    deno: `Deno ${Deno.version.deno} (V8 ${Deno.version.v8})`,
    commit: `commit ${await firstLine("git", "rev-parse", "--short", "HEAD")}`,
    load: `load before ${Deno.loadavg()[0].toFixed(1)}`,
  };
}

/** Keeps a benchmark's figures; gives the file's path. */
export async function saveReport(name: string, report: object): Promise<string> {
  const folder = new URL("./results/", import.meta.url);
  await Deno.mkdir(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = `${name}-${at.replaceAll(":", "").slice(0, 17)}.json`;
  await Deno.writeTextFile(new URL(file, folder), JSON.stringify({ at, ...report }, null, 2) + "\n");
  return `bench/results/${file}`;
}

/** The first line that a program prints. */
export async function firstLine(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n")[0];
}

function readable(figure: number): string {
  return figure.toLocaleString("en-GB", { maximumFractionDigits: figure < 10 ? 2 : figure < 1000 ? 1 : 0 });
}
