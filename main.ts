/**
 * Teller's command line: reads the settings, puts the parts together in the order of the data, and ends them
 * in reverse on a signal.
 * @module
 */
import { type CommandLine, type CommandName, readCommandLine, USAGE } from "./pipeline/command_line.ts";
import { openDataDir } from "./pipeline/data_dir.ts";
import type { DemoOptions } from "./pipeline/demo.ts";
import { Fault, type FaultCode } from "./pipeline/fault.ts";
import { type EventLog, TOPIC_NAMES } from "./pipeline/log.ts";
import { timedLog } from "./pipeline/log_timed.ts";
import { createLogger, type Logger } from "./pipeline/logger.ts";
import { openLog } from "./pipeline/open_log.ts";
import { partitionerOf } from "./pipeline/partitioner.ts";
import { createProgress } from "./pipeline/progress.ts";
import { readSettings, type Settings } from "./pipeline/settings.ts";
import { fillPostgres } from "./pipeline/sink_postgres.ts";
import { startStream } from "./pipeline/stream.ts";
import { createApp } from "./routes/app.ts";
import { loadAssets } from "./routes/assets.ts";
import { createLive } from "./routes/live.ts";
import { createMetrics } from "./routes/metrics.ts";
import { openServer, urlOf } from "./routes/server.ts";

/** How long a clean end may take before the process ends anyway. */
const SHUTDOWN_MS = 4_000;
/** How long a one-shot command waits for a broker. */
const ONE_SHOT_WAIT_MS = 30_000;

/** What the process exits with for each fault; 0 is a clean end, 1 a defect. The README explains them. */
const EXIT_CODES: Record<FaultCode, number> = {
  ASSETS_MISSING: 66,
  BAD_SETTING: 2,
  DATA_DIR_IN_USE: 75,
  DATA_DIR_UNUSABLE: 73,
  ELECTION_EXISTS: 65,
  LOG_CLOSED: 70,
  LOG_REFUSED: 77,
  LOG_UNAVAILABLE: 69,
  LOG_UNSUITABLE: 65,
  OFFSET_OUT_OF_RANGE: 65,
  PORT_TAKEN: 69,
};

const COMMANDS: Record<CommandName, (invocation: Invocation) => Promise<void>> = {
  dev: serve,
  start: serve,
  demo,
};

/** A command with what every command needs. */
interface Invocation extends CommandLine {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal;
}

/** Serves and counts; as `dev`, with a demo election running. Ends when the signal aborts or the count fails. */
async function serve(invocation: Invocation): Promise<void> {
  const { command, settings, logger, signal } = invocation;
  await using stack = new AsyncDisposableStack();
  const assets = loadAssets(new URL("dist/assets", import.meta.url).pathname);
  const log = stack.use(await openElection(invocation, stack));

  const work: Promise<void>[] = [];
  const ending = new AbortController();
  stack.defer(async () => {
    ending.abort();
    await Promise.allSettled(work); // a failure of theirs is what ended us
  });
  const rules = {
    partitions: log.partitions("votes_topic"),
    partitioner: partitionerOf(settings.TELLER_PARTITIONER),
    windowMs: settings.TELLER_WINDOW_SECONDS * 1000,
    graceMs: settings.TELLER_GRACE_SECONDS * 1000,
    opensAt: settings.TELLER_OPENS,
    closesAt: settings.TELLER_CLOSES,
  };
  const stream = startStream({
    log,
    rules,
    title: settings.TELLER_TITLE,
    now: Date.now,
    signal: ending.signal,
    onPublish: (waitedMs) => metrics.observePublish(waitedMs / 1000),
  });
  work.push(stream.done);
  const live = createLive(stream.updates);
  const metrics = createMetrics(stream, live.clients);
  const app = createApp({
    updates: stream.updates,
    live,
    readiness: async () => ({
      ready: stream.caughtUp(),
      lag: await stream.lag().catch(() => null),
    }),
    metrics,
    assets,
    onFailure: (fault) => logger.error("A request failed", { fault: describe(fault) }),
  });
  const server = stack.use(openServer(settings.HOST, settings.PORT, app.fetch));
  stack.defer(() => live.close());
  logger.info(
    `Serving on ${settings.PUBLIC_URL ?? urlOf(settings.HOST, server.port)}`,
  );

  if (settings.TELLER_SINKS === "on") {
    // After the server, as an embedded Postgres takes seconds of a core to start.
    work.push(fillPostgres({
      log,
      rules,
      url: settings.DATABASE_URL,
      dir: `${settings.DATA_DIR}/postgres`,
      onNotice: (message) => logger.warning(message),
      signal: ending.signal,
    }));
  }

  if (command === "dev") {
    work.push(
      runDemoInside(
        invocation,
        timedLog(log, metrics.observeAppend),
        ending.signal,
      ),
    );
  }
  await Promise.race([aborted(signal), ...work.map(unlessDone)]);
  logger.info("Ending");
}

