/**
 * A DuckDB for SQL that nobody trusts: these tables, these files, and no setting that could be changed any more.
 *
 * It belongs into a process of its own, as some queries end the process that they run in.
 * @module
 */
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  listValue,
} from "@duckdb/node-api";
import { type Column, distinctNames, type PlainRow } from "./column_types.ts";
import { plainType, plainValue } from "./duckdb_values.ts";

/** What a `$name` stands for: text that is cast to the SQL type; null: to what its place in the query takes. */
export interface BoundText {
  readonly text: string | null;
  readonly sqlType: string | null;
}

/** The rows of a query as they come. */
export interface LockedRows {
  readonly columns: readonly Column[];
  readonly rows: AsyncIterable<PlainRow>;
}

/** A connection, for one query. */
export interface LockedConnection extends Disposable {
  /** Prepares and starts a query that has passed the gate; throws what DuckDB says against it. */
  run(sql: string, parameters: Readonly<Record<string, BoundText>>): Promise<LockedRows>;
  /** Makes what runs fail soon, unless it is in a function that doesn't look. */
  interrupt(): void;
}

/** An engine whose configuration is locked. */
export interface LockedEngine extends Disposable {
  /** What `json_serialize_sql` gives for a text, one at a time; nothing is bound or run. */
  parse(sql: string): Promise<unknown>;
  connect(): Promise<LockedConnection>;
}

/** What DuckDB may take for its own buffers; `prlimit` bounds the rest. */
export const ENGINE_MEMORY = "256MB";
/** How deep an expression may be: some that are deeper overflow the stack. */
const MAX_EXPRESSION_DEPTH = 100;

/** Opens an engine with tables and views made by these statements; from then on it reads these files and no others. */
export async function openLocked(
  definitions: readonly string[],
  paths: readonly string[],
): Promise<LockedEngine> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: ENGINE_MEMORY,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  for (const definition of definitions) await connection.run(definition);
  const allowed = paths.map((path) => `'${path.replaceAll("'", "''")}'`);
  for (
    const statement of [
      "SET GLOBAL TimeZone = 'UTC'",
      `SET GLOBAL max_expression_depth = ${MAX_EXPRESSION_DEPTH}`,
      `SET allowed_paths = [${allowed}]`,
      "SET temp_directory = ''",
      // Files never change, so what they consist of is read once.
      "SET GLOBAL parquet_metadata_cache = true",
      "SET enable_external_access = false",
      "SET lock_configuration = true",
    ]
  ) await connection.run(statement);
  // Once for all questions, as preparing it takes longer than running it.
  const parser = await connection.prepare("SELECT json_serialize_sql($1::VARCHAR)");
  return {
    connect: async () => connected(await instance.connect()),
    async parse(sql) {
      parser.bindVarchar(1, sql);
      const [[json]] = await (await parser.run()).getRows();
      return JSON.parse(json as string);
    },
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** How many rows Parquet files have, as they say themselves. */
export async function countRows(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) return 0; // no list of files may be empty
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  try {
    const connection = await instance.connect();
    const result = await connection.run(
      "SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata($1)",
      [listValue([...paths])],
    );
    const [[rows]] = await result.getRows();
    return Number(rows);
  } finally {
    instance.closeSync();
  }
}

function connected(connection: DuckDBConnection): LockedConnection {
  return {
    async run(sql, parameters) {
      const statements = await connection.extractStatements(sql);
      if (statements.count !== 1) throw new Error("There must be exactly one SELECT.");
      const prepared = await statements.prepare(0);
      await bind(connection, prepared, parameters);
      const result = await prepared.stream();
      const names = distinctNames(result.columnNames());
      const columns = result.columnTypes().map((type, i) => ({
        name: names[i],
        sqlType: String(type),
        type: plainType(type),
      }));
      async function* rows() {
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) return;
          const vectors = columns.map((_, i) => chunk.getColumnVector(i));
          for (let row = 0; row < chunk.rowCount; row++) {
            yield vectors.map((vector, i) => plainValue(vector.getItem(row), columns[i].type));
          }
        }
      }
      return { columns, rows: rows() };
    },
    interrupt: () => connection.interrupt(),
    [Symbol.dispose]: () => connection.closeSync(),
  };
}

async function bind(
  connection: DuckDBConnection,
  prepared: DuckDBPreparedStatement,
  parameters: Readonly<Record<string, BoundText>>,
): Promise<void> {
  for (let index = 1; index <= prepared.parameterCount; index++) {
    const name = prepared.parameterName(index);
    const { text, sqlType } = parameters[name];
    const target = sqlType ?? typeOfPlace(prepared, index);
    // DuckDB reads the text itself, so that a value means here what it means in a query.
    const result = await connection.run(`SELECT CAST($1 AS ${target})`, [text]).catch((error) => {
      throw new Error(`param_${name}: ${error.message}`);
    });
    const [[value]] = await result.getRows();
    prepared.bindValue(index, value, result.columnType(0));
  }
}

/** The type that the parameter's place takes; text where the query doesn't say. */
function typeOfPlace(prepared: DuckDBPreparedStatement, index: number): string {
  try {
    return String(prepared.parameterType(index));
  } catch {
    return "VARCHAR"; // the library throws where DuckDB knows no type
  }
}
