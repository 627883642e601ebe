/**
 * How the sandbox's process is started: behind every confinement that this system has and allows.
 * @module
 */
import { fileURLToPath } from "node:url";
import { DATA_BYTES } from "./sandbox_limits.ts";

/** A confinement that the system may have. */
interface Layer {
  readonly name: string;
  readonly description: string;
  /** Commands that start another one inside it: the first that works is used. */
  readonly commands: readonly (readonly string[])[];
}

/** A confinement, and whether it holds here. */
export interface Confinement {
  readonly name: string;
  readonly description: string;
  readonly inForce: boolean;
}

/** A command line, and what it gives. */
export interface Launch {
  readonly command: readonly string[];
  readonly confinements: readonly Confinement[];
}

/** Programs that may stand at the command line's beginning, which is all that the process may run besides Deno. */
export const LAUNCHERS = ["unshare", "setpriv", "prlimit", "nice"] as const;

const NOBODY = "65534";
/** A V8 that asks for more fails by itself. */
const HEAP_MB = 256;

/** From the outside in: what an outer one takes away, an inner one needn't have. */
const LAYERS: readonly Layer[] = [
  {
    name: "network",
    description: "a network namespace of its own, with nothing in it",
    commands: [["unshare", "-n", "--"], ["unshare", "-rn", "--"]],
  },
  {
    name: "uid",
    description: "a user of its own, who owns nothing",
    commands: [["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"]],
  },
  {
    name: "privileges",
    description: "no privileges, and no way to get any",
    commands: [
      ["setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"],
      ["setpriv", "--no-new-privs", "--"],
    ],
  },
  {
    name: "memory",
    description: `at most ${DATA_BYTES >> 20} MiB of data, granted by the system`,
    // No limit on what it writes: it may write nothing, and Deno's own caches, which it opens, may be of any size.
    commands: [["prlimit", `--data=${DATA_BYTES}`, "--core=0", "--"]],
  },
  { name: "priority", description: "the lowest priority", commands: [["nice", "-n", "19"]] },
];

/** What holds on every system, by the process itself. */
const ALWAYS: readonly Confinement[] = [
  ["process", "a process of its own, with an empty environment and no permission but to read the snapshots"],
  ["engine", "a locked engine: no files but a snapshot's, no settings, no extensions"],
  ["watchdog", "it is ended when it takes too much memory or time"],
].map(([name, description]) => ({ name, description, inForce: true }));

const fileAt = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CHILD = fileAt("sandbox_child.ts");
const CONFIG = fileAt("../deno.json");

/**
 * Tries each confinement, a few milliseconds each.
 * `folder` is where the files are that the process has to be able to read.
 */
export async function planLaunch(folder: string): Promise<Launch> {
  const chosen: string[] = [];
  const confinements: Confinement[] = [...ALWAYS];
  for (const { name, description, commands } of LAYERS) {
    let inForce = false;
    for (const command of commands) {
      inForce = await works([...chosen, ...command], folder);
      if (!inForce) continue;
      chosen.push(...command);
      break;
    }
    confinements.push({ name, description, inForce });
  }
  const deno = [
    Deno.execPath(),
    "run",
    "-q",
    "--no-prompt",
    "--cached-only",
    "--no-code-cache",
    `--config=${CONFIG}`,
    "-P=sandbox",
    `--allow-read=${folder}`,
    `--v8-flags=--max-old-space-size=${HEAP_MB}`,
    CHILD,
    folder,
  ];
  return { command: [...chosen, ...deno], confinements };
}

/** Whether a process that is started so can run Deno on the sandbox's program, and read the folder. */
async function works(command: readonly string[], folder: string): Promise<boolean> {
  const readable = [CHILD, CONFIG, folder].flatMap((path) => ["-a", "-r", path]);
  const [program, ...args] = [...command, "test", "-x", Deno.execPath(), ...readable, "-a", "-x", folder];
  try {
    const { success } = await new Deno.Command(program, {
      args,
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    // It isn't installed, or the process may not run it.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

/** What doesn't hold here, in one sentence; null where everything does. */
export function missingConfinements({ confinements }: Launch): string | null {
  const missing = confinements.filter(({ inForce }) => !inForce).map(({ description }) => description);
  if (missing.length === 0) return null;
  return `This system doesn't give the process that runs analysts' SQL: ${missing.join("; ")}`;
}
