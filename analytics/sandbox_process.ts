/**
 * One run of the sandbox's process, from its start to its end.
 * @module
 */
import type { Answer, Refusal } from "./query.ts";
import { decodeFrames, encodeFrame, type FromSandbox, type ToSandbox } from "./sandbox_frames.ts";

/** A process that has been started. */
export interface SandboxProcess extends AsyncDisposable {
  /** Resolves when it takes questions; rejects with the reason where it ended before. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended: with its exit code or signal and what it said of that, or null where it was to end. */
  readonly ended: Promise<string | null>;
  /** Sends a question, and gives what it says to it; null where it ended before. */
  ask(message: Extract<ToSandbox, { kind: "ask" }>): Promise<Answer | Refusal | null>;
  /** Asks it to stop working on a question. */
  cancel(id: string): void;
  kill(): void;
}

/** How much is kept of what it says. */
const WORDS = 1000;

/** Starts the process. */
export function startSandboxProcess([program, ...args]: readonly string[]): SandboxProcess {
  const process = new Deno.Command(program, {
    args,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = process.stdin.getWriter();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {}); // nobody may be waiting
  const asked = new Map<string, (said: Answer | Refusal | null) => void>();
  /** Tells whoever asked last. */
  let last = () => {};

  let killed = false;
  let over = false;

  function kill(): void {
    killed = true;
    try {
      process.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended
    }
  }

  function send(message: ToSandbox): void {
    input.write(encodeFrame(message)).catch(() => {}); // it has ended, which is told by its output
  }

  async function listen(): Promise<void> {
    try {
      for await (const { header, body } of decodeFrames<FromSandbox>(process.stdout)) {
        if (header.kind === "ready") {
          ready.resolve();
          continue;
        }
        const { kind, id, spent, ...said } = header;
        const tell = asked.get(id);
        asked.delete(id);
        last = () => tell?.(kind === "answer" ? { ...said as Omit<Answer, "body">, body } : said as Refusal);
        if (spent) return kill(); // told when it has ended, so that nobody asks it any more
        last();
      }
    } catch {
      kill(); // it says what makes no sense
    }
  }

  async function run(): Promise<string | null> {
    const words = firstWords(process.stderr);
    await listen();
    const { code, signal } = await process.status;
    await input.close().catch(() => {}); // it is broken already
    const end = `${signal ?? `exit code ${code}`} ${await words}`.trim();
    ready.reject(new Error(end));
    last();
    over = true;
    for (const tell of asked.values()) tell(null);
    asked.clear();
    return killed ? null : end;
  }
  const ended = run();

  return {
    ready: ready.promise,
    ended,
    ask(message) {
      if (over) return Promise.resolve(null); // nobody would tell
      return new Promise((resolve) => {
        asked.set(message.id, resolve);
        send(message);
      });
    },
    cancel: (id) => send({ kind: "cancel", id }),
    kill,
    async [Symbol.asyncDispose]() {
      kill();
      await ended;
    },
  };
}

/** The first line with words in it of what is written to a stream, which is read to its end. */
async function firstWords(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let words = "";
  for await (const chunk of stream) {
    words = (words + decoder.decode(chunk, { stream: true })).slice(0, WORDS);
  }
  return words.split("\n").find((line) => /[a-z]/i.test(line))?.trim() ?? "";
}
