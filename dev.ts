/**
 * `deno task dev`: builds, runs Teller with a demo election, and does both again whenever a source file changes.
 * The election goes on where it stopped.
 * @module
 */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const WATCHED = [
  "main.ts",
  "serve.ts",
  "serve_sinks.ts",
  "invocation.ts",
  "pipeline",
  "analytics",
  "routes",
  "islands",
  "widget",
].map((
  name,
) => ROOT + name);
/** An editor that saves several files makes several events. */
const SETTLE_MS = 200;

let running: Deno.ChildProcess | null = null;
let ended = false;
let changed = Promise.withResolvers<void>();

/** Runs Deno in the project's folder, on the terminal of this process, and gives its exit code. */
async function run(args: string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args: ["run", "-q", ...args], cwd: ROOT, stdin: "null" })
    .spawn();
  running = child;
  if (ended) stop();
  const { code } = await child.status;
  running = null;
  return code;
}

function stop(): void {
  running?.kill("SIGTERM");
}

async function watch(): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const { kind } of Deno.watchFs(WATCHED)) {
    if (kind === "access") continue;
    clearTimeout(timer);
    timer = setTimeout(() => changed.resolve(), SETTLE_MS);
  }
}

/** Builds and runs, over and over; gives the exit code of the first run that ends by itself, or of the last one. */
async function develop(serve: string[]): Promise<number> {
  for (let first = true;; first = false) {
    changed = Promise.withResolvers();
    let restart = false;
    changed.promise.then(() => {
      restart = true;
      stop();
    });
    // A restart goes on with the election that --fresh began.
    const flags = first ? serve : serve.filter((flag) => flag !== "--fresh");
    const code = await run(["-P=build", "islands/bundle.ts"]) || await run(flags);
    if (ended || (first && !restart)) return code;
    // What doesn't build or start has said why: the next change may mend it.
    if (!restart) await changed.promise;
    if (ended) return code;
  }
}

for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => {
    ended = true;
    stop();
    changed.resolve();
  });
}
const [read, write, programs, ...flags] = Deno.args;
watch().catch((error) => {
  // Without it there is still an election to look at.
  Deno.stderr.writeSync(new TextEncoder().encode(`Changes are not noticed: ${error}\n`));
});
const permissions = [
  "-P=teller",
  `--allow-read=${read}`,
  `--allow-write=${write}`,
  `--allow-run=${programs}`,
];
const serve = [...permissions, "main.ts", "dev", ...flags];
Deno.exit(await develop(serve));
