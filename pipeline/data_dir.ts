/**
 * DATA_DIR has one owner: the process that holds its lock file.
 * @module
 */
import { Fault } from "./fault.ts";

const LOCK = "lock";
const OLD = "old";
/** What an election leaves here; anything else in the folder is somebody else's. */
const ELECTION_FILES = ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"];

/** A folder owned by this process until it is disposed of. */
export interface DataDir extends Disposable {
  readonly path: string;
  /** Moves the election in it to `old/NAME`, which must not exist yet, and returns that path. */
  setAside(name: string): string;
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
    const owner = Deno.readTextFileSync(`${path}/${LOCK}`).trim();
    file.close();
    throw new Fault(
      "DATA_DIR_IN_USE",
      `DATA_DIR ${path} belongs to a running Teller (process ${owner}); stop it, or set another DATA_DIR`,
    );
  }
  file.truncateSync(0);
  file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  return {
    path,
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
