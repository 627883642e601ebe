/**
 * Snapshots as generations in a folder of DATA_DIR: each is one manifest that names immutable files by their hash.
 *
 * A save writes what has changed and names the rest again, so that its cost doesn't depend on the election's age.
 * @module
 */
import { failPoint } from "../pipeline/fail_point.ts";
import { Fault } from "../pipeline/fault.ts";
import type { Results } from "../pipeline/results.ts";
import type { Capture, SnapshotStore, StoredSnapshot } from "../pipeline/snapshot.ts";
import { newestAt } from "./as_of.ts";
import type { DuckDb } from "./duckdb.ts";
import { createFileClaims } from "./file_claims.ts";
import {
  createKeptGenerations,
  type Generation,
  generationOf,
  type KeptGenerations,
} from "./kept_generations.ts";
import { openResultsArchive } from "./results_archive.ts";
import { type Batch, openSnapshotFiles } from "./snapshot_files.ts";
import { openGenerations } from "./snapshot_generations.ts";
import { type FileEntry, filesOf, type Manifest, type ManifestName } from "./snapshot_manifest.ts";
import { blockBounds } from "./snapshot_merging.ts";
import { createTableWriter } from "./snapshot_tables.ts";
import { createUpkeep, type Lists, listsOf } from "./snapshot_upkeep.ts";

export type { Generation } from "./kept_generations.ts";

/** Snapshots in a folder. */
export interface Snapshots extends SnapshotStore, KeptGenerations, AsyncDisposable {
  /** The generation that was saved or found last; its files stay for at least a minute after that. */
  newest(): Generation | null;
  /** The engine to query its files with. */
  readonly duckDb: DuckDb;
  /** Resolves when merging and thinning have nothing left to do. */
  settled(): Promise<void>;
}

/** Where snapshots are kept, and with what. */
export interface SnapshotOptions {
  /** The folder, which nobody else uses. */
  readonly dir: string;
  readonly duckDb: DuckDb;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Told of what was damaged and set aside, and of what could not be tidied up. */
  readonly onNotice: (message: string) => void;
}

/**
 * Opens the folder, which is made where it isn't there.
 * @throws {Fault} DATA_DIR_UNUSABLE
 */
