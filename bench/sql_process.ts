/**
 * Teller's answers in SQL over the snapshots of a folder, in a process of their own: `DIR`.
 *
 * Prints its address, and ends when its input does.
 * @module
 */
import { Hono } from "hono";
import { openDuckDb } from "../analytics/duckdb.ts";
import { openSnapshots } from "../analytics/snapshots.ts";
import { print } from "./report.ts";
import { serveSql } from "./serve_sql.ts";

const [dir] = Deno.args;
await using stack = new AsyncDisposableStack();
const duckDb = stack.use(await openDuckDb(`${dir}/spill`));
const store = stack.use(openSnapshots({ dir, duckDb, now: Date.now, onNotice: print }));
await store.latest();
const app = new Hono().get("/nothing", (c) => c.body(null, 204));
stack.use(await serveSql(app, dir, store));
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
print(`http://127.0.0.1:${server.addr.port}`);
for await (const _ of Deno.stdin.readable);
await server.shutdown();
