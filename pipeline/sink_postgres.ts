/**
 * The Postgres sink: reads the log from the positions that stand in the database, and writes what it reads there.
 *
 * It keeps no queue: a batch is read when the one before has been written. Counting never waits for it.
 * @module
 */
import { Fault } from "./fault.ts";
import { type EventLog, type Topic, TOPIC_NAMES } from "./log.ts";
import { pause } from "./pause.ts";
import {
  answered,
  type Database,
  openPostgres,
  type PostgresOptions,
  reasonOf,
  type Sql,
} from "./postgres.ts";
import { migrate } from "./postgres_schema.ts";
import type { Rules } from "./record.ts";
import { claim, type Positions, write } from "./sink_postgres_write.ts";

/** What the sink needs. */
export interface PostgresSinkOptions {
  readonly log: EventLog;
  readonly rules: Rules;
  readonly database: Database;
  /** Told of an outage or refusal, and of its end, once each. */
  readonly onNotice: (message: string) => void;
  /** Told the version that is completely written, at the start and after each transaction. */
  readonly onWritten?: (version: number) => void;
  /** False while another Teller writes. */
  readonly mayPublish?: () => boolean;
  /** Ends the sink after the transaction that is under way. */
  readonly signal: AbortSignal;
  /** How long a transaction may go without an answer; by default half a minute. */
  readonly answerWithinMs?: number;
}

/** A running sink. */
export interface PostgresSink {
  /** Resolves when it has ended, by its signal or because the log can't be read; never rejects. */
  readonly done: Promise<void>;
}

/** After a batch smaller than this it waits, so that a quiet stream isn't a transaction for each vote. */
const SMALL_BATCH = 200;
const GATHER_MS = 100;
/** A server that has gone silent, its connection still open, is told of by nobody: it is given up then. */
const ANSWER_WITHIN_MS = 30_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;
/** How long an answer of the database is waited for when told to end. */
const END_WITHIN_MS = 1_500;

/** Starts to fill the database and goes on until the signal aborts, whatever becomes of the database. */
export function startPostgresSink(options: PostgresSinkOptions): PostgresSink {
  const { log, rules, database, onNotice, onWritten, mayPublish = () => true } = options;
  const { answerWithinMs = ANSWER_WITHIN_MS } = options;
  const signal = AbortSignal.any([options.signal, database.failed]);
  const writing = { electionId: log.electionId, rules };
  let failures = 0;
  let said = false;

  function succeeded(): void {
    failures = 0;
    if (said) onNotice("Postgres is written again, and catches up from the log");
    said = false;
  }

  async function fill(sql: Sql, positions: Positions): Promise<void> {
    // One failure ends all three readers, and what they hold is read again from the database's positions.
    const stop = new AbortController();
    const ending = AbortSignal.any([signal, stop.signal]);
    let last: Promise<void> = Promise.resolve();
    let version = versionOf(positions);
    onWritten?.(version);

    async function read(topic: Topic): Promise<void> {
      const next = new Map(positions[topic]);
      for await (const batch of log.read(topic, positions[topic], ending)) {
        const written = last.then(async () => {
          if (ending.aborted) return;
          await answered(write(sql, writing, topic, batch, next.get(batch.partition)!), answerWithinMs);
        });
        last = written.catch(() => {}); // whoever waits for its own turn needn't know
        await written;
        if (ending.aborted) return;
        version += batch.next - next.get(batch.partition)!;
        next.set(batch.partition, batch.next);
        succeeded();
        onWritten?.(version);
        if (batch.n < SMALL_BATCH) await pause(GATHER_MS, ending);
      }
    }

    const readers = TOPIC_NAMES.map((topic) => read(topic).finally(() => stop.abort()));
    const failed = (await Promise.allSettled(readers)).find((reader) => reader.status === "rejected");
    if (failed) throw failed.reason;
  }

  async function run(): Promise<void> {
    let failedToWrite = false;
    while (!signal.aborted) {
      if (!mayPublish()) {
        await pause(FIRST_RETRY_MS, signal);
        continue;
      }
      let claimed = false;
      const { sql } = database;
      try {
        await migrate(sql);
        const { positions, notices } = await claim(sql, writing);
        claimed = true;
        // After a failure to write, a claim that succeeds proves nothing yet.
        if (!failedToWrite) succeeded();
        for (const notice of notices) onNotice(notice);
        await fill(sql, positions);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Fault) return onNotice(`Postgres is no longer filled: ${error.message}`);
        failedToWrite = claimed;
        database.renew();
        if (!said) {
          onNotice(`Postgres is not filled: ${reasonOf(error)}. Counting goes on, it is tried again`);
        }
        said = true;
        await pause(retryMs(failures++), signal);
      }
    }
  }

  return { done: untilEnded(run(), signal) };
}

/** The sum of the next offsets, as in Results. */
function versionOf(positions: Positions): number {
  return Object.values(positions).reduce((sum, next) => sum + next.values().reduce((a, b) => a + b, 0), 0);
}

/**
 * Opens the database and fills it until the signal aborts; one that fails is opened again.
 * Resolves when both have ended; never rejects.
 */
export async function fillPostgres(
  options: PostgresOptions & Omit<PostgresSinkOptions, "database"> & {
    /** Given the open database, which is there until the signal aborts. */
    readonly onOpen?: (database: Database) => void;
  },
): Promise<void> {
  const { signal, onNotice } = options;
  let said = false;
  for (let failures = 0; !signal.aborted; failures++) {
    await pause(failures === 0 ? 0 : retryMs(failures - 1), signal);
    try {
      await using database = await openPostgres(options);
      options.onOpen?.(database);
      if (failures > 0) onNotice("The embedded Postgres is open again, and catches up from the log");
      said = false;
      await startPostgresSink({ ...options, database }).done;
      if (!database.failed.aborted) return;
    } catch (error) {
      if (signal.aborted) return;
      if (!said) onNotice(`Postgres does not open: ${reasonOf(error)}. Counting goes on, it is tried again`);
      said = true;
    }
  }
}

/** How long to wait after some failures in a row. */
function retryMs(failures: number): number {
  return Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
}

/** Until the work is done, or for a moment after the signal: a database that doesn't answer holds up no end. */
async function untilEnded(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const told = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([work, told.then(() => pause(END_WITHIN_MS, over.signal))]);
  over.abort();
}
