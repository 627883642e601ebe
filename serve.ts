/**
 * `start` and `dev`: puts the parts together in the order of the data, and ends them in reverse.
 * @module
 */
import { openDuckDb } from "./analytics/duckdb.ts";
import { createHistory } from "./analytics/history.ts";
import { openSnapshots, type Snapshots } from "./analytics/snapshots.ts";
import { readNamedQueries } from "./analytics/named_queries.ts";
import { openSandbox } from "./analytics/sandbox.ts";
import { readNewestSnapshot } from "./analytics/snapshot_reading.ts";
import { demoInput, endInTime, type Invocation, openElection, rulesOf, rulesSet } from "./invocation.ts";
import { advise, partitionerAdvice, waitingAdvice } from "./pipeline/advice.ts";
import { createCatchUp } from "./pipeline/catch_up.ts";
import { openDataDir } from "./pipeline/data_dir.ts";
import { createDemo, demoCommand } from "./pipeline/demo_command.ts";
import { describe, explain, report } from "./pipeline/exit_codes.ts";
import { Fault } from "./pipeline/fault.ts";
import { createIngest } from "./pipeline/ingest.ts";
import { timedLog } from "./pipeline/log_timed.ts";
import { logSourceOf } from "./pipeline/open_log.ts";
import { showCatchingUp } from "./pipeline/progress.ts";
import { recountCommand } from "./pipeline/recount_command.ts";
import { rejectedCommand } from "./pipeline/rejected_command.ts";
import { startQuality } from "./pipeline/quality_loop.ts";
import { createRegions } from "./pipeline/regions.ts";
import { openSecrets, SECRET_FILES } from "./pipeline/secrets.ts";
import { changedRules } from "./pipeline/snapshot_guards.ts";
import { startSnapshots } from "./pipeline/snapshot_loop.ts";
import { resultsToShow, resume } from "./pipeline/snapshot_resume.ts";
import { startStream } from "./pipeline/stream.ts";
import { createVotingTokens } from "./pipeline/tokens.ts";
import { createVoteReader } from "./pipeline/vote_reader.ts";
import { createUpdates } from "./pipeline/updates.ts";
import { OPENING, startVitals, type VitalsWatch } from "./pipeline/vitals.ts";
import { createAccess } from "./routes/access.ts";
import { createApp } from "./routes/app.ts";
import { loadAssets } from "./routes/assets.ts";
import { createCommands } from "./routes/commands.ts";
import { createLive } from "./routes/live.ts";
import { createMetrics } from "./routes/metrics.ts";
import { createPainter } from "./routes/picture_painter.ts";
import { type Handler, hostToConnectTo, openServer, urlOf } from "./routes/server.ts";
import { createSqlAccess } from "./routes/sql_access.ts";
import { shownOfSnapshot } from "./routes/shown.ts";
import { createStartingApp } from "./routes/starting.ts";
import { startSinks } from "./serve_sinks.ts";

const DEMO_IS_OVER = "Everybody has voted; the final result stays on the page. " +
  "For another election: deno task dev --fresh";

