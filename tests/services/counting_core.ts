/**
 * A process that counts and answers SQL, and tells for how long its counting pauses meanwhile.
 * @module
 */
import { startChild } from "./child.ts";

/** What the process is given. */
export interface CountingOrder {
  readonly dir: string;
  /** How long a query may take. */
  readonly queryMs: number;
}

/** What counting was like for a while, as the process itself saw it; a vote is due every 10 ms. */
export interface Pause {
  readonly pid: number;
  /** Votes counted. */
  readonly counted: number;
  /** The longest time without a vote counted, whatever the reason. */
  readonly pausedMs: number;
  /** The longest that its main thread worked in one go: a machine that does other things isn't its doing. */
  readonly heldUpMs: number;
}

/** A running one. */
export interface CountingCore extends AsyncDisposable {
  readonly url: string;
  /** Holds its files. */
  readonly dir: string;
  /** What counting was like since it was asked the last time; rejects where the process has ended. */
  pause(): Promise<Pause>;
}

/** Starts one; it has a snapshot when this resolves. */
export async function startCountingCore(queryMs: number): Promise<CountingCore> {
  const dir = await Deno.makeTempDir({ prefix: "teller-counting-" });
  const order: CountingOrder = { dir, queryMs };
  const child = startChild(import.meta.resolve("./counting_core_process.ts"), order);
  const { url } = await child.heard<{ url: string }>();
  return {
    url,
    dir,
    pause: () => child.ask({}),
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}
