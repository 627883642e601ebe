/**
 * Progress of long work: a bar with count, rate and time left, on a terminal only.
 * @module
 */
import { MultiBar, type SingleBar } from "cli-progress";
import type { Stream } from "./stream.ts";

/** Shows how far long work is, until it is disposed of. */
export interface Progress extends Disposable {
  /** Shows `done` of `total` of a stage; stages may overlap, each has its own line. */
  show(stage: string, done: number, total: number): void;
}

const FORMAT = "{stage} {bar} {percentage} %  {done}/{all}  {rate}/s  {left} s left";

/** Fewer records are read before anybody has looked. */
const WORTH_SHOWING = 50_000;

/** Shows how far a stream is with catching up, until it has or this is disposed of. */
export function showCatchingUp(stream: Stream): Disposable {
  const bars = createProgress();
  const end = () => {
    unsubscribe();
    bars[Symbol.dispose]();
  };
  const unsubscribe = stream.updates.subscribe(({ catching_up }) => {
    if (!catching_up) return end();
    const progress = stream.progress();
    if (progress === null || progress.total < WORTH_SHOWING) return;
    bars.show("Catching up", progress.done, progress.total);
  });
  return { [Symbol.dispose]: end };
}

/** Progress bars on standard error, or nothing where that is no terminal. */
export function createProgress(): Progress {
  if (!Deno.stderr.isTerminal()) return { show() {}, [Symbol.dispose]() {} };
  const bars = new MultiBar({ format: FORMAT, barsize: 28, hideCursor: true, fps: 5 });
  const stages = new Map<string, { bar: SingleBar; startedAt: number; startedWith: number }>();
  let stopped = false;
  const grouped = (n: number) => n.toLocaleString("en-GB");
  return {
    show(stage, done, total) {
      if (stopped) return;
      let shown = stages.get(stage);
      if (shown === undefined) {
        const bar = bars.create(total, done, {
          stage: stage.padEnd(10),
          done: "0",
          all: "0",
          rate: "0",
          left: "0",
        });
        stages.set(stage, shown = { bar, startedAt: performance.now(), startedWith: done });
      }
      const seconds = Math.max(performance.now() - shown.startedAt, 1) / 1000;
      const rate = (done - shown.startedWith) / seconds;
      const left = done === total ? "0" : rate === 0 ? "?" : grouped(Math.ceil((total - done) / rate));
      shown.bar.update(done, {
        done: grouped(done),
        all: grouped(total),
        rate: grouped(Math.round(rate)),
        left,
      });
    },
    [Symbol.dispose]() {
      if (!stopped) bars.stop();
      stopped = true;
    },
  };
}
