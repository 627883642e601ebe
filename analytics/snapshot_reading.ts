/**
 * Reads the newest generation to check it: every file as it is, touching nothing, beside a store that is in use.
 * @module
 */
import type { AgeBand, Gender } from "../pipeline/election.ts";
import type { SnapshotCopy } from "../pipeline/recount_snapshot.ts";
import type { StoredSnapshot } from "../pipeline/snapshot.ts";
import { type DuckDb, openDuckDb } from "./duckdb.ts";
import {
  decodeManifest,
  type FileEntry,
  filesOf,
  type Manifest,
  parseManifest,
  readManifestName,
} from "./snapshot_manifest.ts";
import { blockBounds } from "./snapshot_merging.ts";

const CELLS = `SELECT window_start, candidate_id, state, age_band, gender, votes, late
  FROM read_parquet($files)`;
const GROUPS = "SELECT state, age_band, gender, voters FROM read_parquet($files)";
/** A generation may be thinned while it is read; the newest one by then is not. */
const TRIES = 3;

/** The newest generation in a folder of snapshots; null where there is none. */
export async function readNewestSnapshot(dir: string): Promise<SnapshotCopy | null> {
  for (let tries = 1;; tries++) {
    const name = newestIn(dir);
    if (name === null) return null;
    const copy = await read(dir, name);
    if (copy.damaged.length === 0 || tries === TRIES || newestIn(dir) === name) return copy;
  }
}

function newestIn(dir: string): string | null {
  try {
    const names = [...Deno.readDirSync(`${dir}/manifests`)].map(({ name }) => name);
    const sequence = (name: string) => readManifestName(name)?.sequence ?? Number(name.slice(0, 12));
    return names.sort((a, b) => sequence(b) - sequence(a))[0] ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function read(dir: string, name: string): Promise<SnapshotCopy> {
  const damaged: string[] = [];
  const text = await readIfThere(`${dir}/manifests/${name}`).then((bytes) => new TextDecoder().decode(bytes));
  const named = readManifestName(name);
  if (named === null || decodeManifest(text, named) === null) damaged.push(`manifests/${name}`);
  const manifest = parseManifest(text);
  if (manifest === null) return { damaged, stored: null, async *cells() {}, async *groups() {} };
  if (named !== null && named.version !== manifest.facts.version) damaged.push(`version in ${name}`);

  const paths = pathsIn(dir);
  const contents = new Map<FileEntry, Uint8Array>();
  for (const file of filesOf(manifest)) {
    const path = paths.get(file.sha256);
    const bytes = path === undefined ? new Uint8Array() : await readIfThere(path);
    const sound = bytes.length === file.bytes && await sha256Of(bytes) === file.sha256;
    if (!sound) damaged.push(`${path?.slice(dir.length + 1) ?? file.sha256} (${file.role})`);
    contents.set(file, bytes);
  }
  const parquet = async function* (sql: string, files: readonly FileEntry[]) {
    const found = files.map(({ sha256 }) => paths.get(sha256)).filter((path) => path !== undefined);
    if (found.length === 0) return;
    using duckDb: DuckDb = await openDuckDb(`${dir}/unfinished`);
    yield* duckDb.query(sql, { files: found });
  };
  return {
    damaged,
    stored: damaged.length === 0 ? storedOf(manifest, contents) : null,
    async *cells() {
      for await (const row of parquet(CELLS, manifest.votes)) {
        const [windowStart, candidateId, state, ageBand, gender, votes, late] = row;
        yield {
          windowStart: Number(windowStart),
          candidateId: String(candidateId),
          ...groupOf(state, ageBand, gender),
          votes: Number(votes),
          late: Number(late),
        };
      }
    },
    async *groups() {
      for await (const row of parquet(GROUPS, [manifest.single.voters_by_group])) {
        const [state, ageBand, gender, voters] = row;
        yield { ...groupOf(state, ageBand, gender), voters: Number(voters) };
      }
    },
  };
}

/** A band or gender that the vocabulary doesn't have stays as it is: the comparison names it. */
function groupOf(state: unknown, ageBand: unknown, gender: unknown) {
  return { state: String(state), ageBand: String(ageBand) as AgeBand, gender: String(gender) as Gender };
}

function storedOf({ facts, single, voters }: Manifest, contents: ReadonlyMap<FileEntry, Uint8Array>) {
  const json = (file: FileEntry) => JSON.parse(new TextDecoder().decode(contents.get(file)));
  const blocks: Uint8Array[][] = Array.from({ length: facts.rules.partitions }, () => []);
  for (const part of voters) {
    blockBounds(part).forEach(([from, to], partition) => {
      if (to > from) blocks[partition].push(contents.get(part)!.subarray(from, to));
    });
  }
  return {
    facts,
    results: json(single.results),
    state: json(single.state),
    voters: blocks,
  } satisfies StoredSnapshot;
}

/** Files by the hash that they are called by, wherever they are. */
function pathsIn(dir: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const folder of ["public", "private"]) {
    for (const { name } of Deno.readDirSync(`${dir}/${folder}`)) {
      paths.set(name.split(".")[0], `${dir}/${folder}/${name}`);
    }
  }
  return paths;
}

/** What a file holds; nothing where it is gone. */
async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}

/** Off the main thread, unlike node:crypto's: there may be many bytes. */
async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
