/**
 * The manifest of a generation: what the snapshot says of itself, and which immutable files it is made of.
 *
 * Its name holds its place in the order, its time and version, and the hash of its content: whatever was changed
 * or put in its place is noticed before it is believed.
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { type Topic, TOPIC_NAMES } from "../pipeline/log.ts";
import type { SnapshotFacts } from "../pipeline/snapshot.ts";

/** What a file holds. `votes` and `voters` are lists: what all of their files hold, in order, belongs together. */
export const ROLES = [
  "results",
  "candidates",
  "voters_by_group",
  "quality",
  "state",
  "votes",
  "voters",
] as const;
/** @see ROLES */
export type Role = typeof ROLES[number];

/** A file, named by the SHA-256 of what it holds. */
export interface FileEntry {
  readonly role: Role;
  readonly sha256: string;
  readonly bytes: number;
}

/** A file of a list that grows with every generation: see `merging.ts`. */
export interface PartEntry extends FileEntry {
  /** How often it has been merged; never more than that of a part before it. */
  readonly level: number;
  /** Of `voters`: how many bytes are each partition's, one after another. */
  readonly byPartition?: readonly number[];
}

/** A generation. */
export interface Manifest {
  readonly facts: SnapshotFacts;
  /** The roles that have one file; that of quality is missing where none was kept yet. */
  readonly single:
    & Readonly<Record<"results" | "candidates" | "voters_by_group" | "state", FileEntry>>
    & { readonly quality?: FileEntry };
  /** Parquet: rows add up over all of them. */
  readonly votes: readonly PartEntry[];
  /** Blocks in the order saved. */
  readonly voters: readonly PartEntry[];
}

/** What the name of a manifest says. */
export interface ManifestName {
  readonly name: string;
  /** Counts generations up from 1, whatever the clock and the version do. */
  readonly sequence: number;
  /** Epoch ms. */
  readonly asOf: number;
  readonly version: number;
  readonly sha256: string;
}

const FORMAT = 1;

const whole = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();
const byTopic = <T extends z.ZodType>(value: T) =>
  z.strictObject(
    Object.fromEntries(TOPIC_NAMES.map((topic) => [topic, z.array(value)])) as Record<Topic, z.ZodArray<T>>,
  );

const entry = { sha256: hash, bytes: whole };
const schema = z.strictObject({
  format: z.literal(FORMAT),
  election_id: z.string().min(1),
  fold_version: whole,
  version: whole,
  as_of: time,
  watermark: time.nullable(),
  offsets: byTopic(whole),
  last_records: byTopic(z.strictObject({ offset: whole, hash }).nullable()),
  rules: z.strictObject({
    partitions: z.int().min(1),
    partitioner: z.enum(["murmur2", "crc32"]),
    window_ms: z.int().min(1),
    grace_ms: whole,
    opens_at: time.nullable(),
    closes_at: time.nullable(),
  }),
  files: z.strictObject({
    results: z.strictObject(entry),
    candidates: z.strictObject(entry),
    voters_by_group: z.strictObject(entry),
    quality: z.strictObject(entry).optional(),
    state: z.strictObject(entry),
    votes: z.array(z.strictObject({ ...entry, level: whole })),
    voters: z.array(z.strictObject({ ...entry, level: whole, by_partition: z.array(whole) })),
  }),
}).refine(
  ({ rules, files }) =>
    files.voters.every(({ bytes, by_partition }) =>
      by_partition.length === rules.partitions && by_partition.reduce((a, b) => a + b, 0) === bytes
    ),
  "a block's bytes are not its partitions'",
);
type Written = z.output<typeof schema>;

/** The manifest as it is kept, and its name as the generation of that number. */
export function encodeManifest(manifest: Manifest, sequence: number): { name: string; text: string } {
  const text = JSON.stringify(written(manifest), null, 1) + "\n";
  const { asOf, version } = manifest.facts;
  const digits = String(sequence).padStart(12, "0");
  return { name: `${digits}-${asOf}-${version}-${sha256Of(text)}.json`, text };
}

