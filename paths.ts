/**
 * Prints what Teller may read, or write, for the --allow-read and --allow-write flags of the tasks in deno.json:
 * a permission set can't know the paths that the settings name, and such a flag replaces the set's own list.
 * @module
 */
import process from "node:process";

const dataDir = Deno.env.get("DATA_DIR") || "./data";
const ssl = Deno.env.get("KAFKA_SSL") || "off";
const certificates = ssl === "on" || ssl === "off" ? [] : [ssl];
// The embedded Postgres: the worker that it runs in, and its program.
const postgres = ["./pipeline/postgres_worker.ts", "./node_modules/.deno/@electric-sql+pglite@0.5.16"];
const paths = Deno.args[0] === "read" ? ["./dist", ...postgres, dataDir, ...certificates] : [dataDir];
// In a list of paths a comma separates, and two stand for one.
process.stdout.write(paths.map((path) => path.replaceAll(",", ",,")).join(","));
