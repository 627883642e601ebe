/**
 * Prints what Teller may read, or write, for the --allow-read and --allow-write flags of the tasks in deno.json:
 * a permission set can't know the paths that the settings name, and such a flag replaces the set's own list.
 * @module
 */
import process from "node:process";

const dataDir = Deno.env.get("DATA_DIR")?.trim() || "./data";
const ssl = Deno.env.get("KAFKA_SSL")?.trim() || "off";
const certificates = ssl === "on" || ssl === "off" ? [] : [ssl];
// The embedded Postgres: the worker that it runs in, and its program.
const postgres = ["./pipeline/postgres_worker.ts", "./node_modules/.deno/@electric-sql+pglite@0.5.16"];
// A comma separates paths. One that holds a comma is left out here, and refused with the reason by main.ts.
const paths = (Deno.args[0] === "read" ? ["./dist", ...postgres, dataDir, ...certificates] : [dataDir])
  .filter((path) => !path.includes(","));
process.stdout.write(paths.join(",") || "./data");