/** Runs the demo beside the server; its end is no end of the server's. */
async function runDemoInside(
  invocation: Invocation,
  log: EventLog,
  signal: AbortSignal,
): Promise<void> {
  const { logger } = invocation;
  const { runDemo } = await import("./pipeline/demo.ts"); // drawing people takes 46 MB that `start` needn't have
  const outcome = await runDemo({ ...demoOptions(invocation, log), signal });
  if (outcome.done) {
    logger.info(
      `All ${grouped(outcome.voters)} voters have voted; the final result stays on the page. ` +
        "For another election: deno task dev --fresh",
    );
  }
}

/** Puts a demo election's people and votes into the configured log. */
async function demo(invocation: Invocation): Promise<void> {
  const { logger, signal } = invocation;
  await using stack = new AsyncDisposableStack();
  const log = stack.use(await openElection(invocation, stack));
  const { runDemo } = await import("./pipeline/demo.ts");
  const startedAt = performance.now();
  let outcome;
  {
    using progress = createProgress();
    outcome = await runDemo({
      ...demoOptions(invocation, log),
      signal,
      progress: ({ stage, done, total }) => progress.show(stage, done, total),
    });
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const rest = outcome.done ? "every voter has voted" : "run the command again to go on";
  logger.info(
    `${grouped(outcome.voters)} voters and ${grouped(outcome.votes)} votes stand after ${seconds} s; ${rest}`,
  );
}

function demoOptions(
  { settings, startAt }: Invocation,
  log: EventLog,
): Omit<DemoOptions, "signal"> {
  return {
    log,
    seed: settings.TELLER_DEMO_SEED,
    voters: settings.TELLER_DEMO_VOTERS,
    candidates: settings.TELLER_DEMO_CANDIDATES,
    rate: settings.TELLER_DEMO_RATE,
    startAt,
    now: Date.now,
  };
}

function grouped(n: number): string {
  return n.toLocaleString("en-GB");
}

/** Opens the log, and DATA_DIR where this process must own it; with --fresh, on an empty election. */
async function openElection(
  invocation: Invocation,
  stack: AsyncDisposableStack,
): Promise<EventLog> {
  const { command, settings, fresh, logger, signal } = invocation;
  const embedded = settings.KAFKA_BROKERS === null;
  const options = {
    signal,
    onNotice: (message: string) => logger.warning(message),
    giveUpAfterMs: command === "demo" ? ONE_SHOT_WAIT_MS : undefined,
  };
  const dataDir = embedded || command !== "demo" ? stack.use(openDataDir(settings.DATA_DIR)) : null;
  const log = await openLog(settings, options);
  for (const finding of log.findings) logger.warning(finding);
  if (!fresh || await isEmpty(log)) return log;

  const { electionId } = log;
  await log[Symbol.asyncDispose]();
  if (!embedded) {
    throw new Fault(
      "ELECTION_EXISTS",
      "On Kafka nothing is ever deleted: for another election set another TELLER_TOPIC_PREFIX and DATA_DIR",
    );
  }
  const path = dataDir!.setAside(electionId);
  logger.info(`The election that was here is now in ${path}`);
  return await openLog(settings, options);
}

async function isEmpty(log: EventLog): Promise<boolean> {
  const ends = await Promise.all(TOPIC_NAMES.map((topic) => log.ends(topic)));
  return ends.flat().every((end) => end === 0);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** A promise that takes over a rejection and nothing else. */
function unlessDone(work: Promise<void>): Promise<void> {
  return work.then(() => new Promise(() => {}));
}

function describe(fault: unknown): string {
  return fault instanceof Error ? fault.stack ?? fault.message : String(fault);
}

async function main(args: string[]): Promise<number> {
  const stop = new AbortController();
  // A terminal and the task runner both pass a Ctrl-C on, so a second signal is no call for haste.
  const onSignal = () => {
    if (stop.signal.aborted) return;
    stop.abort();
    Deno.unrefTimer(setTimeout(() => Deno.exit(1), SHUTDOWN_MS));
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, onSignal);
  }
  let logger = createLogger("info");
  try {
    if (args.includes("--help")) {
      await Deno.stdout.write(new TextEncoder().encode(USAGE));
      return 0;
    }
    const line = readCommandLine(args);
    const settings = readSettings(Deno.env.toObject(), line.settingFlags);
    logger = createLogger(settings.TELLER_LOG_LEVEL);
    await COMMANDS[line.command]({
      ...line,
      settings,
      logger,
      signal: stop.signal,
    });
    return 0;
  } catch (fault) {
    if (fault === stop.signal.reason) return 0; // told to end while it was still waiting for the broker
    if (!(fault instanceof Fault)) {
      logger.error("A defect in Teller", { fault: describe(fault) });
      return 1;
    }
    for (const line of fault.message.split("\n\n")[0].split("\n")) {
      logger.error(line, { code: fault.code });
    }
    return EXIT_CODES[fault.code];
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
