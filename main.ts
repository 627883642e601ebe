/**
 * Teller's command line: reads the settings, puts the parts together in the order of the data, and ends them
 * in reverse on a signal.
 * @module
 */
import { type CommandLine, type CommandName, readCommandLine, USAGE } from "./pipeline/command_line.ts";
import { type CommandIo, handOver } from "./pipeline/commands.ts";
import { type CommandAddress, type DataDir, openDataDir, ownerOf } from "./pipeline/data_dir.ts";
import { createDemo, demoCommand, type DemoInput, isEmpty } from "./pipeline/demo_command.ts";
import { describe, explain, report } from "./pipeline/exit_codes.ts";
import { Fault } from "./pipeline/fault.ts";
import { createIngest } from "./pipeline/ingest.ts";
import type { EventLog } from "./pipeline/log.ts";
import { timedLog } from "./pipeline/log_timed.ts";
import { createLogger, type Logger } from "./pipeline/logger.ts";
import { openLog } from "./pipeline/open_log.ts";
import { partitionerAdvice } from "./pipeline/partitioner_advice.ts";
import { createProgress } from "./pipeline/progress.ts";
import { openSecrets, SECRET_FILES } from "./pipeline/secrets.ts";
import type { Rules } from "./pipeline/record.ts";
import { rejectedCommand, type RejectedInput } from "./pipeline/rejected_command.ts";
import { readSettings, type Settings } from "./pipeline/settings.ts";
import { fillPostgres } from "./pipeline/sink_postgres.ts";
import { startRejectedSink } from "./pipeline/sink_rejected.ts";
import { startTopicSink } from "./pipeline/sink_topics.ts";
import { startStream } from "./pipeline/stream.ts";
import { createVotingTokens } from "./pipeline/tokens.ts";
import { createVoteReader } from "./pipeline/vote_reader.ts";
import { createAccess } from "./routes/access.ts";
import { createApp } from "./routes/app.ts";
import { loadAssets } from "./routes/assets.ts";
import { createCommands } from "./routes/commands.ts";
import { createLive } from "./routes/live.ts";
import { createMetrics } from "./routes/metrics.ts";
import { type Handler, hostToConnectTo, openServer, urlOf } from "./routes/server.ts";
import { createStartingApp } from "./routes/starting.ts";

/** How long a clean end may take before the process ends anyway. */
const SHUTDOWN_MS = 4_000;
/** How long a one-shot command waits for a broker. */
const ONE_SHOT_WAIT_MS = 30_000;

const DEMO_IS_OVER = "Everybody has voted; the final result stays on the page. " +
  "For another election: deno task dev --fresh";

