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

/** How long those who ask wait for a start. */
const PATIENCE_MS = 5_000;
/** How long a start may take: it has the lowest priority, on a machine that may be busy. */
const START_MS = 30_000;
const FIRST_BACK_OFF_MS = 100, LAST_BACK_OFF_MS = 800;
/** How long nothing is tried when a few starts have failed. */
const PAUSE_MS = 5_000;

/** Starts nothing yet. */
export function createSandboxKeeper({ command, onNotice, onEnd }: KeeperOptions): SandboxKeeper {
  let closed = false;
  let process: SandboxProcess | null = null;
  let trying: SandboxProcess | null = null;
  let starting: Promise<SandboxProcess | null> | null = null;
  let failing = false;
  let pausedUntilMs = 0;

  async function running(): Promise<SandboxProcess | null> {
    const hopeless = failing && (starting !== null || performance.now() < pausedUntilMs);
    if (process !== null || hopeless) return process;
    starting ??= start().finally(() => starting = null);
    const patience = Promise.withResolvers<null>();
    const timer = setTimeout(() => {
      fail(`it takes longer than ${PATIENCE_MS / 1000} s`);
      patience.resolve(null);
    }, PATIENCE_MS);
    return await Promise.race([starting, patience.promise]).finally(() => clearTimeout(timer));
  }

  async function start(): Promise<SandboxProcess | null> {
    for (let backOffMs = FIRST_BACK_OFF_MS; !closed; backOffMs *= 2) {
      const reason = await attempt();
      if (reason === null) return process;
      if (backOffMs > LAST_BACK_OFF_MS) {
        pausedUntilMs = performance.now() + PAUSE_MS;
        fail(reason);
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, backOffMs));
    }
    return null;
  }

  /** Starts a process; gives the reason where it doesn't take questions. */
  async function attempt(): Promise<string | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      trying = startSandboxProcess(command);
      timer = setTimeout(trying.kill, START_MS);
      await trying.ready;
      watch(trying);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      clearTimeout(timer);
      trying = null;
    }
  }

  function fail(reason: string): void {
    if (!failing) onNotice(`The process for analysts' SQL can't be started, so none is answered: ${reason}`);
    failing = true;
  }

  function watch(started: SandboxProcess): void {
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
  }

  return {
    process: () => process,
    running,
    async [Symbol.asyncDispose]() {
      closed = true;
      trying?.kill();
      await starting;
      await process?.[Symbol.asyncDispose]();
    },
  };
}
