/**
 * `POST /api/v1/commands/NAME`: work that only the owner of DATA_DIR can do, for other processes on its machine.
 * @module
 */
import type { Context, Handler } from "hono";
import type { Command, CommandReport } from "../pipeline/commands.ts";
import { isLoopback } from "../pipeline/settings.ts";
import type { Access } from "./access.ts";
import { readJson } from "./body.ts";
import { problem } from "./problem.ts";

/** What the route needs. */
export interface CommandsOptions {
  readonly commands: Readonly<Record<string, Command>>;
  readonly access: Access;
  /** What a fault is for whoever gave the command: what to say, with a code, and the exit code. */
  readonly explain: (fault: unknown) => { exit: number; code: string; message: string };
}

/** The route, and the end of every command that it runs. */
export interface Commands {
  readonly handler: Handler;
  /** Ends the commands under way, waits for them, and refuses new ones. */
  close(): Promise<void>;
}

/** A line is for people: more than a few a second say nothing more. */
const PROGRESS_EVERY_MS = 200;
const MAX_INPUT_BYTES = 8 * 1024;
/** So much may wait to be read before a command that says much is held up. */
const UNREAD_BYTES = 64 * 1024;
/** What a proxy adds: a request that came through one only looks as if it were from this machine. */
const FORWARDED = /^(forwarded|x-forwarded-.*|x-real-ip|via)$/i;

/** Where a command's answer goes. */
interface Answering {
  readonly signal: AbortSignal;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** Resolves when more can be taken, or when nobody wants it any more. */
  room(): void | Promise<void>;
}

/** Makes the route; it answers with a line of JSON for each report, the last one with the exit code. */
export function createCommands({ commands, access, explain }: CommandsOptions): Commands {
  const ending = new AbortController();
  const underWay = new Set<Promise<void>>();

  function run(command: Command, input: unknown): ReadableStream<Uint8Array> {
    const gone = new AbortController();
    const signal = AbortSignal.any([ending.signal, gone.signal]);
    let full: PromiseWithResolvers<void> | null = null;
    const goOn = () => {
      full?.resolve();
      full = null;
    };
    signal.addEventListener("abort", goOn);
    return new ReadableStream<Uint8Array>({
      start(controller) {
        const room = (): void | Promise<void> => {
          if (signal.aborted || (controller.desiredSize ?? 1) > 0) return;
          full ??= Promise.withResolvers();
          return full.promise;
        };
        const work = answer(command, input, { signal, controller, room })
          .finally(() => underWay.delete(work));
        underWay.add(work);
      },
      pull: goOn,
      cancel: () => gone.abort(),
    }, { highWaterMark: UNREAD_BYTES, size: (line) => line!.length });
  }

  async function answer(
    command: Command,
    input: unknown,
    { signal, controller, room }: Answering,
  ): Promise<void> {
    let cancelled = false;
    const report = (line: CommandReport) => {
      if (cancelled) return;
      try {
        controller.enqueue(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        cancelled = true; // nobody listens any more, and the signal has said so
      }
    };
    let exit = 0;
    try {
      const progress = throttled(report);
      const say = (message: string) => {
        report({ message });
        return room();
      };
      await command(input, { progress, say, signal });
    } catch (fault) {
      const explained = explain(fault);
      report({ error: explained.message, code: explained.code });
      exit = explained.exit;
    }
    report({ exit });
    if (!cancelled) controller.close();
  }

  return {
    async handler(c) {
      if (!isFromThisMachine(c)) {
        return problem(c, "not_local", "Commands are taken from this machine only, and not through a proxy.");
      }
      const blocked = access.blocked(c);
      if (blocked !== null) return blocked;
      if (!access.isAdmin(c)) return access.unauthorized(c);
      const name = c.req.param("name")!;
      if (!Object.hasOwn(commands, name)) return problem(c, "not_found", "There is no such command.");
      if (ending.signal.aborted) return problem(c, "stopping", "The server is stopping.");
      const body = await readJson(c, { bytes: MAX_INPUT_BYTES });
      if ("refused" in body) return body.refused;
      return c.body(run(commands[name], body.json), 200, {
        "Content-Type": "application/x-ndjson",
        "Cache-Control": "no-store",
      });
    },
    async close() {
      ending.abort();
      await Promise.all(underWay);
    },
  };
}

/** By the peer's address, which only `Deno.serve` knows: without one the answer is no. */
function isFromThisMachine(c: Context): boolean {
  const { remoteAddr } = (c.env ?? {}) as Partial<Deno.ServeHandlerInfo<Deno.NetAddr>>;
  if (remoteAddr === undefined || !isLoopback(remoteAddr.hostname.replace(/^::ffff:/, ""))) return false;
  return ![...c.req.raw.headers.keys()].some((name) => FORWARDED.test(name));
}

/** Reports each stage's first progress, its end, and now and then what is between. */
function throttled(report: (line: CommandReport) => void) {
  const reportedAt = new Map<string, number>();
  const ended = new Set<string>();
  return (stage: string, done: number, total: number) => {
    const now = performance.now();
    const isEnd = done === total && !ended.has(stage);
    if (!isEnd && now - (reportedAt.get(stage) ?? -Infinity) < PROGRESS_EVERY_MS) return;
    if (isEnd) ended.add(stage);
    reportedAt.set(stage, now);
    report({ stage, done, total });
  };
}
