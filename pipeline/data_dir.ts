/**
 * DATA_DIR has one owner: the process that holds its lock file.
 * @module
 */
import { z } from "zod";
import { Fault } from "./fault.ts";

const LOCK = "lock";
const OLD = "old";
/** What an election leaves here; anything else in the folder is somebody else's. */
const ELECTION_FILES = [
  "log.sqlite",
  "log.sqlite-wal",
  "log.sqlite-shm",
  "postgres",
  "postgres.new",
  "snapshots",
];

/** A folder owned by this process until it is disposed of. */
export interface DataDir extends Disposable {
  readonly path: string;
  /** Writes into the lock file where this process takes commands. */
  announce(address: CommandAddress): void;
  /** Moves the election in it to `old/NAME`, which must not exist yet, and returns that path. */
  setAside(name: string): string;
}

/** Where the owner of a DATA_DIR takes commands from others on its machine. */
export interface CommandAddress {
  /** Address to connect to. */
  readonly host: string;
  readonly port: number;
  /** The file in DATA_DIR that holds the admin token; null where ADMIN_TOKEN is set. */
  readonly adminTokenFile: string | null;
  /** Which kind of log it counts. */
  readonly log: "embedded" | "kafka";
}

const ADDRESS = z.object({
  host: z.string(),
  port: z.int(),
  adminTokenFile: z.string().nullable(),
  log: z.enum(["embedded", "kafka"]),
});

/** Where the owner of a DATA_DIR takes commands; null where it takes none, or not yet. */
export function ownerOf(path: string): CommandAddress | null {
  const written = lockFile(path);
  return ADDRESS.safeParse(written).data ?? null;
}

/** What the lock file holds: the owner's `pid`, and its address once it has one. Null while it is written. */
function lockFile(path: string): { pid?: number } | null {
  try {
    return JSON.parse(Deno.readTextFileSync(`${path}/${LOCK}`));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Opens DATA_DIR and takes its lock; the kernel gives the lock back however the process ends.
 * @throws {Fault} DATA_DIR_IN_USE when another process owns it, DATA_DIR_UNUSABLE when it can't be made or written
 */
export function openDataDir(path: string): DataDir {
  let file: Deno.FsFile;
  try {
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
    file = Deno.openSync(`${path}/${LOCK}`, { create: true, read: true, write: true });
  } catch (cause) {
    throw new Fault("DATA_DIR_UNUSABLE", `DATA_DIR ${path} can't be written: ${reasonOf(cause)}`, { cause });
  }
  if (!file.tryLockSync(true)) {
    file.close();
    const owner = lockFile(path)?.pid;
    throw new Fault(
      "DATA_DIR_IN_USE",
      `DATA_DIR ${path} belongs to a running Teller (process ${
        owner ?? "unknown"
      }); stop it, or set another DATA_DIR`,
    );
  }
  const write = (content: object) => {
    const bytes = new TextEncoder().encode(`${JSON.stringify(content)}\n`);
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(bytes);
    file.truncateSync(bytes.length);
  };
  write({ pid: Deno.pid });
  return {
    path,
    announce: (address) => write({ pid: Deno.pid, ...address }),
    setAside(name) {
      const target = `${path}/${OLD}/${name}`;
      Deno.mkdirSync(`${path}/${OLD}`, { recursive: true, mode: 0o700 });
      Deno.mkdirSync(target, { mode: 0o700 });
      for (const { name: entry } of Deno.readDirSync(path)) {
        if (ELECTION_FILES.includes(entry)) Deno.renameSync(`${path}/${entry}`, `${target}/${entry}`);
      }
      return target;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable || cause instanceof Deno.errors.PermissionDenied) {
    return "no permission";
  }
  if (cause instanceof Deno.errors.AlreadyExists || cause instanceof Deno.errors.NotADirectory) {
    return "not a folder";
  }
  return cause instanceof Error ? cause.name : "unknown reason";
}
