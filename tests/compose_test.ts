/**
 * The compose file, the image and the proxy's configuration, checked without an engine to run them.
 *
 * The compose specification's schema and good practice are checked by dclint; here stands what is Teller's own.
 * @module
 */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DCLinter } from "dclint";
import { parse } from "yaml";
import { readSettings, SETTINGS } from "../pipeline/settings.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (name: string) => Deno.readTextFileSync(join(ROOT, name));

interface Service {
  image: string;
  build?: string;
  restart: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  networks: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

const TEXT = read("compose.yaml");
const COMPOSE = parse(TEXT) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean } | null>;
};
const SERVICES = Object.entries(COMPOSE.services);
const DOCKERFILE = read("Dockerfile");
/** The names that compose takes from .env, or from the environment. */
const INTERPOLATED = new Set([...TEXT.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
const EXAMPLE = [...read(".env.example").matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => ({
  name,
  value,
}));

Deno.test("the compose file fits the compose specification's schema, and a linter finds nothing", () => {
  const rules = {
    // Services stand in the order of a request, and their keys in the order of their importance.
    "services-alphabetical-order": 0,
    "service-keys-order": 0,
    "service-dependencies-alphabetical-order": 0,
    "service-ports-alphabetical-order": 0,
    "require-quotes-in-ports": [1, { quoteType: "double" }],
    // The proxy is there for others than this machine; the test of ports below says which.
    "no-unbound-port-interfaces": 0,
    // What is built here is named as well, so that the image can be found.
    "no-build-and-image": 0,
  } satisfies ConstructorParameters<typeof DCLinter>[0]["rules"];
  const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] });
  const found = linter.lintFiles([join(ROOT, "compose.yaml")], false).flatMap(({ messages }) => messages);
  assert.deepEqual(found.map(({ line, rule, message }) => `${line}: ${rule}: ${message}`), []);
});

Deno.test("every image is pinned to a version", () => {
  const bases = [...DOCKERFILE.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  assert.equal(bases.length, 2);
  for (const image of [...bases, ...SERVICES.map(([, { image }]) => image)]) {
    assert.match(image, /:v?\d+\.\d+(\.\d+)?(-alpine)?$/, image);
  }
  const { version } = JSON.parse(read("deno.json"));
  assert.equal(COMPOSE.services.teller.image, `teller:${version}`);
});

Deno.test("the image's Deno is the one that the README names", () => {
  const [, version] = /npx -y deno@(\S+) task dev/.exec(read("README.md"))!;
  for (const [, used] of DOCKERFILE.matchAll(/^FROM denoland\/deno:(\S+)/gm)) assert.equal(used, version);
});

Deno.test("every variable of Teller's is a setting, and its value is one that the setting takes", () => {
  const environment = COMPOSE.services.teller.environment!;
  for (const name of Object.keys(environment)) assert.ok(name in SETTINGS, name);
  const filled = Object.fromEntries(EXAMPLE.map(({ name, value }) => [name, value]));
  const given = { ...filled, POSTGRES_PASSWORD: "secret" };
  const interpolate = (text: string) =>
    text.replace(
      /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
      (_, name: keyof typeof given, or = "") => given[name] || or,
    );
  const settings = readSettings(
    Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolate(value)])),
  );
  assert.equal(settings.PUBLIC_URL, "https://localhost/");
  assert.equal(settings.DATABASE_URL, "postgres://teller:secret@postgres:5432/teller");
  assert.deepEqual(settings.KAFKA_BROKERS, ["redpanda:9092"]);
});

Deno.test(".env.example has what compose asks for, and nothing else", () => {
  assert.deepEqual(new Set(EXAMPLE.map(({ name }) => name)), INTERPOLATED);
  const others = [...INTERPOLATED].filter((name) => !(name in SETTINGS));
  assert.deepEqual(others.toSorted(), ["POSTGRES_PASSWORD", "SITE_ADDRESS"]);
  for (const { name, value } of EXAMPLE) {
    assert.ok(
      !/PASSWORD|TOKEN|SECRET/.test(name) || value === "",
      `${name} is not to be the same everywhere`,
    );
  }
});

