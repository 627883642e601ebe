/**
 * Postgres, by one driver: the server that the settings name, or an embedded one kept in DATA_DIR.
 *
 * What is in it derives from the log, so an embedded database that doesn't open is set aside and filled anew.
 * Through its server: no COPY FROM STDIN (it wedges the server), no LISTEN, no lock or setting of a session.
 * @module
 */
import postgres from "postgres";
import { pause } from "./pause.ts";
import type { EmbeddedReply } from "./postgres_worker.ts";

/** The driver's client. */
export type Sql = postgres.Sql;
/** The driver's client within a transaction. */
export type Transaction = postgres.TransactionSql;

/** Which database, and who is told what happened to it. */
export interface PostgresOptions {
  /** A postgres:// URL, or null for the embedded one. */
  readonly url: string | null;
  /** The embedded database's folder; it is made where it is missing. */
  readonly dir: string;
  readonly onNotice: (message: string) => void;
  /** Gives up opening, and stops the upkeep of the embedded database; disposing closes it. */
  readonly signal: AbortSignal;
}

/** A client of a database, and the embedded database itself; disposing closes both. */
export interface Database extends AsyncDisposable {
  /** The present client: take it from here for each piece of work. */
  readonly sql: Sql;
  /** Puts a new client in place of one that has lost a connection: see `survive`. */
  renew(): void;
  /** Aborts when the embedded database has failed, so that it must be opened anew; a server's never does. */
  readonly failed: AbortSignal;
}

const MAX_CONNECTIONS = 4;
/** Clients of the embedded server share its session and their messages interleave: Bind, another's Bind, Execute. */
const MAX_EMBEDDED_CONNECTIONS = 1;
const CONNECT_TIMEOUT_S = 10;
/** Without a checkpointer process of its own the embedded database's write-ahead log would only grow. */
const CHECKPOINT_EVERY_MS = 60_000;
/** A clean end may take this long; what is cut off then is in the log all the same. */
const CLOSE_WITHIN_MS = 1_500;

/**
 * Opens the database. A server is connected to by the first query; an embedded one runs when this resolves,
 * after some 0.5 s, or 3 s where it is made.
 * @throws {Error} where the embedded database can't even be made anew, or the signal aborts first
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { url } = options;
  if (url !== null) return connected(() => postgres(url, CLIENT_OPTIONS), ELSEWHERE);
  const server = await openEmbedded(options);
  const closing = new AbortController();
  const close = () => {
    closing.abort();
    return server.close();
  };
  const database = connected(() =>
    postgres({
      ...CLIENT_OPTIONS,
      max: MAX_EMBEDDED_CONNECTIONS,
      host: "127.0.0.1",
      port: server.port,
      database: "postgres",
      user: "postgres",
      ssl: false,
    }), { failed: server.failed, close });
  const signal = AbortSignal.any([options.signal, server.failed, closing.signal]);
  void keepUp(database, { ...options, signal });
  return database;
}

/** A client of one connection, whose locks are its own for as long as that lasts. */
export type PostgresSession = Database;

/** Makes a session on a server; it connects with the first query, and again after `renew`. */
export function openSession(url: string): PostgresSession {
  // Without an end of life, or the driver would change connections, and lose the locks, every half an hour.
  const options = { ...CLIENT_OPTIONS, max: 1, max_lifetime: null };
  return connected(() => postgres(url, options), ELSEWHERE);
}

/** A server's life is not ours to end or to mourn. */
const ELSEWHERE = { failed: new AbortController().signal, close: async () => {} };

const CLIENT_OPTIONS = {
  max: MAX_CONNECTIONS,
  connect_timeout: CONNECT_TIMEOUT_S,
  // It would ask for the types of arrays on each new connection, and let nobody catch it when that fails, which
  // ends the process. So arrays are passed as JSON.
  fetch_types: false,
  onnotice: () => {}, // "relation already exists, skipping"
  connection: { application_name: "teller" },
} satisfies postgres.Options<Record<string, never>>;

function connected(connect: () => Sql, { failed, close }: Pick<Embedded, "failed" | "close">): Database {
  globalThis.addEventListener("error", survive);
  let sql = connect();
  const ended: Promise<void>[] = [];
  return {
    failed,
    get sql() {
      return sql;
    },
    renew() {
      ended.push(sql.end({ timeout: 0 }));
      sql = connect();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...ended, sql.end({ timeout: CLOSE_WITHIN_MS / 1000 })]);
      await close();
      globalThis.removeEventListener("error", survive);
    },
  };
}

