/**
 * The folder of snapshots: immutable files named by the hash of what they hold, durable before anything names them.
 *
 *     manifests/  one for each generation
 *     public/     Results and Parquet: counts only, for anybody
 *     private/    voters and the state of the folds, for this process
 *     results/    the Results of each minute, for ever
 *     unfinished/ what is being written
 *     damaged/    what was found to be other than written
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import { basename, dirname } from "node:path";
import { syncFolderAside } from "../pipeline/durable.ts";
import type { FileClaims } from "./file_claims.ts";
import type { FileEntry, Role } from "./snapshot_manifest.ts";

/** Where a file of each role is, and what it is. */
const PLACES: Record<Role, { folder: "public" | "private"; extension: string }> = {
  results: { folder: "public", extension: "json" },
  candidates: { folder: "public", extension: "parquet" },
  voters_by_group: { folder: "public", extension: "parquet" },
  quality: { folder: "public", extension: "parquet" },
  votes: { folder: "public", extension: "parquet" },
  state: { folder: "private", extension: "json" },
  voters: { folder: "private", extension: "bin" },
};
/** Whether a file is for anybody: counts only. */
export function isPublic({ role }: Pick<FileEntry, "role">): boolean {
  return PLACES[role].folder === "public";
}

const FOLDERS = ["manifests", "public", "private", "results", "unfinished", "damaged"] as const;
/** A folder here. */
export type Folder = typeof FOLDERS[number];

/** Written and hashed at once; a bigger piece would hold up the main thread. */
const PIECE_BYTES = 1 << 20;

/** Writes what belongs together; its files stay, whoever thins meanwhile, until it is disposed of. */
export interface Batch extends Disposable {
  /** Writes a file of these bytes, one after another. */
  put(role: Role, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<FileEntry>;
  /** Takes over a file that `make` writes at the path given; null where it says that there is nothing in it. */
  make(role: Role, make: (path: string) => Promise<number>): Promise<FileEntry | null>;
}

/** The folder's files. */
export interface SnapshotFiles {
  pathOf(file: FileEntry): string;
  batch(): Batch;
  /** What the file holds; null where it is gone, or isn't what was written. */
  read(file: FileEntry): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Makes all names in a folder durable. */
  sync(folder: Folder): Promise<void>;
  /** Writes a file under a name of its own, durable, all or nothing. */
  publish(path: string, bytes: Uint8Array, beforeRename?: () => void): Promise<void>;
  isThere(path: string): Promise<boolean>;
  /** Deletes those of these files that nobody claims. */
  remove(paths: Iterable<string>): void;
  /** All files of the content-addressed folders. */
  stored(): AsyncIterable<string>;
  /** Moves a file to `damaged/` and gives its path there; null where there is no file. */
  setAside(path: string): string | null;
}

/** Opens the folder, which is made where it isn't there, and drops what a crash left unfinished. */
export function openSnapshotFiles(dir: string, claims: FileClaims): SnapshotFiles {
  for (const folder of FOLDERS) Deno.mkdirSync(`${dir}/${folder}`, { recursive: true });
  for (const folder of ["private", "unfinished", "damaged"]) {
    // Windows knows no such modes.
    if (Deno.build.os !== "windows") Deno.chmodSync(`${dir}/${folder}`, 0o700);
  }
  for (const { name } of Deno.readDirSync(`${dir}/unfinished`)) {
    Deno.removeSync(`${dir}/unfinished/${name}`, { recursive: true });
  }
  let made = 0;
  const unfinished = () => `${dir}/unfinished/${Deno.pid}-${++made}`;

  function pathOf({ role, sha256 }: Pick<FileEntry, "role" | "sha256">): string {
    const { folder, extension } = PLACES[role];
    return `${dir}/${folder}/${sha256}.${extension}`;
  }

  /** Gives a finished file its name; a file of that name holds the same. */
  async function keep(owner: object, temporary: string, file: FileEntry): Promise<FileEntry> {
    const path = pathOf(file);
    claims.add(owner, path); // before looking: from here on nobody deletes it
    if (await exists(path)) {
      await Deno.remove(temporary);
    } else {
      await syncFile(temporary);
      await Deno.rename(temporary, path);
    }
    return file;
  }

  async function withUnfinished<T>(task: (path: string) => Promise<T>): Promise<T> {
    const path = unfinished();
    try {
      return await task(path);
    } catch (error) {
      removeIfThere(path);
      throw error;
    }
  }

  return {
    pathOf,
    batch() {
      const owner = {};
      return {
        put: (role, chunks) =>
          withUnfinished(async (path) => {
            const { sha256, bytes } = await write(path, chunks);
            return await keep(owner, path, { role, sha256, bytes });
          }),
        make: (role, make) =>
          withUnfinished(async (path) => {
            if (await make(path) === 0) {
              await Deno.remove(path);
              return null;
            }
            const { sha256, bytes } = await hashOf(path);
            return await keep(owner, path, { role, sha256, bytes });
          }),
        [Symbol.dispose]: () => remove(claims.replace(owner, [])),
      };
    },
    async read(file) {
      try {
        const bytes = await Deno.readFile(pathOf(file));
        if (bytes.length !== file.bytes) return null;
        // Off the main thread, unlike node:crypto's.
        const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
        return hash === file.sha256 ? bytes : null;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    },
    sync: (folder) => syncFolderAside(`${dir}/${folder}`),
    publish: (path, bytes, beforeRename = () => {}) =>
      withUnfinished(async (temporary) => {
        await write(temporary, [bytes]);
        await syncFile(temporary);
        beforeRename();
        await Deno.rename(temporary, path);
        try {
          await syncFolderAside(dirname(path));
        } catch (error) {
          removeIfThere(path);
          throw error;
        }
      }),
    isThere: exists,
    remove,
    async *stored() {
      for (const folder of ["public", "private"]) {
        for await (const { name } of Deno.readDir(`${dir}/${folder}`)) yield `${dir}/${folder}/${name}`;
      }
    },
    setAside(path) {
      let aside = `${dir}/damaged/${basename(path)}`;
      for (let again = 2; existsSync(aside); again++) aside = `${dir}/damaged/${basename(path)}.${again}`;
      try {
        Deno.renameSync(path, aside);
        return aside;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    },
  };

  function remove(paths: Iterable<string>): void {
    // In one turn with the look at the claims, so that no write can rely on a file that is about to go.
    for (const path of paths) if (!claims.has(path)) removeIfThere(path);
  }
}

async function write(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; bytes: number }> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const written = await file.write(chunk.subarray(at, at + PIECE_BYTES));
      hash.update(chunk.subarray(at, at + written));
      at += written;
    }
    bytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), bytes };
}

async function hashOf(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash: Hash = createHash("sha256");
  let bytes = 0;
  using file = await Deno.open(path);
  const piece = new Uint8Array(PIECE_BYTES);
  for (let read; (read = await file.read(piece)) !== null; bytes += read) {
    hash.update(piece.subarray(0, read));
  }
  return { sha256: hash.digest("hex"), bytes };
}

async function syncFile(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  await file.sync();
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function existsSync(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