Deno.test("every volume and network is declared and used, and every dependency is a healthy service", () => {
  const volumes = SERVICES.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(":")[0]));
  const named = volumes.filter((source) => !source.startsWith("./"));
  assert.deepEqual(new Set(named), new Set(Object.keys(COMPOSE.volumes)));
  for (const file of volumes.filter((source) => source.startsWith("./"))) {
    assert.ok(Deno.statSync(join(ROOT, file)));
  }
  const networks = SERVICES.flatMap(([, { networks }]) => networks);
  assert.deepEqual(new Set(networks), new Set(Object.keys(COMPOSE.networks)));
  for (const [name, { depends_on = {} }] of SERVICES) {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      assert.ok(needed in COMPOSE.services, `${name} needs ${needed}`);
      assert.equal(condition, "service_healthy");
    }
  }
});

Deno.test("every service comes back by itself and tells whether it is well", () => {
  for (const [name, { restart, healthcheck, build }] of SERVICES) {
    assert.equal(restart, "unless-stopped", name);
    if (build !== undefined) assert.match(DOCKERFILE, /^HEALTHCHECK .*--start-period/m);
    else assert.match(healthcheck!.test[0], /^CMD(-SHELL)?$/, name);
  }
});

Deno.test("others reach the proxy and nothing else; the log and the database reach nobody outside", () => {
  const published = SERVICES.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
  assert.deepEqual(published, [["caddy", "80:80"], ["caddy", "443:443"], ["console", "127.0.0.1:8080:8080"]]);
  for (const name of ["teller", "redpanda", "postgres"]) {
    for (const network of COMPOSE.services[name].networks) {
      assert.equal(COMPOSE.networks[network]?.internal, true, `${name} on ${network}`);
    }
  }
  const { caddy } = COMPOSE.services;
  assert.ok(!caddy.networks.includes("back"));
});

Deno.test("Redpanda waits for the disk: production mode before the start, and no developer's flag", () => {
  const [script] = COMPOSE.services.redpanda.command!;
  assert.match(script, /^rpk redpanda mode production && exec rpk redpanda start /);
  assert.match(script, / --unsafe-bypass-fsync=false /);
  assert.doesNotMatch(script, /dev-container|developer_mode|write_caching|bypass-fsync(?!=false)/);
});

Deno.test("the image runs Teller with the permissions of deno task start, and without rights", () => {
  const { start } = JSON.parse(read("deno.json")).tasks;
  const [, shell] = /^CMD (\[.*\])$/m.exec(DOCKERFILE.replaceAll(/\\\n\s*/g, ""))!;
  assert.deepEqual(JSON.parse(shell), ["sh", "-c", start.command.replace("deno task -q build && ", "exec ")]);
  const stages = DOCKERFILE.split(/^FROM /m);
  assert.match(stages.at(-1)!, /^USER deno$/m);
  assert.doesNotMatch(DOCKERFILE, /-A\b|--allow-all/);
});

Deno.test("what the image is built from does not include what this machine keeps", () => {
  const ignored = read(".dockerignore").split("\n");
  for (const name of [".*", "node_modules", "data", "dist", "tests"]) assert.ok(ignored.includes(name), name);
  for (const [, names] of DOCKERFILE.matchAll(/^COPY (?!--from|\. )(.+) \S+$/gm)) {
    for (const name of names.split(" ")) {
      assert.ok(Deno.statSync(join(ROOT, name)) && !ignored.includes(name), name);
    }
  }
});

Deno.test("the proxy has time-outs, keeps to itself what is not for strangers, and leaves the stream alone", () => {
  const caddyfile = read("Caddyfile");
  for (const timeout of ["read_header", "read_body", "idle"]) {
    assert.match(caddyfile, new RegExp(`\\t${timeout} \\d+[sm]`));
  }
  assert.match(caddyfile, /protocols h1 h2/);
  assert.match(caddyfile, /@private path \/metrics \/readyz \/api\/v1\/commands\/\*\n\trespond @private 404/);
  assert.doesNotMatch(caddyfile, /^\s*(write|flush_interval) /m);
  assert.match(caddyfile, /reverse_proxy teller:8000/);
  assert.equal(caddyfile.split("{").length, caddyfile.split("}").length, "braces");
});
