/**
 * The Results of each minute, kept for ever: `results/2026-05-07/1004.json` holds the last of 10:04 UTC.
 * @module
 */
import { dirname } from "node:path";
import type { Results } from "../pipeline/results.ts";
import { type AsOf, placeOf } from "./as_of.ts";
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
  /** The newest Results at or before a point; null where none are kept. */
  at(point: AsOf): Promise<Results | null>;
}

/** Opens the archive of a folder of snapshots; `onNotice` is told of what was damaged and set aside. */
export function openResultsArchive(
  dir: string,
  files: SnapshotFiles,
  onNotice: (message: string) => void,
): ResultsArchive {
  const folder = `${dir}/results`;
  /** Numbers of the minutes whose Results are kept, ascending. */
  const minutes = keptMinutes(folder);
  /** The last minute that was looked at. */
  let last = minutes.at(-1) ?? -1;
  const pathOf = (minute: number) => {
    const [day, time] = new Date(minute * MINUTE_MS).toISOString().split("T");
    return `${folder}/${day}/${time.slice(0, 5).replace(":", "")}.json`;
  };

  /** The Results of a minute; null where they are damaged or gone, and no longer listed. */
  async function read(minute: number): Promise<Results | null> {
    const path = pathOf(minute);
    try {
      return JSON.parse(await Deno.readTextFile(path)) as Results;
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof Deno.errors.NotFound)) throw error;
      if (!minutes.includes(minute)) return null; // another reader has met it meanwhile
      minutes.splice(minutes.indexOf(minute), 1);
      const aside = files.setAside(path);
      onNotice(aside === null ? `${path} is gone` : `${path} is no JSON; it was set aside: ${aside}`);
      return null;
    }
  }

  /** As `at`; "again" where the list got shorter on the way. */
  async function search(point: AsOf): Promise<Results | null | "again"> {
    const limit = "version" in point ? point.version : point.time;
    const searched = [...minutes];
    let found: Results | null = null;
    // Versions and times grow from minute to minute, so that half of what is left can be left out each time.
    for (let low = 0, high = searched.length; low < high;) {
      const middle = (low + high) >> 1;
      const results = await read(searched[middle]);
      if (results === null) return "again";
      if (placeOf({ version: results.version, asOf: Date.parse(results.as_of) }, point) <= limit) {
        found = results;
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return found;
  }

  return {
    async keep(generations, resultsOf) {
      for (const generation of lastOfMinutes(generations, last)) {
        const entry = await resultsOf(generation);
        const bytes = entry && await files.read(entry);
        const minute = last = minuteOf(generation);
        if (bytes === null) continue; // whoever reads that generation names the damage
        const path = pathOf(minute);
        await Deno.mkdir(dirname(path), { recursive: true });
        await files.publish(path, bytes);
        minutes.push(minute);
      }
    },
    async at(point) {
      for (;;) {
        const found = await search(point);
        if (found !== "again") return found;
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

/** The numbers of the minutes in the folder, ascending. */
function keptMinutes(folder: string): number[] {
  const names = (path: string, form: RegExp) =>
    [...Deno.readDirSync(path)].map(({ name }) => name).filter((name) => form.test(name)).sort();
  return names(folder, /^\d{4}-\d\d-\d\d$/).flatMap((day) =>
    names(`${folder}/${day}`, /^\d{4}\.json$/).map((time) =>
      Math.floor(Date.parse(`${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:00Z`) / MINUTE_MS)
    )
  );
}
