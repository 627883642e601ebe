/**
 * The generations that are kept, for readers: what each says of itself, and where its public files are.
 * @module
 */
import type { Results } from "../pipeline/results.ts";
import type { SnapshotFacts } from "../pipeline/snapshot.ts";
import { type AsOf, newestAt } from "./as_of.ts";
import type { FileClaims } from "./file_claims.ts";
import { isPublic, type SnapshotFiles } from "./snapshot_files.ts";
import type { Generations } from "./snapshot_generations.ts";
import { type FileEntry, filesOf, type Manifest, type ManifestName } from "./snapshot_manifest.ts";

/** A generation for those who query it. */
export interface Generation {
  readonly facts: SnapshotFacts;
  /** SHA-256 of its manifest: no other generation has it. */
  readonly sha256: string;
  /** Paths of Parquet files: what was added to the cube, to be added up. */
  readonly votes: readonly string[];
  /** Paths of one Parquet file each. */
  readonly candidates: string;
  readonly votersByGroup: string;
  /** As these; null where it was saved by a version of Teller that kept none. */
  readonly quality: string | null;
  /** Path of its Results, as JSON. */
  readonly results: string;
}

/** A generation in the list of those that are kept. Times are epoch ms. */
export interface KeptGeneration {
  readonly sha256: string;
  readonly version: number;
  readonly asOf: number;
  readonly watermark: number | null;
  /** Votes counted in it. */
  readonly votes: number;
  /** Its public files. */
  readonly files: readonly FileEntry[];
}

/** Reads what is kept. What is damaged is passed over; it is set aside and named. */
export interface KeptGenerations {
  /** In the order saved. */
  kept(): Promise<readonly KeptGeneration[]>;
  /** The newest at or before a point; null where none is kept. */
  at(point: AsOf): Promise<Generation | null>;
  /** The newest Results at or before a point; null where none are kept. */
  resultsAt(point: AsOf): Promise<Results | null>;
  /** The path of a public Parquet file that a kept generation names; null where none does. */
  publicParquet(sha256: string): Promise<string | null>;
  /** Keeps a generation's files, whoever thins meanwhile, until it is disposed of. */
  hold(generation: Generation): Disposable;
}

/** Makes readers of the generations. */
export function createKeptGenerations(
  files: SnapshotFiles,
  generations: Generations,
  claims: FileClaims,
): KeptGenerations {
  const resultsOf = async ({ single }: Manifest) => {
    const bytes = await files.read(single.results);
    // Null: thinned meanwhile, or damaged, which a restart from it names.
    return bytes && JSON.parse(new TextDecoder().decode(bytes)) as Results;
  };

  /** Manifests don't change, so each is read once for as long as it is kept. */
  const read = new WeakMap<ManifestName, Promise<KeptGeneration | null>>();

  async function summary(name: ManifestName): Promise<KeptGeneration | null> {
    const manifest = await generations.read(name);
    if (manifest === null) return null;
    const results = await resultsOf(manifest);
    if (results === null) return null;
    const { version, asOf, watermark } = manifest.facts;
    return {
      sha256: name.sha256,
      version,
      asOf,
      watermark,
      votes: results.totals.votes,
      files: filesOf(manifest).filter(isPublic),
    };
  }

  function once(name: ManifestName): Promise<KeptGeneration | null> {
    let reading = read.get(name);
    if (reading === undefined) {
      reading = summary(name);
      read.set(name, reading);
      reading.catch(() => read.delete(name)); // whoever asked is told
    }
    return reading;
  }

  async function kept(): Promise<readonly KeptGeneration[]> {
    const found: KeptGeneration[] = [];
    for (const name of [...generations.list()]) {
      const generation = await once(name);
      if (generation !== null && generations.list().includes(name)) found.push(generation);
    }
    return found;
  }

  /** What the newest generation at or before a point gives, of those that give anything. */
  async function newestThat<T>(
    point: AsOf,
    gives: (name: ManifestName, manifest: Manifest) => Promise<T | null> | T,
  ): Promise<T | null> {
    const names = [...generations.list()];
    for (;;) {
      const name = newestAt(names, point);
      if (name === null) return null;
      const manifest = await generations.read(name);
      const given = manifest && await gives(name, manifest);
      if (given !== null) return given;
      names.splice(names.indexOf(name), 1);
    }
  }

  return {
    kept,
    at: (point) => newestThat(point, (name, manifest) => generationOf(name, manifest, files)),
    resultsAt: (point) => newestThat(point, (_, manifest) => resultsOf(manifest)),
    async publicParquet(sha256) {
      // The newest first: that is what is read.
      for (const name of generations.list().toReversed()) {
        const file = (await once(name))?.files.find((file) => file.sha256 === sha256);
        const path = file && files.pathOf(file);
        if (path !== undefined) return path.endsWith(".parquet") ? path : null;
      }
      return null;
    },
    hold({ votes, candidates, votersByGroup, quality, results }) {
      const owner = {};
      const single = [candidates, votersByGroup, quality, results].filter((path) => path !== null);
      claims.replace(owner, [...votes, ...single]);
      return { [Symbol.dispose]: () => files.remove(claims.replace(owner, [])) };
    },
  };
}

/** A generation by its manifest. */
export function generationOf(name: ManifestName, manifest: Manifest, files: SnapshotFiles): Generation {
  const { results, candidates, voters_by_group, quality } = manifest.single;
  return {
    facts: manifest.facts,
    sha256: name.sha256,
    votes: manifest.votes.map(files.pathOf),
    candidates: files.pathOf(candidates),
    votersByGroup: files.pathOf(voters_by_group),
    quality: quality === undefined ? null : files.pathOf(quality),
    results: files.pathOf(results),
  };
}
