/**
 * What `start` and `dev` write for others, and whether this process does: the derived topics and Postgres.
 * @module
 */
import type { EventLog } from "./pipeline/log.ts";
import type { Database, Sql } from "./pipeline/postgres.ts";
import { startPublisher } from "./pipeline/publisher.ts";
import type { Rules } from "./pipeline/record.ts";
import type { Settings } from "./pipeline/settings.ts";
import { fillPostgres } from "./pipeline/sink_postgres.ts";
import { startRejectedSink } from "./pipeline/sink_rejected.ts";
import { startTopicSink } from "./pipeline/sink_topics.ts";
import type { Stream } from "./pipeline/stream.ts";

/** What the sinks need. */
export interface SinksOptions {
  readonly settings: Settings;
  readonly log: EventLog;
  readonly rules: Rules;
  readonly stream: Stream;
  readonly signal: AbortSignal;
  readonly onNotice: (message: string) => void;
  /** Told up to which version a sink has written everything. */
  readonly onWritten: (sink: string, version: number) => void;
}

/** The running sinks. */
export interface Sinks {
  /** The database that is filled; null where there is none, or it is not open. */
  postgres(): Sql | null;
  /** Whether this process is the one that writes; absent where nothing but it could. */
  readonly mayPublish?: () => boolean;
  /** Each resolves when it has ended, by the signal. */
  readonly work: readonly Promise<void>[];
}

/** Starts all sinks that the settings ask for. */
export function startSinks(options: SinksOptions): Sinks {
  const { settings, log, rules, stream, signal, onNotice, onWritten } = options;
  if (settings.TELLER_SINKS === "off") return { postgres: () => null, work: [] };
  const url = settings.DATABASE_URL;
  const isShared = settings.KAFKA_BROKERS !== null && url !== null;
  const publisher = isShared ? startPublisher({ url, electionId: log.electionId, signal, onNotice }) : null;
  const mayPublish = publisher?.mayPublish;
  const { registry, folds, updates } = stream;
  const sink = { log, rules, registry, folds, updates, now: Date.now, mayPublish, signal, onNotice };
  const writtenBy = (name: string) => (version: number) => onWritten(name, version);
  let database: Database | null = null;
  return {
    postgres: () => database?.sql ?? null,
    mayPublish,
    work: [
      ...publisher === null ? [] : [publisher.done],
      startTopicSink({ ...sink, onWritten: writtenBy("aggregated_topics") }),
      startRejectedSink({ ...sink, onWritten: writtenBy("votes_rejected") }),
      fillPostgres({
        log,
        rules,
        url,
        dir: `${settings.DATA_DIR}/postgres`,
        mayPublish,
        onOpen: (opened) => database = opened,
        onWritten: writtenBy("postgres"),
        onNotice,
        signal,
      }),
    ],
  };
}
