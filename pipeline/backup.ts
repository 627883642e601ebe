/**
 * Backup: a consistent copy of DATA_DIR, made beside a running Teller or without one.
 *
 * It asks nothing of the Teller that owns DATA_DIR: snapshots are files that never change, and SQLite lets another
 * process read the log as of one moment. Snapshots come first, so that the log is never behind them.
 * @module
 */
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { syncFolder } from "./durable.ts";
import { Fault } from "./fault.ts";
import { SECRET_FILES } from "./secrets.ts";

/** What is copied where, and who is told. */
export interface BackupOptions {
  readonly dataDir: string;
  /** A folder that is empty or isn't there yet. */
  readonly target: string;
  readonly progress: (stage: string, done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** What a backup holds. */
export interface BackupSummary {
  /** Its absolute path. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  /** False where the log is a broker's, which keeps its own. */
  readonly hasLog: boolean;
}

/** Folders of snapshots: what manifests name, and then the manifests. */
const CONTENT_FOLDERS = ["snapshots/public", "snapshots/private", "snapshots/results"];
const MANIFESTS = "snapshots/manifests";
const LOG = "log.sqlite";
const PAGES_AT_ONCE = 1_000;

/**
 * Copies snapshots, the log and the secrets; everything else in DATA_DIR derives from them. The target appears under
 * its name when it is whole. Resolves with null where the signal aborts, having left nothing.
 * @throws {Fault} BAD_SETTING where the target can't be one; DATA_DIR_UNUSABLE; BACKUP_FAILED
 */
export async function backUp(options: BackupOptions): Promise<BackupSummary | null> {
  const source = resolve(options.dataDir), target = resolve(options.target);
  requireTarget(source, target);
  const unfinished = `${target}.unfinished`;
  try {
    Deno.mkdirSync(dirname(target), { recursive: true });
    Deno.mkdirSync(unfinished, { mode: 0o700 });
  } catch (cause) {
    if (cause instanceof Deno.errors.AlreadyExists) {
      throw new Fault("BAD_SETTING", `${unfinished} is left of a backup that broke off: remove it first`, {
        cause,
      });
    }
    throw failed(target, cause);
  }
  let whole = false;
  try {
    const files = await copyFiles(source, unfinished, options);
    if (files === null) return null;
    const hasLog = exists(`${source}/${LOG}`);
    if (hasLog) await copyLog(`${source}/${LOG}`, `${unfinished}/${LOG}`, options.progress);
    if (!hasLog && files.length === 0) {
      throw new Fault(
        "DATA_DIR_UNUSABLE",
        `${source} holds no election: set DATA_DIR to the one to be copied`,
      );
    }
    if (options.signal.aborted) return null;
    const all = hasLog ? [...files, LOG] : files;
    const bytes = all.reduce((sum, path) => sum + Deno.statSync(`${unfinished}/${path}`).size, 0);
    for (const folder of new Set(all.map((path) => dirname(`${unfinished}/${path}`)))) syncFolder(folder);
    syncFolder(unfinished);
    if (exists(target)) Deno.removeSync(target); // empty, as has been seen
    Deno.renameSync(unfinished, target);
    syncFolder(dirname(target));
    whole = true;
    return { path: target, files: all.length, bytes, hasLog };
  } catch (cause) {
    throw cause instanceof Fault ? cause : failed(target, cause);
  } finally {
    if (!whole) Deno.removeSync(unfinished, { recursive: true });
  }
}

/** What is said of a backup. */
export function linesOfBackup({ path, files, bytes, hasLog }: BackupSummary): string[] {
  const log = hasLog
    ? "the log, snapshots and secrets"
    : "snapshots and secrets; the log is the broker's, which must keep or copy it itself";
  return [
    `Copied to ${path}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB: ${log}`,
    "Not copied: Postgres, which is filled again from the log, and elections put aside in DATA_DIR/old",
    `To restore: start Teller with DATA_DIR=${path}, or a copy of it`,
  ];
}

function requireTarget(source: string, target: string): void {
  if (!exists(source)) {
    throw new Fault("DATA_DIR_UNUSABLE", `There is no ${source}: set DATA_DIR to the folder to be copied`);
  }
  const within = relative(Deno.realPathSync(source), realPathOf(target));
  if (within === "" || (!within.startsWith("..") && !isAbsolute(within))) {
    throw new Fault(
      "BAD_SETTING",
      `${target} lies inside DATA_DIR: name a folder elsewhere, on another disk at best`,
    );
  }
  if (exists(target) && [...Deno.readDirSync(target)].length > 0) {
    throw new Fault("BAD_SETTING", `${target} is not empty: name a new folder, or an empty one`);
  }
}

/** Without links, as far as it exists. */
function realPathOf(path: string): string {
  if (exists(path)) return Deno.realPathSync(path);
  const parent = dirname(path);
  return parent === path ? path : `${realPathOf(parent)}${path.slice(parent === "/" ? 0 : parent.length)}`;
}

/** Gives the paths copied, from the target on; null where the signal aborts. */
async function copyFiles(
  source: string,
  target: string,
  { progress, signal }: BackupOptions,
): Promise<string[] | null> {
  const secrets = Object.values(SECRET_FILES).filter((name) => exists(`${source}/${name}`));
  // Manifests are listed first and copied last: whatever those name was there before.
  const manifests = filesIn(source, MANIFESTS);
  const paths = [...secrets, ...CONTENT_FOLDERS.flatMap((folder) => filesIn(source, folder)), ...manifests];
  const copied: string[] = [];
  for (const [done, path] of paths.entries()) {
    if (signal.aborted) return null;
    progress("files", done, paths.length);
    Deno.mkdirSync(dirname(`${target}/${path}`), { recursive: true, mode: 0o700 });
    if (await copyFile(`${source}/${path}`, `${target}/${path}`)) copied.push(path);
  }
  progress("files", paths.length, paths.length);
  return copied;
}

/** Paths of the files in a folder and below; a running Teller may add or delete some meanwhile. */
function filesIn(source: string, folder: string): string[] {
  if (!exists(`${source}/${folder}`)) return [];
  return [...Deno.readDirSync(`${source}/${folder}`)].flatMap(({ name, isDirectory, isFile }) =>
    isDirectory ? filesIn(source, `${folder}/${name}`) : isFile ? [`${folder}/${name}`] : []
  );
}

/** False where the file has gone meanwhile: a snapshot that Teller no longer keeps. */
async function copyFile(from: string, to: string): Promise<boolean> {
  try {
    await Deno.copyFile(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  makeDurable(to);
  return true;
}

/** As of one moment, whoever writes to it meanwhile. */
async function copyLog(from: string, to: string, progress: BackupOptions["progress"]): Promise<void> {
  const db = new DatabaseSync(from, { readOnly: true });
  try {
    // With a moment held fast it goes on where it was; else it would begin again after every append.
    db.exec("BEGIN");
    db.prepare("SELECT count(*) FROM meta").get();
    const { size } = Deno.statSync(from);
    await backup(db, to, {
      rate: PAGES_AT_ONCE,
      progress: ({ totalPages, remainingPages }) =>
        progress("log", Math.round(size * (1 - remainingPages / totalPages)), size),
    });
    progress("log", size, size);
  } finally {
    db.close();
  }
  makeDurable(to);
}

function makeDurable(path: string): void {
  if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600); // it is personal data, or a secret
  using file = Deno.openSync(path, { read: true, write: true });
  file.syncSync();
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

function failed(target: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : "unknown reason";
  return new Fault(
    "BACKUP_FAILED",
    `${target} could not be written: ${reason}. Name another folder, or make room`,
    {
      cause,
    },
  );
}
