/**
 * Commands: work that only the owner of DATA_DIR can do, done by it for another process on its machine.
 * @module
 */
import { z } from "zod";
import type { CommandAddress } from "./data_dir.ts";
import { Fault } from "./fault.ts";

/** What a command needs of whoever runs it, in the process that asked or in the owner for it. */
export interface CommandIo {
  /** Shows how far a stage is; called as often as one likes. */
  progress(stage: string, done: number, total: number): void;
  /** Says something to whoever gave the command; who says much waits until it can be taken. */
  say(message: string): void | Promise<void>;
  /** Aborts when whoever gave the command wants it to end. */
  readonly signal: AbortSignal;
}

/** Work by name, with input that it checks itself. It ends early, and without a fault, when the signal aborts. */
export type Command = (input: unknown, io: CommandIo) => Promise<void>;

/** One line of the owner's answer, as JSON; `exit` is the last one's, with the command's exit code. */
export type CommandReport = z.output<typeof REPORT>;

const REPORT = z.union([
  z.object({ stage: z.string(), done: z.number(), total: z.number() }),
  z.object({ message: z.string() }),
  z.object({ error: z.string(), code: z.string() }),
  z.object({ exit: z.int() }),
]);

/** What is asked of an owner, and who listens to what it says. */
export interface Errand {
  readonly name: string;
  readonly input: unknown;
  readonly adminToken: string;
  readonly io: CommandIo;
  /** Told of what went wrong at the owner, which then exits the command with another code than 0. */
  complain(message: string, code: string): void;
}

/**
 * Has the owner of a DATA_DIR run a command, and gives the command's exit code.
 *
 * When the signal aborts, the connection ends, and with it the command at the owner.
 * @throws {Fault} COMMAND_REFUSED, COMMAND_LOST; the signal's reason when it aborts
 */
export async function handOver(owner: CommandAddress, errand: Errand): Promise<number> {
  const { name, input, adminToken, io, complain } = errand;
  const host = owner.host.includes(":") ? `[${owner.host}]` : owner.host;
  let exit: number | null = null;
  try {
    const response = await fetch(`http://${host}:${owner.port}/api/v1/commands/${name}`, {
      method: "POST",
      headers: { "Authorization": `Bearer ${adminToken}`, "Content-Type": "application/json" },
      body: JSON.stringify(input),
      signal: io.signal,
    });
    if (!response.ok || response.body === null) throw await refusal(response);
    for await (const line of linesOf(response.body)) {
      const report = REPORT.parse(JSON.parse(line));
      if ("stage" in report) io.progress(report.stage, report.done, report.total);
      else if ("message" in report) io.say(report.message);
      else if ("error" in report) complain(report.error, report.code);
      else exit = report.exit;
    }
  } catch (cause) {
    if (io.signal.aborted) {
      io.say("Interrupted: it ends in the Teller that owns DATA_DIR, too");
      throw io.signal.reason;
    }
    if (cause instanceof Fault) throw cause;
    throw lost(cause);
  }
  if (exit === null) throw lost();
  return exit;
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

async function refusal(response: Response): Promise<Fault> {
  const { detail } = z.object({ detail: z.string() }).parse(await response.json());
  // Said to whoever asks over HTTP; here it is known where the token came from.
  const reason = response.status === 401 ? "it has another ADMIN_TOKEN" : detail;
  return new Fault("COMMAND_REFUSED", `The Teller that owns DATA_DIR refused: ${reason}`);
}

function lost(cause?: unknown): Fault {
  return new Fault("COMMAND_LOST", "The Teller that owns DATA_DIR went away before the command had ended", {
    cause,
  });
}

/** Runs work one at a time: who comes while some is under way is refused. */
export function createTurn(what: string): <T>(work: () => Promise<T>) => Promise<T> {
  let taken = false;
  return async (work) => {
    if (taken) throw new Fault("COMMAND_RUNNING", `${what} is running already; try again when it has ended`);
    taken = true;
    try {
      return await work();
    } finally {
      taken = false;
    }
  };
}
