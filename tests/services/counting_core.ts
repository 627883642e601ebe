/**
 * A process that counts and answers SQL, and tells for how long its counting pauses meanwhile.
 * @module
 */
import { fileURLToPath } from "node:url";

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

const PROCESS = fileURLToPath(new URL("./counting_core_process.ts", import.meta.url));

/** Starts one; it has a snapshot when this resolves. */
export async function startCountingCore(queryMs: number): Promise<CountingCore> {
  const dir = await Deno.makeTempDir({ prefix: "teller-counting-" });
  const order: CountingOrder = { dir, queryMs };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", PROCESS, JSON.stringify(order)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const heard = async <T>(): Promise<T> => {
    const { value, done } = await lines.read();
    if (done) throw new Error("the process that counts has ended");
    return JSON.parse(value); // it says one line at a time, when asked
  };
  const { url } = await heard<{ url: string }>();
  return {
    url,
    dir,
    async pause() {
      await input.write(new TextEncoder().encode("\n"));
      return await heard();
    },
    async [Symbol.asyncDispose]() {
      await input.close();
      await child.status;
      await lines.cancel();
      await Deno.remove(dir, { recursive: true });
    },
  };
}
