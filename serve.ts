/**
 * `start` and `dev`: puts the parts together in the order of the data, and ends them in reverse.
 * @module
 */
import { demoInput, endInTime, type Invocation, openElection, rulesOf } from "./invocation.ts";
import { openDataDir } from "./pipeline/data_dir.ts";
import { createDemo, demoCommand } from "./pipeline/demo_command.ts";
import { describe, explain, report } from "./pipeline/exit_codes.ts";
import { Fault } from "./pipeline/fault.ts";
import { createIngest } from "./pipeline/ingest.ts";
import { timedLog } from "./pipeline/log_timed.ts";
import { partitionerAdvice } from "./pipeline/partitioner_advice.ts";
import { rejectedCommand } from "./pipeline/rejected_command.ts";
import { openSecrets, SECRET_FILES } from "./pipeline/secrets.ts";
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

const DEMO_IS_OVER = "Everybody has voted; the final result stays on the page. " +
  "For another election: deno task dev --fresh";

/** Serves and counts; as `dev`, with a demo election running. Ends when the signal aborts or the count fails. */
export async function serve(invocation: Invocation): Promise<number> {
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
      onWritten: writtenBy("postgres"),
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

/** Resolves with null when the signal aborts. */
function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}

/** Resolves with the work's fault; never where it has none. */
function failureOf(work: Promise<void>): Promise<{ fault: unknown }> {
  return new Promise((resolve) => work.catch((fault) => resolve({ fault })));
}
