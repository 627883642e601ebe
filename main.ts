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
import { isOpen } from "./pipeline/record.ts";
import { createProgress } from "./pipeline/progress.ts";
import { readSettings, type Settings } from "./pipeline/settings.ts";
import { startStream } from "./pipeline/stream.ts";
import { createApp } from "./routes/app.ts";
import { loadAssets } from "./routes/assets.ts";
import { createLive } from "./routes/live.ts";
import { createMetrics } from "./routes/metrics.ts";
import { openServer, urlOf } from "./routes/server.ts";
import { createStartingApp } from "./routes/starting.ts";

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

const COMMANDS: Record<CommandName, (invocation: Invocation) => Promise<number>> = {
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
async function serve(invocation: Invocation): Promise<number> {
  const { command, settings, logger, signal } = invocation;
  await using stack = new AsyncDisposableStack();
  const assets = loadAssets(new URL("dist/assets", import.meta.url).pathname);
  // Listening comes first: whoever watches over us is answered while we wait for a broker.
  let answer = createStartingApp(assets).fetch;
  const server = stack.use(openServer(settings.HOST, settings.PORT, (request) => answer(request)));
  const log = stack.use(await openElection(invocation, stack));

  const work: Promise<void>[] = [];
  const ending = new AbortController();
  stack.defer(async () => {
    ending.abort();
    await Promise.allSettled(work); // a failure of theirs has been reported
  });
  const stream = startStream({
    log,
    rules: {
      partitions: log.partitions("votes_topic"),
      partitioner: log.partitioner,
      windowMs: settings.TELLER_WINDOW_SECONDS * 1000,
      graceMs: settings.TELLER_GRACE_SECONDS * 1000,
      opensAt: settings.TELLER_OPENS,
      closesAt: settings.TELLER_CLOSES,
    },
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
    readiness: async () => ({ ready: stream.caughtUp(), lag: await stream.lag() }),
    metrics,
    assets,
    onFailure: (fault) => logger.error("A request failed", { fault: describe(fault) }),
  });
  answer = app.fetch;
  stack.defer(() => live.close());
  logger.info(`Serving on ${settings.PUBLIC_URL ?? urlOf(settings.HOST, server.port)}`);

  if (command === "dev") {
    work.push(runDemoInside(invocation, timedLog(log, metrics.observeAppend), ending.signal));
  }
  const failure = await Promise.race([aborted(signal), ...work.map(failureOf)]);
  // Said before the parts are closed, which may hang for the same reason.
  const code = failure === null ? 0 : report(logger, failure.fault);
  endInTime(code);
  logger.info("Ending");
  return code;
}

/** Runs the demo beside the server; its end is no end of the server's. */
async function runDemoInside(invocation: Invocation, log: EventLog, signal: AbortSignal): Promise<void> {
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
async function demo(invocation: Invocation): Promise<number> {
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
  return 0;
}

/** @throws {Fault} BAD_SETTING where every vote would be rejected, which can't be undone in a log */
function demoOptions({ settings, startAt }: Invocation, log: EventLog): Omit<DemoOptions, "signal"> {
  if (!isOpen(Date.now(), { opensAt: settings.TELLER_OPENS, closesAt: settings.TELLER_CLOSES })) {
    throw new Fault(
      "BAD_SETTING",
      "Voting isn't open: a demo takes TELLER_OPENS and TELLER_CLOSES around the present",
    );
  }
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
async function openElection(invocation: Invocation, stack: AsyncDisposableStack): Promise<EventLog> {
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
  if (!fresh) return log;
  let empty = false;
  try {
    empty = await isEmpty(log);
  } finally {
    if (!empty) await log[Symbol.asyncDispose]();
  }
  if (empty) return log;
  const { electionId } = log;
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

/** Resolves with null when the signal aborts. */
function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}

/** Resolves with the work's fault; never where it has none. */
function failureOf(work: Promise<void>): Promise<{ fault: unknown }> {
  return new Promise((resolve) => work.catch((fault) => resolve({ fault })));
}

/** Says what went wrong, and with which code the process ends because of it. */
function report(logger: Logger, fault: unknown): number {
  if (!(fault instanceof Fault)) {
    logger.error("A defect in Teller", { fault: describe(fault) });
    return 1;
  }
  for (const line of fault.message.split("\n")) logger.error(line, { code: fault.code });
  return EXIT_CODES[fault.code];
}

/** Ends the process, if it has not ended by itself by then. */
function endInTime(code: number): void {
  Deno.unrefTimer(setTimeout(() => Deno.exit(code), SHUTDOWN_MS));
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
    return await COMMANDS[line.command]({ ...line, settings, logger, signal: stop.signal });
  } catch (fault) {
    if (fault === stop.signal.reason) return 0; // told to end while it was still waiting for the broker
    return report(logger, fault);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