/** What a file's name says, or null where it is no manifest's. */
export function readManifestName(name: string): ManifestName | null {
  const found = /^(\d{12,15})-(\d{1,15})-(\d{1,15})-([0-9a-f]{64})\.json$/.exec(name);
  if (found === null) return null;
  const [sequence, asOf, version] = found.slice(1, 4).map(Number);
  return { name, sequence, asOf, version, sha256: found[4] };
}

/** The manifest that a text holds, or null where that isn't what was written under the name. */
export function decodeManifest(text: string, { sha256 }: Pick<ManifestName, "sha256">): Manifest | null {
  return sha256Of(text) === sha256 ? parseManifest(text) : null;
}

/** The manifest that a text holds, whatever its hash, or null. */
export function parseManifest(text: string): Manifest | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null; // that it is no JSON is all there is to know
  }
  const read = schema.safeParse(json);
  return read.success ? manifestOf(read.data) : null;
}

/** Every file that a manifest names. */
export function filesOf(manifest: Manifest): FileEntry[] {
  return [...Object.values(manifest.single), ...manifest.votes, ...manifest.voters];
}

function written({ facts, single, votes, voters }: Manifest): Written {
  const { rules } = facts;
  const bare = ({ sha256, bytes }: FileEntry) => ({ sha256, bytes });
  return {
    format: FORMAT,
    election_id: facts.electionId,
    fold_version: facts.foldVersion,
    version: facts.version,
    as_of: iso(facts.asOf),
    watermark: isoOrNull(facts.watermark),
    offsets: facts.offsets as Written["offsets"],
    last_records: facts.lastRecords as Written["last_records"],
    rules: {
      partitions: rules.partitions,
      partitioner: rules.partitioner,
      window_ms: rules.windowMs,
      grace_ms: rules.graceMs,
      opens_at: isoOrNull(rules.opensAt),
      closes_at: isoOrNull(rules.closesAt),
    },
    files: {
      results: bare(single.results),
      candidates: bare(single.candidates),
      voters_by_group: bare(single.voters_by_group),
      ...single.quality && { quality: bare(single.quality) },
      state: bare(single.state),
      votes: votes.map((part) => ({ ...bare(part), level: part.level })),
      voters: voters.map((part) => ({
        ...bare(part),
        level: part.level,
        by_partition: [...part.byPartition ?? []],
      })),
    },
  };
}

function manifestOf({ rules, files, ...rest }: Written): Manifest {
  return {
    facts: {
      foldVersion: rest.fold_version,
      electionId: rest.election_id,
      version: rest.version,
      asOf: Date.parse(rest.as_of),
      watermark: msOrNull(rest.watermark),
      offsets: rest.offsets,
      lastRecords: rest.last_records,
      rules: {
        partitions: rules.partitions,
        partitioner: rules.partitioner,
        windowMs: rules.window_ms,
        graceMs: rules.grace_ms,
        opensAt: msOrNull(rules.opens_at),
        closesAt: msOrNull(rules.closes_at),
      },
    },
    single: {
      results: { role: "results", ...files.results },
      candidates: { role: "candidates", ...files.candidates },
      voters_by_group: { role: "voters_by_group", ...files.voters_by_group },
      ...files.quality && { quality: { role: "quality", ...files.quality } },
      state: { role: "state", ...files.state },
    },
    votes: files.votes.map((part) => ({ role: "votes", ...part })),
    voters: files.voters.map(({ by_partition, ...part }) => ({
      role: "voters",
      ...part,
      byPartition: by_partition,
    })),
  };
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const iso = (epochMs: number) => new Date(epochMs).toISOString();
const isoOrNull = (epochMs: number | null) => epochMs === null ? null : iso(epochMs);
const msOrNull = (time: string | null) => time === null ? null : Date.parse(time);
