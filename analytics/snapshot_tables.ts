/**
 * The public tables of a generation as Parquet: what was added to the cube, the candidates, voters by group, and what
 * the data-quality checks said.
 * @module
 */
import { compareCodePoints } from "../pipeline/election.ts";
import type { Results } from "../pipeline/results.ts";
import type { Capture, CellChange, VoterGroup } from "../pipeline/snapshot.ts";
import type { Columns, DuckDb, Value } from "./duckdb.ts";
import type { Batch } from "./snapshot_files.ts";
import type { FileEntry, Role } from "./snapshot_manifest.ts";

/** Of the files of votes: one row for each cell of the cube that was added to. */
export const VOTES: Columns = {
  window_start: "time",
  candidate_id: "text",
  state: "text",
  age_band: "text",
  gender: "text",
  votes: "integer",
  late: "integer",
};
const CANDIDATES: Columns = {
  candidate_id: "text",
  candidate_name: "text",
  party_affiliation: "text",
  photo_url: "text",
};
const VOTERS_BY_GROUP: Columns = { state: "text", age_band: "text", gender: "text", voters: "integer" };
const QUALITY: Columns = { check_id: "text", value: "long", expected: "long", status: "text", as_of: "time" };

/** Writes the tables of one generation after another. */
export interface TableWriter {
  /** What was added to the cube; null where nothing was. */
  votes(batch: Batch, cells: Iterable<CellChange>): Promise<FileEntry | null>;
  /** `before` is the file of the generation before: the same rows aren't written again. */
  candidates(batch: Batch, results: Results, before: FileEntry | undefined): Promise<FileEntry>;
  /** As for candidates. */
  votersByGroup(
    batch: Batch,
    groups: Iterable<VoterGroup>,
    before: FileEntry | undefined,
  ): Promise<FileEntry>;
  /** As for candidates. */
  quality(batch: Batch, report: Capture["quality"], before: FileEntry | undefined): Promise<FileEntry>;
}

/** Makes a writer. */
export function createTableWriter(duckDb: DuckDb): TableWriter {
  /** What the file written last was made of, by role. */
  const made = new Map<Role, { readonly sha256: string; readonly content: string }>();

  async function whole(
    batch: Batch,
    role: Role,
    columns: Columns,
    rows: (Value | null)[][],
    before: FileEntry | undefined,
  ): Promise<FileEntry> {
    const content = JSON.stringify(rows);
    const last = made.get(role);
    if (before !== undefined && last?.sha256 === before.sha256 && last.content === content) return before;
    const file = await batch.make(role, async (path) => {
      await duckDb.writeParquet(path, columns, rows);
      return 1; // a table without rows is one too
    });
    made.set(role, { sha256: file!.sha256, content });
    return file!;
  }

  return {
    votes: (batch, cells) => batch.make("votes", (path) => duckDb.writeParquet(path, VOTES, rowsOf(cells))),
    candidates(batch, { candidates }, before) {
      const rows = candidates
        .map((one) => [one.candidate_id, one.candidate_name, one.party_affiliation, one.photo_url])
        .sort(([a], [b]) => compareCodePoints(a, b));
      return whole(batch, "candidates", CANDIDATES, rows, before);
    },
    votersByGroup(batch, groups, before) {
      const rows = [...summed(groups)].sort(([a], [b]) => compareCodePoints(a, b)).map(([, row]) => row);
      return whole(batch, "voters_by_group", VOTERS_BY_GROUP, rows, before);
    },
    quality(batch, { asOf, checks }, before) {
      const rows = checks.map(({ id, value, expected, status }) => [id, value, expected, status, asOf]);
      return whole(batch, "quality", QUALITY, rows, before);
    },
  };
}

function* rowsOf(cells: Iterable<CellChange>): Generator<Value[]> {
  for (const cell of cells) {
    yield [
      cell.windowStart,
      cell.candidateId,
      cell.state,
      cell.ageBand,
      cell.gender,
      cell.votes,
      cell.late,
    ];
  }
}

/** Groups by a name to sort them by: a group may come once for each partition. */
function summed(groups: Iterable<VoterGroup>): Map<string, Value[]> {
  const rows = new Map<string, Value[]>();
  for (const { state, ageBand, gender, voters } of groups) {
    const name = JSON.stringify([state, ageBand, gender]);
    const before = rows.get(name)?.[3] ?? 0;
    rows.set(name, [state, ageBand, gender, Number(before) + voters]);
  }
  return rows;
}
