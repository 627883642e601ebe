/**
 * Benchmarks: `deno task bench [NAME…] [--runs N] [--votes N] [--minutes N] [--workers N] [--own] [--profile]`; by default all of
 * them.
 *
 * Each prints its figures beside what limits them, measured in the same run, and leaves them as JSON in
 * `bench/results/`.
 * @module
 */
import { parseArgs } from "node:util";
import { demo } from "./demo.ts";
import { ingest } from "./ingest.ts";
import { latency } from "./latency.ts";
import { memory } from "./memory.ts";
import { page } from "./page.ts";
import { pictures } from "./pictures.ts";
import { replay } from "./replay.ts";
import { type BenchOptions, describeMachine, print, saveReport } from "./report.ts";
import { restart } from "./restart.ts";
import { snapshot } from "./snapshot.ts";
import { sql } from "./sql.ts";
import { sse } from "./sse.ts";

const BENCHMARKS: Record<string, (options: BenchOptions) => Promise<object>> = {
  replay,
  restart,
  ingest,
  demo,
  latency,
  memory,
  sse,
  snapshot,
  sql,
  page,
  pictures,
};

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "5" },
    votes: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "30" },
    workers: { type: "string", default: "2" },
    own: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
  },
});
const { own, profile } = values;
const options = {
  runs: Number(values.runs),
  votes: Number(values.votes),
  minutes: Number(values.minutes),
  workers: Number(values.workers),
  own,
  profile,
};
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
const unknown = names.find((name) => !(name in BENCHMARKS));
if (unknown !== undefined || !(options.runs >= 1) || !(options.votes >= 1) || !(options.minutes >= 0)) {
  const known = Object.keys(BENCHMARKS).map((name) => `[${name}]`).join(" ");
  print(`deno task bench ${known} [--runs N] [--votes N] [--minutes N] [--workers N] [--own] [--profile]`);
  Deno.exit(2);
}

const machine = await describeMachine();
const command = ["deno task bench", ...Deno.args].join(" ");
print(`${command}\n${Object.values(machine).join(" · ")}\n`);
for (const name of names) {
  const figures = await BENCHMARKS[name](options);
  const report = own && name === "replay" ? "replay_own" : name;
  print(`  ${await saveReport(report, { command, machine, ...figures })}\n`);
}
// The broker is nobody's child and ends by itself with this process.
Deno.exit(0);
