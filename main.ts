/**
 * Teller's command line: reads the settings, runs the command, and ends it on a signal.
 * @module
 */
import { type CommandName, readCommandLine, USAGE } from "./pipeline/command_line.ts";
import { type CommandIo, handOver } from "./pipeline/commands.ts";
import { type CommandAddress, type DataDir, openDataDir, ownerOf } from "./pipeline/data_dir.ts";
import { createDemo } from "./pipeline/demo_command.ts";
import { report } from "./pipeline/exit_codes.ts";
import { armFailPoint } from "./pipeline/fail_point.ts";
import { Fault } from "./pipeline/fault.ts";
import type { EventLog } from "./pipeline/log.ts";
import { createLogger } from "./pipeline/logger.ts";
import { createProgress } from "./pipeline/progress.ts";
import { rejectedCommand, type RejectedInput } from "./pipeline/rejected_command.ts";
import { readSettings } from "./pipeline/settings.ts";
import { demoInput, endInTime, type Invocation, openElection, rulesOf } from "./invocation.ts";
import { serve } from "./serve.ts";

/** Each gives its exit code. */
const COMMANDS: Record<CommandName, (invocation: Invocation) => Promise<number>> = {
  dev: serve,
  start: serve,
  demo,
  rejected,
};

/** Puts a demo election's people and votes into the configured log; the owner of DATA_DIR does it, if any. */
async function demo(invocation: Invocation): Promise<number> {
  const { logger, signal } = invocation;
  await using stack = new AsyncDisposableStack();
  const bars = stack.use(createProgress());
  const io: CommandIo = {
    progress: bars.show,
    say(message) {
      bars[Symbol.dispose]();
      logger.info(message);
    },
    signal,
  };
  return await runOnce(invocation, {
    name: "demo",
    input: { ...demoInput(invocation), fresh: invocation.fresh },
    io,
    run: async (log) =>
      void await createDemo(log, rulesOf(invocation.settings, log))(demoInput(invocation), io),
  });
}

/** Lists or replays rejected records; the owner of DATA_DIR does it, if any. */
async function rejected(invocation: Invocation): Promise<number> {
  const { settings, signal, action } = invocation;
  const io: CommandIo = { progress() {}, say: print, signal };
  const input: RejectedInput = { action: action!, json: !Deno.stdout.isTerminal() };
  return await runOnce(invocation, {
    name: "rejected",
    input,
    io,
    run: (log) => rejectedCommand(log, rulesOf(settings, log))(input, io),
  });
}

/** A command that ends by itself. */
interface OneShot {
  readonly name: string;
  readonly input: unknown;
  readonly io: CommandIo;
  /** Does it in this process. */
  run(log: EventLog): Promise<void>;
}

/** Runs a command here, or at the owner of DATA_DIR where that is another process that has the log. */
async function runOnce(invocation: Invocation, command: OneShot): Promise<number> {
  const { settings } = invocation;
  await using stack = new AsyncDisposableStack();
  let dataDir: DataDir | null = null;
  if (settings.KAFKA_BROKERS === null) {
    try {
      dataDir = stack.use(openDataDir(settings.DATA_DIR));
    } catch (fault) {
      const owner = fault instanceof Fault && fault.code === "DATA_DIR_IN_USE"
        ? ownerOf(settings.DATA_DIR)
        : null;
      if (owner?.log !== "embedded") throw fault;
      return await runAtOwner(invocation, owner, command);
    }
  }
  await command.run(stack.use(await openElection(invocation, dataDir)));
  return 0;
}

function runAtOwner(
  invocation: Invocation,
  owner: CommandAddress,
  { name, input, io }: OneShot,
): Promise<number> {
  const { settings, logger } = invocation;
  if (owner.adminTokenFile === null && settings.ADMIN_TOKEN === null) {
    throw new Fault("BAD_SETTING", "ADMIN_TOKEN is required: the Teller that owns DATA_DIR was given one");
  }
  const adminToken = owner.adminTokenFile === null
    ? settings.ADMIN_TOKEN!
    : Deno.readTextFileSync(`${settings.DATA_DIR}/${owner.adminTokenFile}`).trim();
  return handOver(owner, {
    name,
    input,
    adminToken,
    io,
    complain: (message, code) => logger.error(message, { code }),
  });
}

/** Writes a line to standard output. */
function print(line: string): void {
  let rest = new TextEncoder().encode(`${line}\n`);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

async function main(args: string[]): Promise<number> {
  const stop = new AbortController();
  // A terminal and the task runner both pass a Ctrl-C on, so a second signal is no call for haste.
  const onSignal = () => {
    if (stop.signal.aborted) return;
    stop.abort();
    endInTime(1);
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, onSignal);
  let logger = createLogger("info");
  try {
    if (args.includes("--help")) {
      await Deno.stdout.write(new TextEncoder().encode(USAGE));
      return 0;
    }
    const line = readCommandLine(args);
    const settings = readSettings(Deno.env.toObject(), line.settingFlags);
    logger = createLogger(settings.TELLER_LOG_LEVEL);
    armFailPoint(settings.TELLER_FAIL_POINT);
    return await COMMANDS[line.command]({ ...line, settings, logger, signal: stop.signal });
  } catch (fault) {
    if (fault === stop.signal.reason) return 0; // told to end while it was still waiting for the broker
    if (fault instanceof Deno.errors.BrokenPipe) return 0; // whoever read the output has seen enough
    return report(logger, fault);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
