/**
 * Merging: keeps the lists of a generation short however many there were, at a cost that doesn't grow with them.
 *
 * Parts have levels. As soon as there are 16 of a level, they become one of the next; one that has grown to half
 * the limit of its size is full and isn't written again. So a byte is written about as often as the list's length
 * has hexadecimal digits.
 * @module
 */
import type { DuckDb } from "./duckdb.ts";
import type { Batch, SnapshotFiles } from "./snapshot_files.ts";
import type { PartEntry } from "./snapshot_manifest.ts";

/** How many parts of a level become one of the next. */
export const FAN_IN = 16;

/** A part made of more than one is at most this big; about a million cells, or a million voters' rows. */
const MAX_BYTES = { votes: 8 << 20, voters: 64 << 20 };

/** The level of full parts, which are left alone. */
const FULL = 100;

/** Parts that become others: neighbours in the list, the oldest of their level. */
export interface MergePlan {
  readonly parts: readonly PartEntry[];
  /** Each becomes one part; a part that is alone stays the file it is. */
  readonly groups: readonly (readonly PartEntry[])[];
  /** How big a part may become. */
  readonly maxBytes: number;
}

/** What is to be merged of a list, or null. */
export function planMerge(
  list: readonly PartEntry[],
  maxBytes = MAX_BYTES[list[0]?.role === "voters" ? "voters" : "votes"],
): MergePlan | null {
  for (let start = 0, end = 0; start < list.length; start = end) {
    while (end < list.length && list[end].level === list[start].level) end++;
    if (end - start < FAN_IN || list[start].level === FULL) continue;
    const parts = list.slice(start, start + FAN_IN);
    const groups: PartEntry[][] = [];
    let bytes = Infinity;
    for (const part of parts) {
      if (bytes + part.bytes > maxBytes) groups.push([]), bytes = 0;
      groups[groups.length - 1].push(part);
      bytes += part.bytes;
    }
    return { parts, groups, maxBytes };
  }
  return null;
}

/** The list with the parts of a plan replaced; the same list where they aren't in it any more. */
export function replaceParts(
  list: readonly PartEntry[],
  { parts }: MergePlan,
  merged: readonly PartEntry[],
): readonly PartEntry[] {
  const at = list.indexOf(parts[0]);
  return at < 0 ? list : [...list.slice(0, at), ...merged, ...list.slice(at + parts.length)];
}

/**
 * Writes what a plan's parts become, one level up.
 * @throws {Error} where a part isn't what was written: merged, it would pass for sound
 */
export async function mergeParts(
  plan: MergePlan,
  batch: Batch,
  files: SnapshotFiles,
  duckDb: DuckDb,
): Promise<PartEntry[]> {
  const merged: PartEntry[] = [];
  for (const group of plan.groups) {
    const part = await mergeGroup(group, batch, files, duckDb);
    const full = part.bytes > plan.maxBytes / 2;
    merged.push({ ...part, level: full ? FULL : group[0].level + 1 });
  }
  return merged;
}

type Unlevelled = Omit<PartEntry, "level">;

async function mergeGroup(
  group: readonly PartEntry[],
  batch: Batch,
  files: SnapshotFiles,
  duckDb: DuckDb,
): Promise<Unlevelled> {
  if (group.length === 1) return group[0];
  if (group[0].role === "voters") return await concatenate(group, batch, files);
  return await addUp(group, batch, files, duckDb);
}

/** Each partition's blocks one after another, in the order saved. */
async function concatenate(
  group: readonly PartEntry[],
  batch: Batch,
  files: SnapshotFiles,
): Promise<Unlevelled> {
  const blocks: Uint8Array[][] = [];
  for (const part of group) {
    const bytes = await readSound(part, files);
    blockBounds(part).forEach(([from, to], partition) => {
      (blocks[partition] ??= []).push(bytes.subarray(from, to));
    });
  }
  const byPartition = blocks.map((list) => list.reduce((sum, block) => sum + block.length, 0));
  return { ...await batch.put("voters", blocks.flat()), byPartition };
}

/** Where each partition's bytes begin and end in a part. */
export function blockBounds({ byPartition = [] }: PartEntry): [from: number, to: number][] {
  let at = 0;
  return byPartition.map((bytes) => [at, at += bytes]);
}

/** The sums of each cell. */
async function addUp(
  group: readonly PartEntry[],
  batch: Batch,
  files: SnapshotFiles,
  duckDb: DuckDb,
): Promise<Unlevelled> {
  for (const part of group) await readSound(part, files);
  const made = await batch.make("votes", async (path) => {
    await duckDb.copyToParquet(path, SUMS, { files: group.map(files.pathOf) });
    return group.length;
  });
  return made!;
}

const SUMS = `
  SELECT window_start, candidate_id, state, age_band, gender,
         sum(votes)::INTEGER AS votes, sum(late)::INTEGER AS late
  FROM read_parquet($files)
  GROUP BY ALL
  ORDER BY ALL`;

async function readSound(part: PartEntry, files: SnapshotFiles): Promise<Uint8Array> {
  const bytes = await files.read(part);
  if (bytes === null) throw new Error(`${files.pathOf(part)} is not what was written`);
  return bytes;
}
