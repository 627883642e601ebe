/**
 * Prints what Teller may read, write or run, for the --allow-… flags of the tasks in deno.json: a permission set can't
 * know the paths that the settings name, nor where Deno is, and such a flag replaces the set's own list.
 * @module
 */
import process from "node:process";
import { LAUNCHERS } from "./analytics/sandbox_launch.ts";

const dataDir = Deno.env.get("DATA_DIR")?.trim() || "./data";
const ssl = Deno.env.get("KAFKA_SSL")?.trim() || "off";
const certificates = ssl === "on" || ssl === "off" ? [] : [ssl];
// The embedded Postgres' program.
const postgres = ["./node_modules/.deno/@electric-sql+pglite@0.5.16"];
// What pictures are painted with: its worker, the program and the font.
const pictures = [
  "./routes/picture_worker.ts",
  "./node_modules/.deno/@resvg+resvg-wasm@2.6.2",
  "./node_modules/.deno/@expo-google-fonts+source-sans-3@0.4.1",
];
// The workers that read a long log, run the embedded Postgres or draw the demo's people: what they import counts as read.
const workers = ["./pipeline"];
const queries = "./analytics/queries";
const paths: Record<string, readonly string[]> = {
  read: ["./dist", queries, ...workers, ...postgres, ...pictures, dataDir, ...certificates],
  write: [dataDir],
  // Deno again, for analysts' SQL, and what confines it.
  run: [...LAUNCHERS, Deno.execPath()],
};
// A comma separates paths. One that holds a comma is left out here, and refused with the reason by main.ts.
const printed = paths[Deno.args[0]].filter((path) => !path.includes(","));
process.stdout.write(printed.join(",") || "./data");
