/**
 * The Results of each minute, kept for ever: `results/2026-05-07/1004.json` holds the last of 10:04 UTC.
 * @module
 */
import type { SnapshotFiles } from "./snapshot_files.ts";
import type { FileEntry, ManifestName } from "./snapshot_manifest.ts";

const MINUTE_MS = 60_000;

/** Keeps the Results of minutes. */
export interface ResultsArchive {
  /**
   * Keeps the Results of each minute that is over, of generations in the order saved: a later one in its minute
   * would take their place.
   */
  keep(
    generations: readonly ManifestName[],
    resultsOf: (generation: ManifestName) => Promise<FileEntry | null>,
  ): Promise<void>;
}

/** Opens the archive of a folder of snapshots. */
export function openResultsArchive(dir: string, files: SnapshotFiles): ResultsArchive {
  const folder = `${dir}/results`;
  /** Number of the last minute that is kept. */
  let kept = lastKept(folder);

  return {
    async keep(generations, resultsOf) {
      for (const generation of lastOfMinutes(generations, kept)) {
        const entry = await resultsOf(generation);
        const bytes = entry && await files.read(entry);
        kept = minuteOf(generation);
        if (bytes === null) continue; // whoever reads that generation names the damage
        const [day, time] = new Date(generation.asOf).toISOString().split("T");
        await Deno.mkdir(`${folder}/${day}`, { recursive: true });
        await files.publish(`${folder}/${day}/${time.slice(0, 5).replace(":", "")}.json`, bytes);
      }
    },
  };
}

const minuteOf = ({ asOf }: ManifestName) => Math.floor(asOf / MINUTE_MS);

/** The last generation of each minute after `kept`, but for the minute of the newest one. */
function lastOfMinutes(generations: readonly ManifestName[], kept: number): ManifestName[] {
  const last = new Map<number, ManifestName>();
  for (const generation of generations) {
    if (minuteOf(generation) > kept) last.set(minuteOf(generation), generation);
  }
  const newest = generations.at(-1);
  if (newest) last.delete(minuteOf(newest));
  return [...last.values()].sort((a, b) => a.asOf - b.asOf);
}

/** The number of the last minute in the folder; −1 where there is none. */
function lastKept(folder: string): number {
  const greatest = (path: string, form: RegExp) =>
    [...Deno.readDirSync(path)].map(({ name }) => name).filter((name) => form.test(name)).sort().at(-1);
  const day = greatest(folder, /^\d{4}-\d\d-\d\d$/);
  if (day === undefined) return -1;
  const time = greatest(`${folder}/${day}`, /^\d{4}\.json$/) ?? "0000.json";
  const at = Date.parse(`${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:00Z`);
  return Math.floor(at / MINUTE_MS);
}
