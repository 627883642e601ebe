/**
 * `deno task dev`: builds, runs Teller with a demo election, and does both again whenever a source file changes.
 * The election goes on where it stopped.
 * @module
 */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const WATCHED = ["main.ts", "pipeline", "routes", "islands"].map((name) => ROOT + name);
/** An editor that saves several files makes several events. */
const SETTLE_MS = 200;

let teller: Deno.ChildProcess | null = null;
let restarting = false;

/** Runs Deno in the project's folder, on the terminal of this process. */
function start(args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), { args: ["run", "-q", ...args], cwd: ROOT, stdin: "null" })
    .spawn();
}

async function build(): Promise<boolean> {
  return (await start(["-P=build", "islands/bundle.ts"]).status).success;
}

function stop(): void {
  try {
    teller?.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended already
  }
}

/** Runs Teller until it ends by itself, or because it was told to; every restart is part of that. */
async function run(args: string[]): Promise<number> {
  for (let first = true;; first = false) {
    restarting = false;
    // A restart goes on with the election that --fresh began.
    teller = start(first ? args : args.filter((flag) => flag !== "--fresh"));
    const { code } = await teller.status;
    if (!restarting) return code;
  }
}

async function restartOnChange(): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const { kind } of Deno.watchFs(WATCHED)) {
    if (kind === "access") continue;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      // What doesn't build is shown by esbuild, and the last good one goes on.
      if (!await build()) return;
      restarting = true;
      stop();
    }, SETTLE_MS);
  }
}

const [read, write, ...flags] = Deno.args;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => {
    restarting = false;
    stop();
  });
}
if (!await build()) Deno.exit(1);
const code = run(["-P=teller", `--allow-read=${read}`, `--allow-write=${write}`, "main.ts", "dev", ...flags]);
void restartOnChange();
Deno.exit(await code);
