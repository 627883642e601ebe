/**
 * The sandbox: a process of its own that answers strangers' SQL, told and telling over its standard streams.
 *
 * It may be ended by any query at any moment, so it holds nothing that isn't in a file of a generation.
 * @module
 */
import {
  type BoundText,
  countRows,
  type LockedConnection,
  type LockedEngine,
  openLocked,
} from "./duckdb_locked.ts";
import { createAnswerWriter } from "./formats.ts";
import { refusalOfText } from "./gate.ts";
import { refusalOfTree } from "./gate_tree.ts";
import {
  type Answer,
  MAX_BYTES,
  MAX_ROWS,
  type ParameterType,
  type Question,
  type Refusal,
} from "./query.ts";
import { decodeFrames, encodeFrame, type FromSandbox, type ToSandbox } from "./sandbox_frames.ts";
import { RSS_BYTES, SPENT_BYTES, tooLong } from "./sandbox_limits.ts";
import { definitionsOf, TABLE_NAMES, type TableSource } from "./schema.ts";

type Ask = Extract<ToSandbox, { kind: "ask" }>;

interface Opened {
  readonly engine: LockedEngine;
  readonly paths: readonly string[];
}

const SQL_TYPES: Record<ParameterType, string> = {
  text: "VARCHAR",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  time: "TIMESTAMP",
};
/** How often is looked after a query that runs. */
const WATCH_MS = 10;
/**
 * A cube of so many rows is held in memory, some 20 MB, where a question takes half the time. Of a bigger one it would
 * take longer than from the files, whose repeated values the engine groups by without looking at each row.
 */
const HELD_ROWS = 100_000;
/** Of the engine's own words. */
const MAX_DETAIL = 2000;
/** What a shell says of a process that was killed. */
const KILLED = 137;
const OUT_OF_MEMORY = /^Out of Memory Error/;
/** The engine can't be used after these. */
const BROKEN = /^(INTERNAL|FATAL) Error/i;

const opened = new Map<string, Opened>();
/** The query that runs. */
let running: { readonly id: string; stop(): void } | null = null;

const output = Deno.stdout.writable.getWriter();
const send = (header: FromSandbox, body?: Uint8Array) => output.write(encodeFrame(header, body));

/** Whether a query has left so much memory taken that the next one might not have enough. */
const isSpent = () => Deno.memoryUsage().rss > SPENT_BYTES;

/** Opens an engine with a generation's tables; what questions may read is what those don't hold. */
async function open(source: TableSource): Promise<Opened> {
  // Not by their size: a file of 3 KB may have 100,000 rows.
  const held = await countRows(source.votes) <= HELD_ROWS;
  const paths = held ? [] : source.votes;
  return { engine: await openLocked(definitionsOf(source, { held }), paths), paths };
}

async function engineOf({ generation, open: source, close }: Ask): Promise<Opened> {
  for (const name of close) {
    opened.get(name)?.engine[Symbol.dispose]();
    opened.delete(name);
  }
  let found = opened.get(generation);
  if (found === undefined) opened.set(generation, found = await open(source!));
  return found;
}

function cancel(id: string): void {
  if (running?.id === id) running.stop();
}

/** Answers, or says why not: last of all, as the next question may come at once. */
async function handle(ask: Ask): Promise<void> {
  const { id } = ask;
  const said = await outcome(ask);
  if ("refused" in said) {
    // What could not be opened counts as open where the question came from, which forgets it with this process.
    const lost = !opened.has(ask.generation);
    const spent = lost || isSpent() || OUT_OF_MEMORY.test(said.detail);
    return await send({ kind: "refusal", id, spent, ...said });
  }
  const { body, ...rest } = said;
  await send({ kind: "answer", id, spent: isSpent(), ...rest }, body);
}

/** What becomes of a question. */
async function outcome(ask: Ask): Promise<Answer | Refusal> {
  const { id, question, withinMs } = ask;
  let paths: readonly string[] = [];
  let stopped: Refusal | null = null;
  let connection: LockedConnection | null = null;
  let interrupting: ReturnType<typeof setInterval> | undefined;
  const stop = (detail: string) => {
    if (stopped !== null) return;
    stopped = { refused: "sql_too_long", detail };
    connection?.interrupt();
    // Again and again, as an interrupt between two steps of a query is forgotten.
    interrupting = setInterval(() => connection?.interrupt(), WATCH_MS);
  };
  running = { id, stop: () => stop("Whoever asked has gone.") };
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const watch = setInterval(() => {
    if (Deno.memoryUsage().rss > RSS_BYTES) Deno.exit(KILLED);
  }, WATCH_MS);
  try {
    const found = await engineOf(ask);
    paths = found.paths;
    const refusal = refusalOfText(question.sql);
    if (refusal !== null) return { refused: "sql_refused", detail: refusal };
    deadline = setTimeout(() => stop(tooLong(withinMs)), withinMs); // opening isn't the question's doing
    connection = await found.engine.connect();
    if (stopped !== null) throw new Error("It was stopped");
    return await answer(ask, found.engine, connection);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (BROKEN.test(detail)) Deno.exit(1);
    return stopped ?? { refused: "sql_error", detail: presentable(detail, paths) };
  } finally {
    clearTimeout(deadline);
    clearInterval(watch);
    clearInterval(interrupting);
    running = null;
    connection?.[Symbol.dispose]();
  }
}

async function answer(
  ask: Ask,
  engine: LockedEngine,
  connection: LockedConnection,
): Promise<Answer | Refusal> {
  const { id, question, version, asOf } = ask;
  const startedMs = performance.now();
  const refused = refusalOfTree(await engine.parse(question.sql), {
    tables: TABLE_NAMES,
    parameters: new Map(Object.entries(question.parameters).map(([name, { text }]) => [name, text])),
  });
  if (refused !== null) return { refused: "sql_refused", detail: refused };
  const { columns, rows } = await connection.run(question.sql, boundTexts(question));
  const { format, shape } = question;
  const writer = createAnswerWriter(format, { columns, shape, maxBytes: MAX_BYTES });
  const limit = Math.min(question.limit, MAX_ROWS);
  let rowCount = 0;
  let truncated = false;
  for await (const row of rows) {
    truncated = rowCount === limit || !writer.add(row);
    if (truncated) break;
    rowCount++;
  }
  const elapsedMs = Math.round((performance.now() - startedMs) * 1000) / 1000;
  const body = writer.finish({ queryId: id, elapsedMs, version, asOf, rowCount, truncated });
  return { body, rowCount, truncated, elapsedMs };
}

function boundTexts({ parameters }: Question): Record<string, BoundText> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { text, type }]) => {
      return [name, { text, sqlType: type === undefined ? null : SQL_TYPES[type] }];
    }),
  );
}

/** What the engine says, without where its files are and what to set. */
function presentable(message: string, paths: readonly string[]): string {
  let text = OUT_OF_MEMORY.test(message) ? message.split("\n")[0] : message;
  for (const path of paths) text = text.replaceAll(path, "(a file of the snapshot)");
  return text.slice(0, MAX_DETAIL);
}

// What it may read is told by its flags; that it can is what its parent wants to know.
for (const folder of Deno.args) Deno.readDirSync(folder);
await send({ kind: "ready" });
for await (const { header } of decodeFrames<ToSandbox>(Deno.stdin.readable)) {
  if (header.kind === "ask") handle(header).catch(() => Deno.exit(1));
  else cancel(header.id);
}
Deno.exit(0); // whoever started it is gone, whatever still runs
