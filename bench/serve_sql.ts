/**
 * The SQL endpoint and its sandbox, for a benchmark's process.
 * @module
 */
import type { Hono } from "hono";
import { openSandbox, type Sandbox } from "../analytics/sandbox.ts";
import type { Snapshots } from "../analytics/snapshots.ts";
import { mountSql } from "../routes/sql.ts";

/** Standard output is for figures. */
const say = (message: string) => void Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));

/** Mounts `/api/v1/sql` over the snapshots in a folder; it answers anybody. */
export async function serveSql(app: Hono, dir: string, store: Snapshots): Promise<Sandbox> {
  const sandbox = await openSandbox({ folder: `${dir}/public`, snapshots: store, onNotice: say });
  mountSql(app, {
    engine: sandbox,
    newest: store.newest,
    past: store,
    access: { of: () => "open", refused: () => null },
  });
  return sandbox;
}
