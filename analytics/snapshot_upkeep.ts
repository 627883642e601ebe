/**
 * What is done between snapshots, beside whatever else goes on: merging, thinning, and keeping each minute's Results.
 * @module
 */
import type { DuckDb } from "./duckdb.ts";
import type { FileClaims } from "./file_claims.ts";
import type { ResultsArchive } from "./results_archive.ts";
import type { SnapshotFiles } from "./snapshot_files.ts";
import type { Generations } from "./snapshot_generations.ts";
import type { FileEntry, Manifest, PartEntry } from "./snapshot_manifest.ts";
import { mergeParts, planMerge, replaceParts } from "./snapshot_merging.ts";
import { generationsToDrop } from "./snapshot_thinning.ts";

/** The lists that the next generation will go on from. */
export interface Lists {
  readonly votes: readonly PartEntry[];
  readonly voters: readonly PartEntry[];
}

/** What upkeep works on. */
export interface UpkeepDeps {
  readonly archive: Pick<ResultsArchive, "keep">;
  readonly files: SnapshotFiles;
  readonly claims: FileClaims;
  readonly generations: Generations;
  readonly duckDb: DuckDb;
  /** Null: there is nothing to go on from. */
  readonly lists: () => Lists | null;
  readonly setLists: (lists: Lists | null) => void;
  /** Keeps a damaged file where nobody takes it for sound, and says so. */
  readonly setAside: (file: FileEntry) => void;
  readonly now: () => number;
  readonly onNotice: (message: string) => void;
}

/** The work between snapshots. */
export interface Upkeep {
  /** Says that there may be something to do. */
  start(): void;
  /** Resolves when nothing is left to do. */
  settled(): Promise<void>;
}

/** Makes upkeep that rests. */
export function createUpkeep(deps: UpkeepDeps): Upkeep {
  const { archive, files, claims, generations, duckDb, lists, setLists, setAside, now, onNotice } = deps;
  let running: Promise<void> | null = null;
  let again = false;
  let known = false;
  /** Why it failed the last time; said once. */
  let failure = "";

  async function work(): Promise<void> {
    do {
      again = false;
      try {
        if (!known) await getToKnow();
        known = true;
        // First, as it makes room where the others need some; it leaves the last of each minute to be kept.
        for (const name of generationsToDrop(generations.list(), now())) generations.drop(name);
        await archive.keep(
          generations.list(),
          async (name) => (await generations.read(name))?.single.results ?? null,
        );
        await mergeAll("votes");
        await mergeAll("voters");
        failure = "";
      } catch (error) {
        // Nothing is lost by it: the next snapshot comes with the next try.
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== failure) onNotice(`Snapshots could not be tidied up: ${reason}`);
        failure = reason;
      }
    } while (again);
    running = null;
  }

  /** Which files the generations from before this process need; what is left over, a crash has left. */
  async function getToKnow(): Promise<void> {
    for (const name of [...generations.list()]) await generations.read(name);
    claims.complete();
    const stored: string[] = [];
    for await (const path of files.stored()) stored.push(path);
    files.remove(stored);
  }

  async function mergeAll(role: keyof Lists): Promise<void> {
    for (;;) {
      const plan = planMerge(lists()?.[role] ?? []);
      if (plan === null) return;
      using batch = files.batch();
      let merged: PartEntry[];
      try {
        merged = await mergeParts(plan, batch, files, duckDb);
      } catch (error) {
        // A whole capture may have taken these parts' place, and then they may be gone.
        if (!lists()?.[role].includes(plan.parts[0])) continue;
        if (!await setDamagedAside(plan.parts)) throw error;
        return setLists(null);
      }
      await files.sync(role === "votes" ? "public" : "private");
      const before = lists();
      if (before !== null) setLists({ ...before, [role]: replaceParts(before[role], plan, merged) });
    }
  }

  /** Whether any of these parts is damaged. */
  async function setDamagedAside(parts: readonly PartEntry[]): Promise<boolean> {
    let any = false;
    for (const part of parts) {
      if (await files.read(part) !== null) continue;
      any = true;
      setAside(part);
    }
    return any;
  }

  return {
    start() {
      again = true;
      running ??= work();
    },
    async settled() {
      while (running !== null) await running;
    },
  };
}

/** The lists of a generation. */
export function listsOf({ votes, voters }: Manifest): Lists {
  return { votes, voters };
}
