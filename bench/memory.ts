/**
 * Memory: what counting takes per voter and per vote with ten million voters, beside one million.
 *
 * Without a broker, as reading costs the same however many have voted. Its limit is the same fold with a tenth of the
 * voters, which fits the processor's caches better.
 * @module
 */
import { fileURLToPath } from "node:url";
import { createProgress } from "../pipeline/progress.ts";
import type { Counted } from "./memory_process.ts";
import { type BenchOptions, print, printSpreads, spreadOf } from "./report.ts";

const FEW = 1_000_000, MANY = 10_000_000;
const PROCESS = fileURLToPath(new URL("./memory_process.ts", import.meta.url));

/** Counts few and many in turns, each in a fresh process. */
export async function memory({ runs }: BenchOptions): Promise<object> {
  const few: Counted[] = [], many: Counted[] = [];
  using progress = createProgress();
  for (let run = 0; run < runs; run++) {
    few.push(await count(FEW));
    many.push(await count(MANY));
    progress.show("memory", run + 1, runs);
  }
  progress[Symbol.dispose]();

  const of = (figure: (run: number) => number) => spreadOf(few.map((_, run) => figure(run)));
  const figures = {
    "1 M: ns of CPU a vote": of((i) => few[i].votesCpuSeconds / FEW * 1e9),
    "10 M: ns of CPU a vote": of((i) => many[i].votesCpuSeconds / MANY * 1e9),
    "10 M : 1 M, a vote": of((i) => many[i].votesCpuSeconds / few[i].votesCpuSeconds * FEW / MANY),
    "10 M : 1 M, a voter": of((i) => many[i].votersCpuSeconds / few[i].votersCpuSeconds * FEW / MANY),
    "1 M: MiB at rest": of((i) => few[i].memoryBytes / 2 ** 20),
    "10 M: MiB at rest": of((i) => many[i].memoryBytes / 2 ** 20),
    "10 M: MiB at the peak of growing": of((i) => many[i].peakBytes / 2 ** 20),
    "bytes a voter at rest": of((i) => (many[i].memoryBytes - few[i].memoryBytes) / (MANY - FEW)),
    "bytes a voter at the peak": of((i) => (many[i].peakBytes - few[i].memoryBytes) / (MANY - FEW)),
    "10 M: non-empty cells of the cube": of((i) => many[i].cells),
  };
  printSpreads(`memory: as many votes as voters, in another order, ${runs} runs`, figures);
  print("  bytes a voter: what 10 M take more than 1 M, by 9 M; her vote and the cube's cells included");
  return { figures, runs: { few, many } };
}

async function count(voters: number): Promise<Counted> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", "--v8-flags=--expose-gc", PROCESS, String(voters)],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("a count failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}
