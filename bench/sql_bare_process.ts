/**
 * DuckDB by itself on the tables that the sandbox has, with one thread: `ORDER` as JSON.
 *
 * Says that it is ready, then, for each line that it is sent, how many ms its question took; ends with its input.
 * @module
 */
import { openLocked } from "../analytics/duckdb_locked.ts";
import { definitionsOf } from "../analytics/schema.ts";
import { linesOf, orderOf } from "../tests/services/child.ts";
import { print } from "./report.ts";
import type { BareOrder } from "./sql_questions.ts";

const { question, votes, ...rest } = orderOf<BareOrder>();
const source = { ...rest, votes, quality: null, snapshots: [], closedUntil: null };
using engine = await openLocked(definitionsOf(source, { held: false }), votes);
using connection = await engine.connect();
print("ready");
for await (const _ of linesOf(Deno.stdin.readable)) {
  const startedMs = performance.now();
  const { rows } = await connection.run(question, {});
  for await (const _ of rows);
  print(String(performance.now() - startedMs));
}
