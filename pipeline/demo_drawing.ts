/**
 * Drawing the demo's people in a thread of its own: it takes longer than appending them, and 46 MB, which go away
 * with the thread.
 * @module
 */
import type { NumberedRecord } from "./demo_once.ts";
import type { DrawingOrder, DrawingReply, DrawnVoters } from "./demo_people_worker.ts";
import type { Candidate } from "./election.ts";
import { onThreadFailure } from "./thread_failure.ts";

/** The people of one seed; disposing it ends the thread. */
export interface Drawing extends Disposable {
  readonly candidates: readonly Required<Candidate>[];
  /**
   * The registrations of the voters with the numbers of each piece, in the pieces' order; some are drawn ahead. To be
   * called once.
   * @throws {Error} where the thread has failed
   */
  voters(pieces: Iterable<readonly number[]>): AsyncGenerator<NumberedRecord[], void, undefined>;
}

/** So many pieces are in the thread's hands: while one is being appended, it draws the others. */
const AHEAD = 4;

/**
 * Starts the thread.
 * @param start starts a thread; for tests of what happens when one fails
 * @throws {Error} where it has failed
 */
export async function openDrawing(
  options: { seed: number; candidates: number },
  start: () => Worker = startDrawing,
): Promise<Drawing> {
  const worker = start();
  const replies: DrawingReply[] = [];
  let failure: Error | null = null;
  let arrived = () => {};

  worker.onmessage = ({ data: reply }: MessageEvent<DrawingReply>) => {
    replies.push(reply);
    arrived();
  };
  onThreadFailure(worker, (reason) => {
    failure = new Error(`The thread that draws the demo's people has failed: ${reason}`);
    arrived();
  });
  const order = (message: DrawingOrder) => worker.postMessage(message);

  async function nextReply<Reply extends DrawingReply>(): Promise<Reply> {
    while (replies.length === 0) {
      if (failure !== null) throw failure;
      await new Promise<void>((resolve) => arrived = resolve);
    }
    return replies.shift() as Reply;
  }

  order({ kind: "open", ...options });
  try {
    const { candidates } = await nextReply<Extract<DrawingReply, { kind: "candidates" }>>();
    return {
      candidates,
      async *voters(pieces) {
        const asked: (readonly number[])[] = [];
        for (const piece of pieces) {
          order({ kind: "draw", numbers: piece });
          if (asked.push(piece) === AHEAD) yield recordsOf(asked.shift()!, await nextReply<DrawnVoters>());
        }
        for (const piece of asked) yield recordsOf(piece, await nextReply<DrawnVoters>());
      },
      [Symbol.dispose]: () => worker.terminate(),
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

function recordsOf(numbers: readonly number[], { bytes, ends }: DrawnVoters): NumberedRecord[] {
  let from = 0;
  return numbers.map((number, i) => {
    const key = bytes.subarray(from, ends[2 * i]);
    const value = bytes.subarray(ends[2 * i], from = ends[2 * i + 1]);
    return { number, key, value };
  });
}

function startDrawing(): Worker {
  return new Worker(new URL("./demo_people_worker.ts", import.meta.url), { type: "module" });
}