export function openSnapshots({ dir, duckDb, now, onNotice }: SnapshotOptions): Snapshots {
  const claims = createFileClaims();
  const { files, generations, archive } = unusableIfNot(dir, () => {
    const files = openSnapshotFiles(dir, claims);
    const generations = openGenerations(dir, files, claims, onNotice);
    return { files, generations, archive: openResultsArchive(dir, files, onNotice) };
  });
  const kept = createKeptGenerations(files, generations, claims);
  const tables = createTableWriter(duckDb);
  let newest: { readonly name: ManifestName; readonly manifest: Manifest } | null = null;
  /** What the next generation goes on from; null where there is nothing, or some of it is damaged. */
  let lists: Lists | null = null;
  const listsOwner = {};

  function setLists(next: Lists | null): void {
    lists = next;
    const parts = next === null ? [] : [...next.votes, ...next.voters];
    files.remove(claims.replace(listsOwner, parts.map(files.pathOf)));
  }

  /** Keeps a damaged file where nobody takes it for sound, and says so. */
  function setAside(file: FileEntry): void {
    const path = files.pathOf(file), aside = files.setAside(path);
    onNotice(aside === null ? `${path} is gone` : `${path} is not what was written; set aside: ${aside}`);
  }

  const upkeep = createUpkeep({
    archive,
    files,
    claims,
    generations,
    duckDb,
    lists: () => lists,
    setLists,
    setAside,
    now,
    onNotice,
  });

  /** Writes the files of a capture, and gives what they add to the lists. */
  async function write(batch: Batch, capture: Capture): Promise<Pick<Manifest, "single"> & { added: Lists }> {
    const before = newest?.manifest.single;
    const state = await batch.put("state", [encode(capture.state)]);
    const byPartition = capture.voters.map((block) => block.length);
    const voters = byPartition.some((bytes) => bytes > 0)
      ? [{ ...await batch.put("voters", capture.voters), level: 0, byPartition }]
      : [];
    failPoint("snapshot.mid");
    const results = await batch.put("results", [encode(capture.results)]);
    const candidates = await tables.candidates(batch, capture.results, before?.candidates);
    const groups = await tables.votersByGroup(batch, capture.groups, before?.voters_by_group);
    const quality = await tables.quality(batch, capture.quality, before?.quality);
    const votes = await tables.votes(batch, capture.cells);
    await files.sync("private");
    await files.sync("public");
    return {
      single: { state, results, candidates, voters_by_group: groups, quality },
      added: { voters, votes: votes === null ? [] : [{ ...votes, level: 0 }] },
    };
  }

  async function save(capture: Capture): Promise<void> {
    using batch = files.batch();
    const { single, added } = await write(batch, capture);
    const goOn = () => capture.whole ? added : lists && joined(lists, added);
    const going = goOn();
    if (going === null) throw new Error("what it goes on from is damaged");
    const manifest = { facts: capture.facts, single, ...going };
    const name = await generations.add(manifest);
    newest = { name, manifest };
    setLists(goOn()); // from what they are by now: parts may have been merged
  }

  /** The contents of a generation; null where a file isn't what was written: all such are set aside and named. */
  async function load(name: ManifestName, manifest: Manifest, read: Reader): Promise<StoredSnapshot | null> {
    let damaged = 0;
    for (const file of filesOf(manifest)) if (await read(file) === null) damaged++;
    if (damaged > 0) {
      generations.setAside(name, `is damaged (${damaged} of its files)`);
      return null;
    }
    const json = async (file: FileEntry) => JSON.parse(new TextDecoder().decode((await read(file))!));
    const voters: Uint8Array[][] = Array.from({ length: manifest.facts.rules.partitions }, () => []);
    for (const part of manifest.voters) {
      const bytes = (await read(part))!;
      blockBounds(part).forEach(([from, to], partition) => {
        if (to > from) voters[partition].push(bytes.subarray(from, to));
      });
    }
    return {
      facts: manifest.facts,
      results: await json(manifest.single.results) as Results,
      state: await json(manifest.single.state),
      voters,
    };
  }

  /** Reads each file once: older generations name most of the same. */
  function createReader() {
    const contents = new Map<string, Uint8Array | null>();
    return async (file: FileEntry) => {
      const path = files.pathOf(file);
      const held = contents.get(path);
      if (held !== undefined) return held;
      const bytes = await files.read(file);
      if (bytes === null) setAside(file);
      contents.set(path, bytes);
      return bytes;
    };
  }
  type Reader = ReturnType<typeof createReader>;

  async function latest(): Promise<StoredSnapshot | null> {
    const read = createReader();
    const names = generations.list().toReversed();
    for (const name of names) {
      const manifest = await generations.read(name);
      const snapshot = manifest && await load(name, manifest, read);
      if (!snapshot) continue;
      newest = { name, manifest };
      setLists(listsOf(manifest));
      return snapshot;
    }
    if (names.length > 0) onNotice("No snapshot is sound: the log is counted from its first record");
    return null;
  }

  return {
    async save(capture) {
      try {
        await save(capture);
      } catch (error) {
        throw new Fault("SNAPSHOT_FAILED", `The snapshot could not be written to ${dir}: ${reason(error)}`, {
          retryable: true,
          cause: error,
        });
      } finally {
        upkeep.start();
      }
    },
    needsWhole: () => lists === null,
    latest: () => latest().catch((error) => Promise.reject(unusable(dir, error))),
    newest: () => newest && generationOf(newest.name, newest.manifest, files),
    ...kept,
    async resultsAt(point) {
      // A generation may be newer than the last minute that is over, or of no minute any more.
      const candidates = [await archive.at(point), await kept.resultsAt(point)].filter((found) =>
        found !== null
      );
      const placed = candidates.map((results) => ({
        results,
        version: results.version,
        asOf: Date.parse(results.as_of),
      }));
      return newestAt(placed, point)?.results ?? null;
    },
    duckDb,
    settled: upkeep.settled,
    [Symbol.asyncDispose]: upkeep.settled,
  };
}

function joined(lists: Lists, added: Lists): Lists {
  return { votes: [...lists.votes, ...added.votes], voters: [...lists.voters, ...added.voters] };
}

function unusableIfNot<T>(dir: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw unusable(dir, error);
  }
}

function unusable(dir: string, error: unknown): Fault {
  return new Fault("DATA_DIR_UNUSABLE", `The snapshots in ${dir} can't be read: ${reason(error)}`, {
    cause: error,
  });
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
