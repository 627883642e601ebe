/**
 * Teller itself as a process of its own, with the permissions it has in use.
 * @module
 */
import { fileURLToPath } from "node:url";
import { freePort, startOwned } from "./owned_process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_TIMEOUT_MS = 60_000;

/** What is run, and with which settings. */
export interface TellerOptions {
  /** The command and its flags; by default `start`. */
  readonly command?: readonly string[];
  /** Settings; unset: PORT is a free one, DATA_DIR a folder that goes away with the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The permission set of deno.json. */
  readonly permissions?: string;
}

/** A running Teller; disposing it kills it and removes the DATA_DIR that was made for it. */
export interface TellerService extends AsyncDisposable {
  /** http://127.0.0.1:PORT, without a slash at the end. */
  readonly url: string;
  readonly dataDir: string;
  /** Its exit code, once it has ended; 128 + the signal's number where a signal ended it. */
  readonly exit: Promise<number>;
  /** Sends a signal (SIGTERM by default) and waits for the end; gives the exit code. */
  stop(signal?: Deno.Signal): Promise<number>;
  /** What it has written so far, standard output and error together. */
  logs(): string;
}

/** Runs Teller to its end, as one would a one-shot command or one that is refused. */
export async function runTeller(options: TellerOptions): Promise<{ code: number; logs: string }> {
  await using teller = await spawnTeller(options);
  const code = await teller.exit;
  return { code, logs: teller.logs() };
}

/** Starts Teller on the built `dist/` and waits until it gives results. */
export async function startTeller(options: TellerOptions = {}): Promise<TellerService> {
  const service = await spawnTeller(options);
  let ended = false;
  service.exit.then(() => ended = true);
  try {
    await untilServing(service.url, () => ended);
  } catch (error) {
    const said = service.logs();
    await service[Symbol.asyncDispose]();
    throw new Error(`Teller did not come up; it said:\n${said}`, { cause: error });
  }
  return service;
}

/** Starts Teller and waits for nothing. */
export async function spawnTeller(options: TellerOptions = {}): Promise<TellerService> {
  const { command = ["start"], permissions = "teller" } = options;
  const scratch = await Deno.makeTempDir({ prefix: "teller-run-" });
  // Threads read however little there is, so that whatever befalls a Teller befalls them too.
  const threads = { TELLER_WORKERS: "2" };
  const env = {
    ...inherited(),
    ...threads,
    PORT: String(freePort()),
    DATA_DIR: `${scratch}/data`,
    ...options.env,
  };
  const log = `${scratch}/teller.log`;
  await Deno.writeTextFile(log, "");
  const run = [
    Deno.execPath(),
    "run",
    "-q",
    `-P=${permissions}`,
    ...await pathFlags(env),
    "main.ts",
    ...command,
  ];
  const child = startOwned(run, { log, scratch, cwd: ROOT, env });
  let ended = false;
  const exit = child.status.then(({ code }) => {
    ended = true;
    return code;
  });
  return {
    url: `http://127.0.0.1:${env.PORT}`,
    dataDir: env.DATA_DIR,
    exit,
    logs: () => Deno.readTextFileSync(log),
    stop(signal = "SIGTERM") {
      if (!ended) child.kill(signal);
      return exit;
    },
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGKILL");
      await exit;
      const said = Deno.readTextFileSync(log);
      await Deno.remove(scratch, { recursive: true });
      // It would count all the same, only slower; so nothing else would tell.
      if (said.includes("A thread that reads the log has failed")) throw new Error(said);
    },
  };
}

/** What Deno itself needs, and nothing that could be a setting of Teller's. */
function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR"];
  return Object.fromEntries(names.map((name) => [name, Deno.env.get(name)]).filter(([, value]) => value));
}

/** The flags that the tasks in deno.json add for paths and programs. */
async function pathFlags(env: Record<string, string>): Promise<string[]> {
  return await Promise.all(["read", "write", "run"].map(async (kind) => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-P=paths", "paths.ts", kind],
      cwd: ROOT,
      env,
      clearEnv: true,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return `--allow-${kind}=${new TextDecoder().decode(stdout)}`;
  }));
}

async function untilServing(url: string, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (true) {
    const over = ended() || Date.now() > deadline;
    try {
      const response = await fetch(`${url}/api/v1/results`);
      await response.body?.cancel();
      if (response.ok) return;
    } catch (error) {
      // Nobody listens yet.
      if (!(error instanceof TypeError)) throw error;
    }
    if (over) throw new Error(`${url} gives no results`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
