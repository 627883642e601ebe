/**
 * The Results of each minute, kept for ever: `results/2026-05-07/1004.json` holds the last of 10:04 UTC.
 *
 * What is kept never changes: of a minute that a clock set back brings again, the first time counts.
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
  /** Keeps the Results of each minute that is over, of generations in the order saved. */
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
  /** Sequence of the last generation whose minute is kept; not its time, as a clock may be wrong and set right. */
  let kept = 0;
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

  async function keepOne(minute: number, entry: FileEntry | null): Promise<void> {
    const path = pathOf(minute);
    if (await files.isThere(path)) return;
    const bytes = entry && await files.read(entry);
    if (bytes === null) return; // whoever reads that generation names the damage
    await Deno.mkdir(dirname(path), { recursive: true });
    await files.sync("results");
    await files.publish(path, bytes);
    minutes.splice(minutes.filter((one) => one < minute).length, 0, minute);
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
      for (const generation of lastOfMinutes(generations)) {
        if (generation.sequence <= kept) continue;
        await keepOne(minuteOf(generation), await resultsOf(generation));
        kept = generation.sequence;
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

/** Those that one of another minute follows. */
function lastOfMinutes(generations: readonly ManifestName[]): ManifestName[] {
  return generations.filter((one, i) =>
    i + 1 < generations.length && minuteOf(one) !== minuteOf(generations[i + 1])
  );
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
