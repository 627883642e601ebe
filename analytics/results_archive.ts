/**
 * The Results of each minute, kept for ever: `results/2026-05-07/1004.json` holds the last of 10:04 UTC.
 *
 * What is kept never changes: of a minute that a clock set back brings again, the first time counts.
 * @module
 */
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
}

/** Makes the archive of a folder of snapshots. */
export function createResultsArchive(dir: string, files: SnapshotFiles): ResultsArchive {
  /** Sequence of the last generation whose minute is kept; not its time, as a clock may be wrong and set right. */
  let kept = 0;

  async function keepOne(day: string, name: string, entry: FileEntry | null): Promise<void> {
    const path = `${dir}/results/${day}/${name}`;
    if (await files.isThere(path)) return;
    const bytes = entry && await files.read(entry);
    if (bytes === null) return; // whoever reads that generation names the damage
    await Deno.mkdir(`${dir}/results/${day}`, { recursive: true });
    await files.sync("results");
    await files.publish(path, bytes);
  }

  return {
    async keep(generations, resultsOf) {
      for (const generation of lastOfMinutes(generations)) {
        if (generation.sequence <= kept) continue;
        const [day, time] = new Date(generation.asOf).toISOString().split("T");
        await keepOne(day, `${time.slice(0, 5).replace(":", "")}.json`, await resultsOf(generation));
        kept = generation.sequence;
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
