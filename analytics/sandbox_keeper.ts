/**
 * Keeps the sandbox's process running: starts another when one has ended, and not too often where none will start.
 * @module
 */
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";

/** What keeping it needs. */
export interface KeeperOptions {
  /** The command line that starts it. */
  readonly command: readonly string[];
  /** Told when it can't be started, and when it can again, once each; and how it ended where that wasn't meant. */
  readonly onNotice: (message: string) => void;
  /** Called whenever it has ended. */
  readonly onEnd: () => void;
}

/** Whoever keeps it. */
export interface SandboxKeeper extends AsyncDisposable {
  /** The process, while one runs. */
  process(): SandboxProcess | null;
  /** The process, started where none runs; null where that has just failed. */
  running(): Promise<SandboxProcess | null>;
}

/** How long starting may take, failures included, before those who ask are told that there is none. */
const START_MS = 5_000;
const FIRST_BACK_OFF_MS = 100, LAST_BACK_OFF_MS = 800;
/** How long nothing is tried when that has failed. */
const PAUSE_MS = 5_000;

/** Starts nothing yet. */
export function createSandboxKeeper({ command, onNotice, onEnd }: KeeperOptions): SandboxKeeper {
  let closed = false;
  let process: SandboxProcess | null = null;
  let starting: Promise<SandboxProcess | null> | null = null;
  let failing = false;
  let pausedUntilMs = 0;

  function running(): Promise<SandboxProcess | null> {
    if (process !== null || performance.now() < pausedUntilMs) return Promise.resolve(process);
    return starting ??= start().finally(() => starting = null);
  }

  async function start(): Promise<SandboxProcess | null> {
    const givenUpMs = performance.now() + START_MS;
    for (let backOffMs = FIRST_BACK_OFF_MS; !closed; backOffMs *= 2) {
      const tried = await attempt(command);
      if (typeof tried !== "string") return watch(tried);
      if (backOffMs > LAST_BACK_OFF_MS || performance.now() + backOffMs > givenUpMs) {
        pausedUntilMs = performance.now() + PAUSE_MS;
        if (!failing) {
          onNotice(`The process for analysts' SQL can't be started, so none is answered: ${tried}`);
        }
        failing = true;
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, backOffMs));
    }
    return null;
  }

  function watch(started: SandboxProcess): SandboxProcess {
    if (failing) onNotice("The process for analysts' SQL has started");
    failing = false;
    process = started;
    started.ended.then((end) => {
      process = null;
      if (!closed && end !== null) {
        onNotice(`The process for analysts' SQL ended and is started again: ${end}`);
      }
      onEnd();
      if (!closed) running(); // so that it is there when the next question comes
    });
    return started;
  }

  return {
    process: () => process,
    running,
    async [Symbol.asyncDispose]() {
      closed = true;
      await process?.[Symbol.asyncDispose]();
      await starting?.then((started) => started?.[Symbol.asyncDispose]());
    },
  };
}

/** A process that takes questions, or why there is none. */
async function attempt(command: readonly string[]): Promise<SandboxProcess | string> {
  let started: SandboxProcess;
  try {
    started = startSandboxProcess(command);
  } catch (error) {
    return String(error); // the system has no room for another process, say
  }
  const timer = setTimeout(started.kill, START_MS);
  try {
    await started.ready;
    return started;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
