/**
 * The live stream at 10,000 viewers and one event a second, beside a bare Deno server that sends the same bytes:
 * how late the last viewers get it, what a viewer costs in memory, and what viewers do that stop reading.
 *
 * Server and viewers are a process each; the two servers take turns.
 * @module
 */
import { createProgress } from "../pipeline/progress.ts";
import { startChild } from "../tests/services/child.ts";
import { type BenchOptions, print, printSpreads, spreadOf } from "./report.ts";
import type { SseMeasured, SseQuestion } from "./sse_clients.ts";
import type { SseOrder } from "./sse_server.ts";

const FEW = 1_000, MANY = 10_000, STALLED = 1_000;
const SECONDS = 10, SETTLE_SECONDS = 2;

/** One server's figures in one run. */
interface Run {
  readonly reading: SseMeasured;
  /** Some of the viewers read nothing: what the others get. */
  readonly besideStalled: SseMeasured;
  readonly bytesPerViewer: number;
}

/** Measures Teller and the bare server in turns. */
export async function sse({ runs }: BenchOptions): Promise<object> {
  const tellers: Run[] = [], bares: Run[] = [];
  using progress = createProgress();
  for (let run = 0; run < runs; run++) {
    tellers.push(await measure("Teller"));
    bares.push(await measure("bare"));
    progress.show("sse", run + 1, runs);
  }
  progress[Symbol.dispose]();

  const of = (figure: (teller: Run, bare: Run) => number) =>
    spreadOf(tellers.map((teller, i) => figure(teller, bares[i])));
  const figures = {
    "Teller, ms until read, p50": of((teller) => teller.reading.p50),
    "Teller, ms until read, p99": of((teller) => teller.reading.p99),
    "bare, ms until read, p50": of((_, bare) => bare.reading.p50),
    "bare, ms until read, p99": of((_, bare) => bare.reading.p99),
    "Teller : bare, p99": of((teller, bare) => teller.reading.p99 / bare.reading.p99),
    "Teller, KiB of memory a viewer": of((teller) => teller.bytesPerViewer / 1024),
    "bare, KiB of memory a viewer": of((_, bare) => bare.bytesPerViewer / 1024),
    "Teller : bare, memory a viewer": of((teller, bare) => teller.bytesPerViewer / bare.bytesPerViewer),
    "Teller, events a viewer and second": of((teller) => teller.reading.events / MANY / SECONDS),
    "bare, events a viewer and second": of((_, bare) => bare.reading.events / MANY / SECONDS),
    [`Teller, p99 beside ${STALLED} that stopped reading`]: of((teller) => teller.besideStalled.p99),
    "Teller, that : p99 where all read": of(({ reading, besideStalled }) => besideStalled.p99 / reading.p99),
    "bare, that : p99 where all read": of((_, bare) => bare.besideStalled.p99 / bare.reading.p99),
  };
  printSpreads(
    `sse: ${MANY.toLocaleString("en-GB")} viewers, one event a second for ${SECONDS} s, ${runs} runs`,
    figures,
  );
  print(`  Memory is what the process has more with ${MANY} than with ${FEW}, after collecting garbage`);
  return { viewers: MANY, stalled: STALLED, seconds: SECONDS, figures, runs: { tellers, bares } };
}

async function measure(name: SseOrder["server"]): Promise<Run> {
  await using server = startChild(
    import.meta.resolve("./sse_server.ts"),
    { server: name } satisfies SseOrder,
    "expose-gc",
  );
  await using viewers = startChild(import.meta.resolve("./sse_clients.ts"), await server.heard<string>());
  const ask = <T>(question: SseQuestion) => viewers.ask<T>(question);
  const memory = () => server.ask<number>({});

  await ask({ connect: FEW });
  await ask({ measureSeconds: SETTLE_SECONDS });
  const before = await memory();
  await ask({ connect: MANY - FEW });
  await ask({ measureSeconds: SETTLE_SECONDS });
  const reading = await ask<SseMeasured>({ measureSeconds: SECONDS });
  const bytesPerViewer = (await memory() - before) / (MANY - FEW);
  await ask({ stall: STALLED });
  await ask({ measureSeconds: SETTLE_SECONDS });
  const besideStalled = await ask<SseMeasured>({ measureSeconds: SECONDS });
  return { reading, besideStalled, bytesPerViewer };
}
