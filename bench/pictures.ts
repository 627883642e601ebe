/**
 * Pictures: how long until their first byte, kept ones beside a bare Deno server that sends the same bytes, new ones
 * with what they take of the processor, and those of somebody who asks again and again while votes come in.
 * @module
 */
import { createProgress } from "../pipeline/progress.ts";
import { type Child, startChild } from "../tests/services/child.ts";
import type { PicturesOrder, PicturesQuestion, PicturesServed } from "./pictures_server.ts";
import { type BenchOptions, percentile, print, printSpreads, type Spread, spreadOf } from "./report.ts";

/** Each view as wide as by default, and the card as previews of links have it. */
const PICTURES = [
  ...["bars", "table", "card", "race", "map"].map((view) => ({ view, width: 600 })),
  { view: "card", width: 1_200 },
];
const TYPES = ["svg", "png"] as const;
/** So many are new before it is measured: the first ones are slow, as what draws them is compiled meanwhile. */
const WARM_UP = 40;
const KEPT = 100, NEW = 40;
/** Results are made so often at most; snapshots here five times as often as by default. */
const EVERY_MS = 100, FOLLOWED = 40, SAVED_EVERY = 10;

/** One picture's figures in one run, in ms. */
interface Run {
  readonly kept: number[];
  readonly bare: number[];
  readonly fresh: number[];
  /** Of the processor, by the whole process. */
  readonly freshCpu: number[];
  readonly followed: number[];
}

/** Measures each picture. */
export async function pictures({ runs }: BenchOptions): Promise<object> {
  const measured = new Map<string, Run[]>();
  const firsts: number[] = [];
  using progress = createProgress();
  for (let run = 0; run < runs; run++) {
    const dir = Deno.makeTempDirSync({ prefix: "teller-bench-" });
    try {
      await using server = startChild(
        import.meta.resolve("./pictures_server.ts"),
        { dir } satisfies PicturesOrder,
      );
      const served = await server.heard<PicturesServed>();
      firsts.push((await get(`${served.teller}/img/v1/card.png?width=599`)).ms);
      for (const type of TYPES) {
        for (const { view, width } of PICTURES) {
          const name = `${type} ${view} ${width} px`;
          const path = `${served.teller}/img/v1/${view}.${type}`;
          measured.set(name, [...measured.get(name) ?? [], await measure(server, served.bare, path, width)]);
        }
      }
    } finally {
      Deno.removeSync(dir, { recursive: true });
    }
    progress.show("pictures", run + 1, runs);
  }
  progress[Symbol.dispose]();

  const lines: Record<string, Spread> = {
    "the first PNG of all, which starts the painter": spreadOf(firsts),
  };
  /** Several pictures' figures of a run are taken as one's. */
  function add(name: string, of: Run[][], figures: (run: Run) => number[], shares: number[]): void {
    for (const share of shares) {
      const inRun = (run: number) => percentile(of.flatMap((all) => figures(all[run])), share);
      lines[`${name}, p${share * 100}`] = spreadOf(firsts.map((_, run) => inRun(run)));
    }
  }
  const both = [0.5, 0.99];
  for (const type of TYPES) {
    const ofType = [...measured].filter(([name]) => name.startsWith(type));
    const all = ofType.map(([, of]) => of);
    add(`${type}, kept`, all, ({ kept }) => kept, both);
    add(`${type}, the same bytes from a bare server`, all, ({ bare }) => bare, both);
    add(`${type}, asked for again while votes come in`, all, ({ followed }) => followed, both);
    for (const [name, of] of ofType) {
      add(`${name}, new`, [of], ({ fresh }) => fresh, both);
      add(`${name}, new, ms of the processor`, [of], ({ freshCpu }) => freshCpu, [0.5]);
    }
  }
  printSpreads(`pictures: ms until the first byte, ${runs} runs`, lines);
  print(
    `  New: never asked for in that width; while votes come in: there are other Results every ${EVERY_MS} ms`,
  );
  return { figures: lines };
}

async function measure(server: Child, bareUrl: string, path: string, width: number): Promise<Run> {
  const tell = (question: PicturesQuestion) => server.ask<number>(question);
  const address = `${path}?width=${width}`;
  let unasked = width;
  const newest = async () => {
    await tell({ count: true });
    return await get(`${path}?width=${++unasked}`);
  };
  for (let i = 0; i < WARM_UP; i++) await newest();

  const fresh: number[] = [], freshCpu: number[] = [];
  for (let i = 0; i < NEW; i++) {
    const before = await tell({ count: true });
    fresh.push((await get(`${path}?width=${++unasked}`)).ms);
    freshCpu.push(await tell({}) - before);
  }

  const { body } = await get(address);
  await (await fetch(bareUrl, { method: "POST", body })).body?.cancel();
  const kept: number[] = [], bare: number[] = [];
  for (let i = 0; i < KEPT; i++) {
    kept.push((await get(address)).ms);
    bare.push((await get(bareUrl)).ms);
  }

  const followed: number[] = [];
  for (let i = 0; i < FOLLOWED; i++) {
    const nextMs = performance.now() + EVERY_MS;
    await tell({ count: true, save: i % SAVED_EVERY === 0 });
    followed.push((await get(address)).ms);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, nextMs - performance.now())));
  }
  return { kept, bare, fresh, freshCpu, followed };
}

/** Asks for a picture, and tells when the first of it came. */
async function get(address: string): Promise<{ ms: number; body: Uint8Array<ArrayBuffer> }> {
  const fromMs = performance.now();
  const response = await fetch(address);
  if (!response.ok) throw new Error(await response.text());
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let ms = NaN;
  for await (const chunk of response.body!) {
    if (chunks.length === 0) ms = performance.now() - fromMs;
    chunks.push(chunk);
  }
  return { ms, body: await new Blob(chunks).bytes() };
}
