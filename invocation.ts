/**
 * An invocation: a command with what every command needs, and how it opens the election that it is about.
 * @module
 */
import type { CommandLine } from "./pipeline/command_line.ts";
import type { DataDir } from "./pipeline/data_dir.ts";
import { type DemoInput, isEmpty } from "./pipeline/demo_command.ts";
import { Fault } from "./pipeline/fault.ts";
import type { EventLog } from "./pipeline/log.ts";
import type { Logger } from "./pipeline/logger.ts";
import { openLog } from "./pipeline/open_log.ts";
import type { Rules } from "./pipeline/record.ts";
import type { Settings } from "./pipeline/settings.ts";

/** How long a clean end may take before the process ends anyway. */
const SHUTDOWN_MS = 4_000;
/** How long a one-shot command waits for a broker. */
const ONE_SHOT_WAIT_MS = 30_000;

/** A command with what every command needs. */
export interface Invocation extends CommandLine {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal;
}

/** By which rules the log is folded. */
export function rulesOf(settings: Settings, log: EventLog): Rules {
  return {
    partitions: log.partitions("votes_topic"),
    partitioner: log.partitioner,
    ...rulesSet(settings),
  };
}

/** Those of the rules that don't depend on how the log was made. */
export function rulesSet(settings: Settings): Omit<Rules, "partitions" | "partitioner"> {
  return {
    windowMs: settings.TELLER_WINDOW_SECONDS * 1000,
    graceMs: settings.TELLER_GRACE_SECONDS * 1000,
    opensAt: settings.TELLER_OPENS,
    closesAt: settings.TELLER_CLOSES,
  };
}

/** The demo election that the settings and flags describe. */
export function demoInput({ settings, startAt }: Invocation): DemoInput {
  return {
    voters: settings.TELLER_DEMO_VOTERS,
    candidates: settings.TELLER_DEMO_CANDIDATES,
    seed: settings.TELLER_DEMO_SEED,
    rate: settings.TELLER_DEMO_RATE,
    startAt,
  };
}

/** Opens the log; with --fresh, on an empty election. `dataDir` is null where this process needn't own it. */
export async function openElection(invocation: Invocation, dataDir: DataDir | null): Promise<EventLog> {
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

/** Ends the process, if it has not ended by itself by then. */
export function endInTime(code: number): void {
  Deno.unrefTimer(setTimeout(() => Deno.exit(code), SHUTDOWN_MS));
}
