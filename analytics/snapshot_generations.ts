/**
 * The generations that there are: their manifests, in the order saved.
 * @module
 */
import { failPoint } from "../pipeline/fail_point.ts";
import type { FileClaims } from "./file_claims.ts";
import type { SnapshotFiles } from "./snapshot_files.ts";
import {
  decodeManifest,
  encodeManifest,
  filesOf,
  type Manifest,
  type ManifestName,
  readManifestName,
} from "./snapshot_manifest.ts";

/** The manifests of the folder. */
export interface Generations {
  /** Oldest first. */
  list(): readonly ManifestName[];
  /** The manifest; null where it isn't listed any more, or is damaged, and has been set aside and named. */
  read(name: ManifestName): Promise<Manifest | null>;
  /** Adds the newest one: durable, all or nothing. */
  add(manifest: Manifest): Promise<ManifestName>;
  /** Deletes one, and what only it named. */
  drop(name: ManifestName): void;
  /** Takes one that can't be used out of the list, and keeps it. */
  setAside(name: ManifestName, reason: string): void;
}

/** Lists the manifests in a folder of snapshots. */
export function openGenerations(
  dir: string,
  files: SnapshotFiles,
  claims: FileClaims,
  onNotice: (message: string) => void,
): Generations {
  const folder = `${dir}/manifests`;
  const names: ManifestName[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    const read = readManifestName(name);
    if (read !== null) names.push(read);
    else onNotice(`No snapshot has this name; it was set aside: ${files.setAside(`${folder}/${name}`)}`);
  }
  names.sort((a, b) => a.sequence - b.sequence);

  function forget(name: ManifestName): void {
    const at = names.indexOf(name);
    if (at >= 0) names.splice(at, 1);
    files.remove(claims.replace(name, []));
  }

  function setAside(name: ManifestName, reason: string): void {
    const aside = files.setAside(`${folder}/${name.name}`);
    onNotice(`The snapshot of version ${name.version} ${reason}; its manifest was set aside: ${aside}`);
    forget(name);
  }

  const claim = (name: ManifestName, manifest: Manifest) =>
    claims.replace(name, filesOf(manifest).map(files.pathOf));

  return {
    list: () => names,
    async read(name) {
      const text = await readText(`${folder}/${name.name}`);
      if (!names.includes(name)) return null; // dropped, or set aside, meanwhile
      const manifest = decodeManifest(text, name);
      if (manifest === null) setAside(name, "has a damaged manifest");
      else claim(name, manifest);
      return manifest;
    },
    async add(manifest) {
      const sequence = (names.at(-1)?.sequence ?? 0) + 1;
      const { name, text } = encodeManifest(manifest, sequence);
      const added = readManifestName(name)!;
      const path = `${folder}/${name}`;
      await files.publish(path, new TextEncoder().encode(text), () => failPoint("snapshot.before_rename"));
      failPoint("snapshot.after_rename");
      names.push(added);
      claim(added, manifest);
      return added;
    },
    drop(name) {
      Deno.removeSync(`${folder}/${name.name}`);
      forget(name);
    },
    setAside,
  };
}

/** The text of a file; empty where it is gone or no UTF-8, which is no manifest either. */
async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof TypeError) return "";
    throw error;
  }
}
