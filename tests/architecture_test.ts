/**
 * Who may import whom, so that a reader knows where to look.
 * @module
 */
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDERS = ["pipeline", "analytics", "routes", "islands", "widget"];

interface Import {
  /** Path of a file of ours, from the root; or a package's name. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const sources = new Map<string, { text: string; imports: Import[] }>();
for (
  const path of [
    "main.ts",
    "serve.ts",
    "serve_sinks.ts",
    "invocation.ts",
    "dev.ts",
    "paths.ts",
    ...FOLDERS.flatMap(filesIn),
  ]
) {
  const text = Deno.readTextFileSync(join(ROOT, path));
  sources.set(path, { text, imports: importsOf(path, text) });
}

function filesIn(folder: string): string[] {
  const entries = [...Deno.readDirSync(join(ROOT, folder))];
  return entries.filter(({ name }) => /\.tsx?$/.test(name)).map(({ name }) => `${folder}/${name}`);
}

function importsOf(path: string, text: string): Import[] {
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?["']([^"']+)["']/gm);
  return [...found].map(([, type, specifier]) => ({
    to: specifier.startsWith(".")
      ? relative(ROOT, join(ROOT, dirname(path), specifier))
      : packageOf(specifier),
    typeOnly: type !== undefined,
  }));
}

function packageOf(specifier: string): string {
  return specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : specifier.split("/")[0];
}

function* imports(): Generator<{ from: string; to: string; typeOnly: boolean }> {
  for (const [from, { imports }] of sources) for (const found of imports) yield { from, ...found };
}

const inside = (path: string, folder: string) => path.startsWith(`${folder}/`);
const isOurs = (to: string) => /\.tsx?$/.test(to);

Deno.test("the vocabulary imports nothing", () => {
  assert.ok([...imports()].length > 2 * sources.size, "imports are found at all");
  assert.deepEqual(sources.get("pipeline/election.ts")?.imports, []);
});

Deno.test("pipeline/ imports of ours only itself", () => {
  for (const { from, to } of imports()) {
    if (inside(from, "pipeline") && isOurs(to)) assert.ok(inside(to, "pipeline"), `${from} imports ${to}`);
  }
});

Deno.test("the recount shares nothing with the count but the vocabulary and the log's port", () => {
  const may = ["pipeline/election.ts", "pipeline/log.ts"];
  for (const { to } of sources.get("pipeline/recount.ts")!.imports) assert.ok(may.includes(to), to);
  for (const path of ["pipeline/recount_cut.ts", "pipeline/recount_aggregates.ts"]) {
    for (const { to } of sources.get(path)!.imports) {
      assert.ok(
        [...may, "pipeline/recount.ts", "pipeline/recount_cut.ts"].includes(to),
        `${path} imports ${to}`,
      );
    }
  }
});

Deno.test("analytics/ imports of ours only pipeline/ and itself", () => {
  for (const { from, to } of imports()) {
    if (!inside(from, "analytics") || !isOurs(to)) continue;
    assert.ok(inside(to, "pipeline") || inside(to, "analytics"), `${from} imports ${to}`);
  }
});

Deno.test("routes/ imports of ours only pipeline/, analytics/, islands/, itself and what the widget's releases are", () => {
  for (const { from, to } of imports()) {
    if (!inside(from, "routes") || !isOurs(to)) continue;
    assert.ok(
      ["routes", "pipeline", "analytics", "islands"].some((folder) => inside(to, folder)) ||
        to === "widget/releases.ts",
      `${from} imports ${to}`,
    );
  }
});

Deno.test("islands/ imports of the pipeline only types and the vocabulary, so that it runs in a browser", () => {
  for (const { from, to, typeOnly } of imports()) {
    if (!inside(from, "islands") || !isOurs(to) || inside(to, "islands")) continue;
    if (from === "islands/bundle.ts" && to === "widget/releases.ts") continue; // builds, and is no part of it
    assert.ok(inside(to, "pipeline") && (typeOnly || to === "pipeline/election.ts"), `${from} imports ${to}`);
  }
});

Deno.test("widget/ takes no package along, and of islands only what takes none either", () => {
  const seen = new Set<string>();
  function look(path: string): void {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { to, typeOnly } of sources.get(path)!.imports) {
      if (typeOnly) continue;
      assert.ok(
        ["widget", "islands"].some((folder) => inside(to, folder)) || to === "pipeline/election.ts",
        `${path} imports ${to}`,
      );
      look(to);
    }
  }
  for (const path of sources.keys()) if (inside(path, "widget")) look(path);
});

Deno.test("nobody imports main.ts, and only it and paths.ts read the environment", () => {
  for (const { from, to } of imports()) assert.notEqual(to, "main.ts", from);
  for (const [path, { text }] of sources) {
    assert.equal(
      /\bDeno\.env\b|\bprocess\.env\b/.test(text),
      path === "main.ts" || path === "paths.ts",
      path,
    );
  }
});

Deno.test("each package that drives something outside has one importing place", () => {
  // Libraries for views and charts, the web framework and schemas are languages rather than drivers: they are
  // used all over.
  const everywhere = new Set([
    "hono",
    "preact",
    "preact-render-to-string",
    "@preact/signals",
    "@observablehq/plot",
    "zod",
  ]);
  const importers = new Map<string, Set<string>>();
  for (const { from, to } of imports()) {
    if (isOurs(to) || to.startsWith("node:") || everywhere.has(to)) continue;
    // The Kafka adapter is one place of several files, and so is DuckDB's.
    const place = /^(pipeline\/log_kafka|analytics\/duckdb)/.exec(from)?.[0] ?? from;
    importers.set(to, (importers.get(to) ?? new Set()).add(place));
  }
  for (const [name, places] of importers) assert.equal(places.size, 1, `${name}: ${[...places].join(", ")}`);
});

Deno.test("a file of the product has at most 400 lines", () => {
  for (const [path, { text }] of sources) {
    const lines = text.split("\n").length;
    assert.ok(lines <= 400, `${path} has ${lines} lines: has it two jobs?`);
  }
});
