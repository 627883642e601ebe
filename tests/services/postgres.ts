/**
 * A real Postgres for tests, from the distribution's binaries, on loopback: one for the whole run, and in it a
 * database for each test.
 * @module
 */
import postgres from "postgres";
import { freePort, startForTheRun } from "./owned_process.ts";

const INSTALLED = "/usr/lib/postgresql";
const START_TIMEOUT_MS = 60_000;

/** A database of the test's own; disposing drops it. */
export interface TestDatabase extends AsyncDisposable {
  /** postgres:// URL. */
  readonly url: string;
  /** The server's port on loopback. */
  readonly port: number;
}

/** Makes an empty database on the server that all test files share, or on that of `TEST_POSTGRES`. */
export async function newDatabase(): Promise<TestDatabase> {
  const server = await sharedPostgres();
  const name = `t_${crypto.randomUUID().replaceAll("-", "")}`;
  await once(server, `create database ${name} encoding 'UTF8' template template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    port: Number(url.port || 5432),
    [Symbol.asyncDispose]: () => once(server, `drop database ${name} with (force)`),
  };
}

/** The folder of the newest Postgres' programs; null where none is installed. */
export function postgresPrograms(): string | null {
  try {
    const versions = [...Deno.readDirSync(INSTALLED)].map(({ name }) => name).sort((a, b) => +b - +a);
    return versions.map((version) => `${INSTALLED}/${version}/bin`).find(holdsAServer) ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function holdsAServer(folder: string): boolean {
  try {
    return Deno.statSync(`${folder}/postgres`).isFile && Deno.statSync(`${folder}/initdb`).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Each test file has its own modules but the process' environment is one, so that is where the URL is left. */
async function sharedPostgres(): Promise<string> {
  const known = Deno.env.get("TEST_POSTGRES");
  if (known) return known;
  const programs = postgresPrograms();
  if (programs === null) throw new Error("Postgres is not installed");
  const scratch = await Deno.makeTempDir({ prefix: "teller-postgres-" });
  const port = freePort();
  const log = `${scratch}/log`;
  await Deno.writeTextFile(log, "");
  // It refuses to run as root, and the folder must be its own.
  const asUser = Deno.uid() === 0
    ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    : [];
  if (Deno.uid() === 0) await run(["chown", "postgres", scratch]);
  const data = `${scratch}/data`;
  await run([
    ...asUser,
    ...[`${programs}/initdb`, "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust"],
    "--no-sync",
  ]);
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    fsync: "off", // the machine's end is no test of ours
    max_connections: 100,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  await startForTheRun([...asUser, `${programs}/postgres`, "-D", data, ...flags], { log, scratch });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilItServes(url, log);
  Deno.env.set("TEST_POSTGRES", url);
  return url;
}

async function untilItServes(url: string, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await once(url, "select 1");
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`Postgres did not come up: ${await Deno.readTextFile(log)}`, { cause: error });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function once(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

async function run([program, ...args]: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null", cwd: "/" }).output();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
}