/** Each gives its exit code. */
const COMMANDS: Record<CommandName, (invocation: Invocation) => Promise<number>> = {
  dev: serve,
  start: serve,
  demo,
  rejected,
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
  const dataDir = stack.use(openDataDir(settings.DATA_DIR));
  // Listening comes first: whoever watches over us is answered while we wait for a broker.
  let answer: Handler = createStartingApp(assets).fetch;
  const server = stack.use(
    openServer(settings.HOST, settings.PORT, (request, info) => answer(request, info)),
  );
  const log = stack.use(await openElection(invocation, dataDir));
  const secrets = openSecrets(dataDir.path, settings);
  for (const path of secrets.made) logger.info(`Made a secret of this instance: ${path}`);

  const work: Promise<void>[] = [];
  const ending = new AbortController();
  stack.defer(async () => {
    ending.abort();
    await Promise.allSettled(work); // a failure of theirs has been reported
  });
  const rules = rulesOf(settings, log);
  const stream = startStream({
    log,
    rules,
    title: settings.TELLER_TITLE,
    now: Date.now,
    signal: ending.signal,
    onPublish: (waitedMs) => metrics.observePublish(waitedMs / 1000),
  });
  work.push(stream.done);
  const unsubscribe = stream.updates.subscribe(({ catching_up }) => {
    const advice = catching_up ? null : partitionerAdvice(stream.folds, settings.TELLER_PARTITIONER);
    if (advice === null) return;
    logger.warning(advice);
    unsubscribe(); // said once
  });
  const live = createLive(stream.updates);
  const metrics = createMetrics(stream, live.clients);
  const access = createAccess({
    adminToken: secrets.adminToken,
    trustedProxies: settings.TELLER_TRUST_PROXY,
    now: Date.now,
  });
  const runDemo = createDemo(timedLog(log, metrics.observeAppend), rules);
  const commands = createCommands({
    commands: {
      demo: demoCommand(log, runDemo, demoInput(invocation)),
      rejected: rejectedCommand(log, rules),
    },
    access,
    explain: (fault) => {
      if (!(fault instanceof Fault)) logger.error("A command failed", { fault: describe(fault) });
      return explain(fault);
    },
  });
  const { registry, folds, folded, caughtUp } = stream;
  const ingest = createIngest({
    log: timedLog(log, metrics.observeAppend),
    folded,
    signal: ending.signal,
    onFailure: (fault) => logger.warning("An append failed", { fault: describe(fault) }),
  });
  const app = createApp({
    updates: stream.updates,
    live,
    voting: {
      polling: { registry, folds, caughtUp, ingest, now: Date.now },
      tokens: createVotingTokens(secrets.votingSecret, log.electionId),
      access,
      voteReader: createVoteReader({ log, folded }),
    },
    commands,
    readiness: async () => ({ ready: stream.caughtUp(), lag: await stream.lag() }),
    metrics,
    assets,
    onFailure: (fault) => logger.error("A request failed", { fault: describe(fault) }),
  });
  answer = app.fetch;
  stack.defer(() => live.close());
  stack.defer(() => commands.close());
  dataDir.announce({
    host: hostToConnectTo(settings.HOST),
    port: server.port,
    adminTokenFile: secrets.adminTokenPath === null ? null : SECRET_FILES.adminToken,
    log: settings.KAFKA_BROKERS === null ? "embedded" : "kafka",
  });
  logger.info(`Serving on ${settings.PUBLIC_URL ?? urlOf(settings.HOST, server.port)}`);

  if (settings.TELLER_SINKS === "on") {
    const sink = {
      log,
      rules,
      registry,
      folds,
      updates: stream.updates,
      now: Date.now,
      signal: ending.signal,
      onNotice: (message: string) => logger.warning(message),
    };
    const writtenBy = (name: string) => (version: number) => metrics.observeSink(name, version);
    work.push(startTopicSink({ ...sink, onWritten: writtenBy("aggregated_topics") }));
    work.push(startRejectedSink({ ...sink, onWritten: writtenBy("votes_rejected") }));
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
    const io = { progress() {}, say() {}, signal: ending.signal };
    // Its end is no end of the server's.
    work.push(
      runDemo(demoInput(invocation), io).then((done) => {
        if (done) logger.info(DEMO_IS_OVER);
      }),
    );
  }
  const failure = await Promise.race([aborted(signal), ...work.map(failureOf)]);
  // Said before the parts are closed, which may hang for the same reason.
  const code = failure === null ? 0 : report(logger, failure.fault);
  endInTime(code);
  logger.info("Ending");
  return code;
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

function rulesOf(settings: Settings, log: EventLog): Rules {
  return {
    partitions: log.partitions("votes_topic"),
    partitioner: log.partitioner,
    windowMs: settings.TELLER_WINDOW_SECONDS * 1000,
    graceMs: settings.TELLER_GRACE_SECONDS * 1000,
    opensAt: settings.TELLER_OPENS,
    closesAt: settings.TELLER_CLOSES,
  };
}

/** Writes a line to standard output. */
function print(line: string): void {
  let rest = new TextEncoder().encode(`${line}\n`);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

function demoInput({ settings, startAt }: Invocation): DemoInput {
  return {
    voters: settings.TELLER_DEMO_VOTERS,
    candidates: settings.TELLER_DEMO_CANDIDATES,
    seed: settings.TELLER_DEMO_SEED,
    rate: settings.TELLER_DEMO_RATE,
    startAt,
  };
}

/** Opens the log; with --fresh, on an empty election. `dataDir` is null where this process needn't own it. */
async function openElection(invocation: Invocation, dataDir: DataDir | null): Promise<EventLog> {
  const { command, settings, fresh, logger, signal } = invocation;
  const embedded = settings.KAFKA_BROKERS === null;
  const options = {
    signal,
    onNotice: (message: string) => logger.warning(message),
    giveUpAfterMs: command === "dev" || command === "start" ? undefined : ONE_SHOT_WAIT_MS,
  };
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

/** Resolves with null when the signal aborts. */
function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}

/** Resolves with the work's fault; never where it has none. */
function failureOf(work: Promise<void>): Promise<{ fault: unknown }> {
  return new Promise((resolve) => work.catch((fault) => resolve({ fault })));
}

/** Ends the process, if it has not ended by itself by then. */
function endInTime(code: number): void {
  Deno.unrefTimer(setTimeout(() => Deno.exit(code), SHUTDOWN_MS));
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
    if (fault instanceof Deno.errors.BrokenPipe) return 0; // whoever read the output has seen enough
    return report(logger, fault);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