/** Serves and counts; as `dev`, with a demo election running. Ends when the signal aborts or the count fails. */
export async function serve(invocation: Invocation): Promise<number> {
  const { command, settings, logger, signal } = invocation;
  await using stack = new AsyncDisposableStack();
  const assets = loadAssets(new URL("dist/assets", import.meta.url).pathname, () => baseUrl);
  const dataDir = stack.use(openDataDir(settings.DATA_DIR));
  // Listening comes first: whoever watches over us is answered while we wait for a broker.
  const starting = {
    assets,
    painter: stack.use(createPainter()),
    frameAncestors: settings.TELLER_FRAME_ANCESTORS,
  };
  let answer: Handler = createStartingApp(starting).fetch;
  const server = stack.use(
    openServer(settings.HOST, settings.PORT, (request, info) => answer(request, info)),
  );
  const baseUrl = settings.PUBLIC_URL?.replace(/\/$/, "") ?? urlOf(settings.HOST, server.port);
  // A fresh election has none, and those that are there are set aside together with their log.
  const before = invocation.fresh ? null : await openStore(invocation, stack);
  let stored = await before?.latest() ?? null;
  const isShown = stored !== null && changedRules(stored.facts, rulesSet(settings)) === null;
  const updates = isShown ? createUpdates(resultsToShow(stored!, settings.TELLER_TITLE)) : undefined;
  let watch: VitalsWatch | null = null;
  const vitals = () => watch?.latest() ?? OPENING;
  const shown = updates && shownOfSnapshot(updates, createLive(updates, { vitals }), before!);
  if (shown) {
    stack.defer(() => shown.live.close());
    answer = createStartingApp(starting, shown).fetch;
  }
  const log = stack.use(await openElection(invocation, dataDir));
  const store = before ?? await openStore(invocation, stack);
  const secrets = openSecrets(dataDir.path, settings);
  for (const path of secrets.made) logger.info(`Made a secret of this instance: ${path}`);

  const work: Promise<void>[] = [];
  const ending = new AbortController();
  stack.defer(async () => {
    ending.abort();
    await Promise.allSettled(work); // a failure of theirs has been reported
  });
  const rules = rulesOf(settings, log);
  const onNotice = (message: string) => logger.warning(message);
  const resumed = stored && await resume(stored, { log, rules, signal, onNotice });
  const resumedFrom = stored && resumed && { version: stored.facts.version, asOf: stored.facts.asOf };
  stored = null; // it is big, and the folds have it all
  if (resumedFrom) logger.info(`Going on from the snapshot of ${new Date(resumedFrom.asOf).toISOString()}`);
  const folder = `${settings.DATA_DIR}/snapshots/public`;
  const sandbox = stack.use(
    await openSandbox({ folder, snapshots: store, onNotice }),
  );
  const threads = settings.TELLER_WORKERS;
  // Nothing is awaited from here to the whole application, which would be ready and not say so meanwhile.
  const stream = startStream({
    log,
    rules,
    resumed,
    updates,
    catchUp: threads === 0
      ? undefined
      : createCatchUp({ source: logSourceOf(settings), rules, threads, onNotice }),
    title: settings.TELLER_TITLE,
    now: Date.now,
    signal: ending.signal,
    onPublish: (waitedMs) => {
      metrics.observePublish(waitedMs / 1000);
      watch?.observePublish(waitedMs);
    },
  });
  work.push(stream.done);
  const { registry, folds, folded, caughtUp } = stream;
  watch = startVitals({ log, registry, folds, signal: ending.signal });
  work.push(watch.done);
  const snapshots = startSnapshots({
    store,
    stream,
    quality: () => quality.latest(),
    resumedFrom,
    everyMs: settings.TELLER_SNAPSHOT_SECONDS * 1000,
    signal: ending.signal,
    onNotice,
    onCut: (tookMs) => metrics.observeCut(tookMs / 1000),
  });
  work.push(snapshots.done);
  stack.use(showCatchingUp(stream));
  advise(stream.updates, onNotice, [
    () => partitionerAdvice(folds, settings.TELLER_PARTITIONER),
    () => waitingAdvice(registry, folds),
  ]);
  const live = shown?.live ?? createLive(stream.updates, { vitals });
  const metrics = createMetrics(stream, live.clients, snapshots.newest);
  const access = createAccess({
    adminToken: secrets.adminToken,
    trustedProxies: settings.TELLER_TRUST_PROXY,
    now: Date.now,
  });
  const runDemo = createDemo(timedLog(log, metrics.observeAppend), rules);
  const ingest = createIngest({
    log: timedLog(log, metrics.observeAppend),
    folded,
    signal: ending.signal,
    onFailure: (fault) => logger.warning("An append failed", { fault: describe(fault) }),
  });
  const sinks = startSinks({
    settings,
    log,
    rules,
    stream,
    signal: ending.signal,
    onNotice,
    onWritten: metrics.observeSink,
  });
  work.push(...sinks.work);
  const commands = createCommands({
    commands: {
      demo: demoCommand(log, runDemo, demoInput(invocation)),
      rejected: rejectedCommand(log, rules),
      recount: recountCommand({
        log,
        rules,
        latest: stream.updates.latest,
        readSnapshot: () => readNewestSnapshot(`${settings.DATA_DIR}/snapshots`),
        postgres: () => sinks.postgres() ?? { without: "no database is filled by this Teller" },
      }),
    },
    access,
    explain: (fault) => {
      if (!(fault instanceof Fault)) logger.error("A command failed", { fault: describe(fault) });
      return explain(fault);
    },
  });
  const quality = startQuality({
    log,
    registry,
    folds,
    caughtUp,
    postgres: sinks.postgres,
    mayPublish: sinks.mayPublish,
    sinks: settings.TELLER_SINKS === "on",
    onReport: ({ status }) => stream.setFindings(status === "findings"),
    now: Date.now,
    signal: ending.signal,
    onNotice,
  });
  work.push(quality.done);
  const app = createApp({
    updates: stream.updates,
    live,
    past: store,
    baseUrl,
    history: createHistory(store.duckDb, store),
    sql: {
      engine: sandbox,
      confinements: sandbox.confinements,
      namedQueries: readNamedQueries(new URL("analytics/queries", import.meta.url).pathname),
      access: createSqlAccess(settings.SQL_TOKEN, access),
    },
    vitals,
    regions: createRegions(log.electionId, registry, folds, Date.now),
    candidates: () => registry.candidates,
    quality: quality.latest,
    voting: {
      polling: { registry, folds, caughtUp, ingest, now: Date.now },
      tokens: createVotingTokens(secrets.votingSecret, log.electionId),
      access,
      voteReader: createVoteReader({ log, folded }),
    },
    commands,
    readiness: async () => ({
      ready: stream.caughtUp(),
      lag: await stream.lag(),
      progress: stream.progress(),
      snapshot: snapshots.newest(),
    }),
    metrics,
    ...starting,
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
  logger.info(`Serving on ${baseUrl}`);

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

/** Opens the snapshots in DATA_DIR; they are closed with the stack. */
async function openStore({ settings, logger }: Invocation, stack: AsyncDisposableStack): Promise<Snapshots> {
  const dir = `${settings.DATA_DIR}/snapshots`;
  const duckDb = stack.use(await openDuckDb(`${dir}/unfinished/spill`));
  const onNotice = (message: string) => logger.warning(message);
  return stack.use(openSnapshots({ dir, duckDb, now: Date.now, onNotice }));
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
