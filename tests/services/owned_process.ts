/**
 * Programs that cannot outlive the test run, however it ends.
 *
 * A child of a killed process lives on, and no exit hook runs on SIGKILL. So each program gets a watchdog
 * beside it, a shell loop that sees within a second that the test run is gone, kills the program and removes
 * its scratch folder. Nothing has to be stopped for tidiness' sake, only where a test wants it.
 * @module
 */

/** `$$` is the shell's pid and, after `exec`, the program's: whoever kills it needs no pid file. */
const RUN_WATCHED = `
owner=$1 log=$2 scratch=$3
shift 3
(
  trap '' HUP INT TERM
  while kill -0 "$owner" && kill -0 $$; do sleep 1; done
  kill -0 "$owner" || { kill -9 $$; rm -rf "$scratch"; }
) </dev/null >/dev/null 2>&1 &
exec "$@" >>"$log" 2>&1
`;

/** Leaves the program to init and prints its pid: this process then holds no resource for it. */
const DETACHED = `sh -c '${
  RUN_WATCHED.replaceAll("'", `'\\''`)
}' watched "$@" </dev/null >/dev/null 2>&1 & echo $!`;

/** Where an owned program writes, and what goes away with it. */
export interface OwnedOptions {
  /** Standard output and error are appended here. */
  readonly log: string;
  /** Removed by the watchdog when the test run was interrupted. */
  readonly scratch: string;
  readonly cwd?: string;
  /** All of its environment; unset: this process'. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program as a child: `status` must be awaited before the test that started it ends. */
export function startOwned(command: readonly string[], options: OwnedOptions): Deno.ChildProcess {
  return new Deno.Command("sh", {
    args: ["-c", RUN_WATCHED, "watched", String(Deno.pid), options.log, options.scratch, ...command],
    cwd: options.cwd,
    env: options.env,
    clearEnv: options.env !== undefined,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/**
 * Starts a program for the rest of the test run and gives its pid.
 *
 * It is nobody's child, so the leak sanitizers have nothing to object to and it survives the test file that
 * started it; its watchdog ends it with the run.
 */
export async function startForTheRun(command: readonly string[], options: OwnedOptions): Promise<number> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", DETACHED, "detached", String(Deno.pid), options.log, options.scratch, ...command],
    stdin: "null",
    stderr: "inherit",
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

/** A TCP port of the loopback interface that nobody listens on now, and that this process wasn't given before. */
export function freePort(): number {
  for (;;) {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    if (given.has(port)) continue; // whoever was given it may not listen yet
    given.add(port);
    return port;
  }
}
const given = new Set<number>();
