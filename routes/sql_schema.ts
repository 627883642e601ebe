/**
 * `GET /api/v1/sql/schema`: the tables and functions that SQL may use, its limits, and what confines it here.
 * @module
 */
import type { Handler } from "hono";
import { MAX_SQL_BYTES } from "../analytics/gate.ts";
import { FUNCTIONS } from "../analytics/gate_functions.ts";
import { FORMATS, MAX_BYTES, MAX_ROWS } from "../analytics/query.ts";
import type { Confinement } from "../analytics/sandbox_launch.ts";
import { QUERY_MS } from "../analytics/sandbox_limits.ts";
import { TABLES } from "../analytics/schema.ts";
import { unknownParameters } from "./query.ts";

/** Answers with the schema, open to all. */
export function getSqlSchema(confinements: readonly Confinement[]): Handler {
  const schema = {
    tables: TABLES,
    functions: [...FUNCTIONS].filter((name) => /^[a-z]/.test(name)).sort(),
    formats: FORMATS,
    limits: { rows: MAX_ROWS, bytes: MAX_BYTES, query_bytes: MAX_SQL_BYTES, seconds: QUERY_MS / 1000 },
    confinements: confinements.map(({ name, description, inForce }) => ({
      name,
      description,
      in_force: inForce,
    })),
  };
  return (c) => unknownParameters(c, []) ?? c.json(schema, 200, { "Cache-Control": "no-cache" });
}
