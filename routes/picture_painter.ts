/**
 * The main thread's side of the worker that makes PNGs: one picture at a time, and few that wait.
 * @module
 */

/** What the worker is asked: an SVG, and how wide its picture is to be, in px. */
export interface PaintingJob {
  readonly svg: string;
  readonly width: number;
}

/** What it answers. */
export type PaintingReply = { readonly png: Uint8Array<ArrayBuffer> } | { readonly failed: string };

/** Turns SVG into PNG. */
export interface Painter extends Disposable {
  /**
   * The picture; "busy" where too many are waiting.
   * @throws where the SVG can't be drawn, or the painter is disposed of
   */
  paint(job: PaintingJob): Promise<Uint8Array<ArrayBuffer> | "busy">;
}

const MAX_WAITING = 8;

/** Makes a painter; its worker is started by the first picture, as it takes memory that many never need. */
export function createPainter(): Painter {
  let worker: Worker | null = null;
  let answer: PromiseWithResolvers<PaintingReply> | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  function start(): Worker {
    const started = new Worker(new URL("./picture_worker.ts", import.meta.url), { type: "module" });
    started.onmessage = ({ data }: MessageEvent<PaintingReply>) => answer?.resolve(data);
    started.onerror = (event) => {
      event.preventDefault(); // else it would end this process, and with it the count
      stop(event.message);
    };
    return started;
  }

  /** The next picture gets a new worker. */
  function stop(reason: string): void {
    worker?.terminate();
    worker = null;
    answer?.resolve({ failed: reason });
  }

  async function paintNow(job: PaintingJob): Promise<Uint8Array<ArrayBuffer>> {
    answer = Promise.withResolvers();
    worker ??= start();
    worker.postMessage(job);
    const reply = await answer.promise;
    answer = null;
    if ("failed" in reply) throw new Error(`A picture could not be drawn: ${reply.failed}`);
    return reply.png;
  }

  return {
    paint(job) {
      if (waiting >= MAX_WAITING) return Promise.resolve("busy");
      waiting++;
      const painted = queue.then(() => paintNow(job)).finally(() => waiting--);
      queue = painted.catch(() => {}); // whoever asked is told
      return painted;
    },
    [Symbol.dispose]: () => stop("the painter is closed"),
  };
}