/**
 * Keeps the process alive when the driver writes to a connection that is gone, as it does to roll a transaction
 * back: it throws that outside of any promise (porsager/postgres#1208), though the transaction has been rejected.
 * That connection never writes again, so its client must be renewed.
 */
function survive(event: ErrorEvent): void {
  const { error } = event;
  const fromDriver = error instanceof TypeError &&
    /\bnextWrite\b.*\/postgres\/src\/connection\.js/.test(error.stack ?? "");
  if (fromDriver) event.preventDefault();
}

async function keepUp(database: Database, { signal, onNotice }: PostgresOptions): Promise<void> {
  for (let said = false;;) {
    await pause(CHECKPOINT_EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      await database.sql`checkpoint`;
      said = false;
    } catch (error) {
      // A client that was renewed meanwhile says nothing of the next checkpoint.
      if (!said && !signal.aborted) {
        onNotice(`The embedded Postgres is not kept up: ${reasonOf(error)}`);
      }
      said = true;
    }
  }
}

/** Where the embedded server listens, and how it is closed. */
interface Embedded {
  readonly port: number;
  /** Aborts when it ends by itself. */
  readonly failed: AbortSignal;
  close(): Promise<void>;
}

async function openEmbedded(options: PostgresOptions): Promise<Embedded> {
  const { dir, onNotice, signal } = options;
  if (!exists(dir)) await makeEmbedded(options);
  try {
    return await startWorker(options);
  } catch (error) {
    if (signal.aborted) throw error;
    const aside = `${dir}.damaged-${new Date().toISOString().replaceAll(":", "-")}`;
    // Where not even an empty one can be made, it was not the data: that stays where it is.
    await makeEmbedded(options, () => Deno.renameSync(dir, aside));
    onNotice(
      `The embedded Postgres did not open (${reasonOf(error)}); it is now in ${aside}, ` +
        "and a new one is filled from the log",
    );
    return await startWorker(options);
  }
}

/**
 * Makes an empty database beside its place, and moves it there when it is whole: half of one might seem to open.
 * It is made in a worker that then ends, as making takes twice the memory of running.
 */
async function makeEmbedded(options: PostgresOptions, makeRoom: () => void = () => {}): Promise<void> {
  const making = `${options.dir}.new`;
  if (exists(making)) Deno.removeSync(making, { recursive: true });
  await (await startWorker({ ...options, dir: making })).close();
  makeRoom();
  Deno.renameSync(making, options.dir);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function startWorker({ dir, onNotice, signal }: PostgresOptions): Promise<Embedded> {
  signal.throwIfAborted();
  Deno.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const worker = new Worker(new URL("./postgres_worker.ts", import.meta.url), { type: "module" });
  let hear: (reply: EmbeddedReply) => void = () => {};
  const failed = new AbortController();
  let open = false;
  worker.onmessage = ({ data }: MessageEvent<EmbeddedReply>) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault(); // else it would end this process, and with it the count
    if (open) onNotice(`The embedded Postgres failed and is opened again: ${event.message}`);
    failed.abort();
    hear({ kind: "failed", reason: event.message });
  };
  const ask = (message: string): Promise<EmbeddedReply> => {
    const { promise, resolve } = Promise.withResolvers<EmbeddedReply>();
    hear = resolve;
    worker.postMessage(message);
    return promise;
  };
  const onAbort = () => hear({ kind: "failed", reason: "told to end" });
  signal.addEventListener("abort", onAbort);
  const answer = await ask(dir);
  signal.removeEventListener("abort", onAbort);
  if (answer.kind !== "listening") {
    worker.terminate();
    throw new Error(answer.kind === "failed" ? answer.reason : answer.kind);
  }
  open = true;
  return {
    port: answer.port,
    failed: failed.signal,
    async close() {
      open = false;
      if (failed.signal.aborted) return worker.terminate();
      const given = new AbortController();
      await Promise.race([ask("close"), pause(CLOSE_WITHIN_MS, given.signal)]);
      given.abort();
      worker.terminate();
    },
  };
}

/**
 * What a query gives, where it gives it in time: a server that has gone silent, its connection still open, is told of
 * by nobody.
 * @throws {Error} where it takes longer than that
 */
export async function answered<T>(work: PromiseLike<T>, limitMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    const silent = () => reject(new Error(`no answer within ${limitMs / 1000} s`));
    timer = setTimeout(silent, limitMs);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What a driver's or the system's error says, in one line; never the URL with its password. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses that all refuse come as one error without a text.
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const said = inner instanceof Error ? inner.message || inner.name : String(inner);
  return said.split("\n")[0];
}
