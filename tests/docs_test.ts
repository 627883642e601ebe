/**
 * The documents tell the truth: every setting, route, task, flag and exit code is in them, as it is in the code.
 * @module
 */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createApp } from "../routes/app.ts";
import { REASONS } from "../pipeline/record.ts";
import { USAGE } from "../pipeline/command_line.ts";
import { SETTINGS } from "../pipeline/settings.ts";
import { TOPIC_NAMES } from "../pipeline/log.ts";
import { closedPolls } from "./routes/closed_polls.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string) => Deno.readTextFileSync(join(ROOT, path));
const README = read("README.md");
/** The formatter pads tables to line up; rows are compared without that. */
const README_ROWS = README.replace(/ +/g, " ");
const CONTRIBUTING = read("CONTRIBUTING.md");

Deno.test("the README's first lines are the two commands", () => {
  const commands = README.split("\n").slice(0, 6).filter((line) => line.startsWith("npx -y deno@"));
  assert.deepEqual(commands.map((line) => line.split(/\s{2,}/)[0]), [
    "npx -y deno@2.9.6 task dev",
    "npx -y deno@2.9.6 task test",
  ]);
});

Deno.test("every setting stands in the README with its default and its meaning", () => {
  for (const [name, { help, default: value }] of Object.entries(SETTINGS)) {
    const row = `| \`${name}\` |${value ? ` \`${value}\`` : ""} | ${help} |`;
    assert.ok(README_ROWS.includes(row), `README lacks: ${row}`);
  }
});

Deno.test("every task stands in the README or in CONTRIBUTING", () => {
  for (const task of Object.keys(JSON.parse(read("deno.json")).tasks)) {
    assert.ok(`${README}${CONTRIBUTING}`.includes(`deno task ${task}`), task);
  }
});

Deno.test("every flag stands in the README", () => {
  for (const [flag] of USAGE.matchAll(/--\w+/g)) assert.ok(README.includes(`\`${flag}`), flag);
});

Deno.test("every route stands in the README", () => {
  const unused = () => assert.fail("not called");
  const app = createApp({
    updates: { latest: unused, subscribe: unused },
    live: { handler: unused, clients: unused, close: unused },
    past: { kept: unused, at: unused, resultsAt: unused, publicParquet: unused, hold: unused },
    baseUrl: "",
    history: { newest: unused, at: unused, ask: unused, standings: unused },
    sql: {
      engine: { ask: unused },
      namedQueries: [],
      access: { of: unused, refused: unused },
      confinements: [],
    },
    vitals: unused,
    regions: unused,
    candidates: unused,
    quality: unused,
    commands: { handler: unused },
    voting: closedPolls(),
    readiness: unused,
    metrics: { contentType: "", render: unused },
    assets: { url: unused, read: unused, address: unused },
    painter: { paint: unused, [Symbol.dispose]: unused },
    frameAncestors: "*",
    onFailure: unused,
  });
  const routes = new Set(
    app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`),
  );
  assert.ok(routes.has("GET /"));
  for (const route of routes) {
    const documented = route.replace("/portraits/:file", "/portraits/ID.svg")
      .replace("/img/v1/:file", "/img/v1/VIEW.svg").replace("/snapshots/:file", "/snapshots/SHA256.parquet")
      .replace("/:sql{sql\\.[a-z]+}", "/sql.FORMAT")
      .replace("/queries/:file", "/queries/NAME.FORMAT").replace(/:file|:name/, "NAME")
      .replace(/:(\w+)(\{.*?\})?/g, (_, name) => name.toUpperCase());
    assert.ok(README.includes(`\`${documented}\``), route);
  }
});

Deno.test("every reason of rejection, every topic and every exit code stand in the README", () => {
  for (const name of [...REASONS, ...TOPIC_NAMES]) assert.ok(README.includes(`\`${name}\``), name);
  const codes = read("pipeline/exit_codes.ts").match(/const EXIT_CODES[^}]+/)![0].match(/: \d+/g)!;
  for (const code of new Set(codes)) assert.ok(README_ROWS.includes(`| ${code.slice(2)} |`), code);
});

for (const folder of ["pipeline", "analytics"]) {
  Deno.test(`every source file of ${folder}/ stands in its table in CONTRIBUTING`, () => {
    const [, table] = new RegExp(`^In \`${folder}/\`.*:\n\n((?:\\|.*\n)+)`, "m").exec(CONTRIBUTING)!;
    const onMap = [...table.matchAll(/`([\w*]+\.ts)`/g)].map(([, name]) =>
      name.replaceAll(".", "\\.").replace("*", "\\w*")
    );
    const map = new RegExp(`^(${onMap.join("|")})$`);
    for (const { name, isFile } of Deno.readDirSync(join(ROOT, folder))) {
      if (isFile && !/\.d\.ts$/.test(name)) assert.match(name, map);
    }
  });
}

Deno.test("links between the documents lead somewhere", () => {
  for (const document of [README, CONTRIBUTING, read("CHANGELOG.md")]) {
    for (const [, path] of document.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      assert.ok(Deno.statSync(join(ROOT, path)), path);
    }
  }
});
