/**
 * DuckDB: writes rows to Parquet files and queries such files, without ever keeping a database.
 *
 * Queries run off the main thread; what has to happen on it, rows into and out of chunks, is done piece by piece.
 * @module
 */
import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  listValue,
  TIMESTAMP,
  VARCHAR,
} from "@duckdb/node-api";

/** What a column holds: text, a whole number below 2^31 or of any size, or a time as epoch ms. */
export type ColumnType = "text" | "integer" | "long" | "time";

/** Column types by name, in the columns' order. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** A value of a row. */
export type Value = string | number;

/** What `$name` in a statement stands for; a list is one of texts. */
export type Parameter = Value | null | readonly string[];

/** An in-memory engine; its calls may overlap. */
export interface DuckDb extends Disposable {
  /** Writes rows to a new Parquet file, which is not durable yet, and gives their number. */
  writeParquet(path: string, columns: Columns, rows: Iterable<readonly (Value | null)[]>): Promise<number>;
  /** Writes what a query gives to a new Parquet file, which is not durable yet. */
  copyToParquet(path: string, query: string, parameters: Readonly<Record<string, Parameter>>): Promise<void>;
  /** The rows that a query gives; numbers of any width as numbers, times as epoch ms. */
  query(sql: string, parameters: Readonly<Record<string, Parameter>>): AsyncIterable<(Value | null)[]>;
}

/** Rows of one chunk: DuckDB's own vector size. */
const CHUNK_ROWS = 2048;
/** How long rows go in before others get their turn. */
const TURN_MS = 8;

const TYPES: Record<ColumnType, DuckDBType> = {
  text: VARCHAR,
  integer: INTEGER,
  long: BIGINT,
  time: TIMESTAMP,
};
const PARQUET = "(FORMAT parquet, COMPRESSION zstd)";

/** Opens an engine that holds nothing; what doesn't fit in memory while it works goes to `spillDir`. */
export async function openDuckDb(spillDir: string): Promise<DuckDb> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: "512MB",
    temp_directory: spillDir,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });

  /** A connection of its own for each task: a transaction of one is no business of another. */
  async function connected<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await instance.connect();
    try {
      return await task(connection);
    } finally {
      connection.closeSync();
    }
  }

  return {
    writeParquet: (path, columns, rows) =>
      connected(async (connection) => {
        const declared = Object.entries(columns).map(([name, type]) => `${name} ${TYPES[type]}`);
        await connection.run(`CREATE TEMP TABLE made (${declared.join(", ")})`);
        const written = await append(connection, Object.values(columns), rows);
        await connection.run(`COPY made TO ${quoted(path)} ${PARQUET}`);
        return written;
      }),
    copyToParquet: (path, query, parameters) =>
      connected(async (connection) => {
        await connection.run(`COPY (${query}) TO ${quoted(path)} ${PARQUET}`, bound(parameters));
      }),
    async *query(sql, parameters) {
      const connection = await instance.connect();
      try {
        const result = await connection.stream(sql, bound(parameters));
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) return;
          for (const row of chunk.getRows()) yield row.map(plain);
        }
      } finally {
        connection.closeSync();
      }
    },
    [Symbol.dispose]: () => instance.closeSync(),
  };
}

async function append(
  connection: DuckDBConnection,
  types: readonly ColumnType[],
  rows: Iterable<readonly (Value | null)[]>,
): Promise<number> {
  const appender = await connection.createAppender("made", null, "temp");
  const duckTypes = types.map((type) => TYPES[type]);
  const times = new Map<Value, DuckDBTimestampValue>();
  const timeOf = (epochMs: Value) => {
    let time = times.get(epochMs);
    if (time === undefined) times.set(epochMs, time = new DuckDBTimestampValue(BigInt(epochMs) * 1000n));
    return time;
  };
  const stored = (value: Value | null, type: ColumnType): DuckDBValue => {
    if (value === null) return null;
    return type === "time" ? timeOf(value) : type === "long" ? BigInt(value) : value;
  };
  let written = 0;
  let turnStartedMs = performance.now();
  const columns: DuckDBValue[][] = types.map(() => []);
  const flush = () => {
    const chunk = DuckDBDataChunk.create(duckTypes, columns[0].length);
    columns.forEach((values, index) => chunk.setColumnValues(index, values));
    appender.appendDataChunk(chunk);
    written += columns[0].length;
    for (const values of columns) values.length = 0;
  };
  for (const row of rows) {
    types.forEach((type, index) => columns[index].push(stored(row[index], type)));
    if (columns[0].length < CHUNK_ROWS) continue;
    flush();
    if (performance.now() - turnStartedMs < TURN_MS) continue;
    appender.flushSync(); // else it is all done at the end, in one go
    await new Promise((resolve) => setTimeout(resolve, 0));
    turnStartedMs = performance.now();
  }
  if (columns[0].length > 0) flush();
  appender.closeSync();
  return written;
}

function bound(parameters: Readonly<Record<string, Parameter>>): Record<string, DuckDBValue> {
  const entries = Object.entries(parameters).map(([name, value]): [string, DuckDBValue] => [
    name,
    typeof value === "object" && value !== null ? listValue([...value]) : value,
  ]);
  return Object.fromEntries(entries);
}

function plain(value: DuckDBValue): Value | null {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof DuckDBTimestampValue) return Number(value.micros / 1000n);
  throw new TypeError(`A query gave a value of a type that isn't expected here: ${typeof value}`);
}

/** A path in a statement: COPY takes no parameter for its target. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}
