/**
 * Teller's command line: reads the settings, runs the command, and ends it on a signal.
 * @module
 */
import { backUp, linesOfBackup } from "./pipeline/backup.ts";
import { type CommandName, readCommandLine, USAGE } from "./pipeline/command_line.ts";
import { type CommandIo, handOver } from "./pipeline/commands.ts";
import { type CommandAddress, type DataDir, openDataDir, ownerOf } from "./pipeline/data_dir.ts";
import { createDemo } from "./pipeline/demo_command.ts";
import { INTERRUPTED, report } from "./pipeline/exit_codes.ts";
import { armFailPoint } from "./pipeline/fail_point.ts";
import { Fault } from "./pipeline/fault.ts";
import type { EventLog } from "./pipeline/log.ts";
import { createLogger } from "./pipeline/logger.ts";
import { openPostgres } from "./pipeline/postgres.ts";
import { createProgress } from "./pipeline/progress.ts";
import { recountCommand } from "./pipeline/recount_command.ts";
import { rejectedCommand, type RejectedInput } from "./pipeline/rejected_command.ts";
import { readSettings } from "./pipeline/settings.ts";
import { demoInput, endInTime, type Invocation, openElection, rulesOf } from "./invocation.ts";

/** Each gives its exit code. */
const COMMANDS: Record<CommandName, (invocation: Invocation) => Promise<number>> = {
  dev: serving,
  start: serving,
  demo,
  rejected,
  recount,
  backup,
};

/** Loaded by those who serve: DuckDB comes with it, which takes time, memory and a permission of its own. */
async function serving(invocation: Invocation): Promise<number> {
  const { serve } = await import("./serve.ts");
  return await serve(invocation);
}

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

/** Counts again and compares; the owner of DATA_DIR does it, if any, as it has what is shown right now. */
async function recount(invocation: Invocation): Promise<number> {
  const { settings, logger, signal } = invocation;
  await using stack = new AsyncDisposableStack();
  const bars = stack.use(createProgress());
  const say = (message: string) => {
    bars[Symbol.dispose]();
    print(message);
  };
  const io: CommandIo = { progress: bars.show, say, signal };
  return await unlessInterrupted(
    signal,
    runOnce(invocation, {
      name: "recount",
      input: {},
      io,
      ownsDataDir: true,
      async run(log) {
        const { readNewestSnapshot } = await import("./analytics/snapshot_reading.ts"); // DuckDB again
        const dir = `${settings.DATA_DIR}/postgres`;
        const without = settings.TELLER_SINKS === "off"
          ? "TELLER_SINKS is off"
          : settings.DATABASE_URL === null && !isThere(dir)
          ? "there is no embedded database yet"
          : null;
        const onNotice = (message: string) => logger.warning(message);
        const database = without === null
          ? stack.use(await openPostgres({ url: settings.DATABASE_URL, dir, onNotice, signal }))
          : null;
        await recountCommand({
          log,
          rules: rulesOf(settings, log),
          latest: null,
          readSnapshot: () => readNewestSnapshot(`${settings.DATA_DIR}/snapshots`),
          postgres: () => database?.sql ?? { without: without! },
        })({}, io);
      },
    }),
  );
}

/** Copies DATA_DIR; its owner needn't know. */
async function backup({ settings, target, signal }: Invocation): Promise<number> {
  using bars = createProgress();
  const summary = await backUp({ dataDir: settings.DATA_DIR, target: target!, progress: bars.show, signal });
  bars[Symbol.dispose]();
  if (summary === null) print("Interrupted: nothing was kept of the backup");
  else for (const line of linesOfBackup(summary)) print(line);
  return summary === null ? INTERRUPTED : 0;
}

/** The exit code of a command whose outcome is an answer, which an interrupted one has not given. */
async function unlessInterrupted(signal: AbortSignal, work: Promise<number>): Promise<number> {
  try {
    const code = await work;
    return signal.aborted ? INTERRUPTED : code;
  } catch (fault) {
    if (fault === signal.reason) return INTERRUPTED;
    throw fault;
  }
}

/** A command that ends by itself. */
interface OneShot {
  readonly name: string;
  readonly input: unknown;
  readonly io: CommandIo;
  /** Whether it needs DATA_DIR, or its owner, even where the log is a broker's. */
  readonly ownsDataDir?: boolean;
  /** Does it in this process. */
  run(log: EventLog): Promise<void>;
}

/** Runs a command here, or at the owner of DATA_DIR where that is another process that has the log. */
async function runOnce(invocation: Invocation, command: OneShot): Promise<number> {
  const { settings } = invocation;
  await using stack = new AsyncDisposableStack();
  let dataDir: DataDir | null = null;
  if (settings.KAFKA_BROKERS === null || command.ownsDataDir) {
    try {
      dataDir = stack.use(openDataDir(settings.DATA_DIR));
    } catch (fault) {
      const owner = fault instanceof Fault && fault.code === "DATA_DIR_IN_USE"
        ? ownerOf(settings.DATA_DIR)
        : null;
      if (owner === null || (owner.log !== "embedded" && !command.ownsDataDir)) throw fault;
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

function isThere(dir: string): boolean {
  try {
    return Deno.statSync(dir).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
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
