/**
 * The tables that analysts' SQL sees: a sentence on each table and column, and the query that each is made by.
 *
 * They are an interface: other people's queries depend on every name here. Counts only: no voter appears in any.
 * @module
 */

/** A column, as it is described. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: "VARCHAR" | "BIGINT" | "DOUBLE" | "TIMESTAMP" | "BOOLEAN";
  readonly description: string;
}

/** A table, as it is described. */
export interface DescribedTable {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly DescribedColumn[];
}

const column = (name: string, type: DescribedColumn["type"], description: string): DescribedColumn => ({
  name,
  type,
  description,
});

const candidateId = column("candidate_id", "VARCHAR", "Of the candidate; joins with candidates.");
const name = column("candidate_name", "VARCHAR", "Her name.");
const party = column("party_affiliation", "VARCHAR", "Her party.");
const state = column("state", "VARCHAR", "Where her voters live, as accredited; a county in the demo.");
const ageBand = column("age_band", "VARCHAR", "Age at registration: under 18, 18–24, … 70+, or unknown.");
const gender = column("gender", "VARCHAR", "female, male, other or unknown, as accredited.");
const asOf = (description: string) => column("as_of", "TIMESTAMP", description);

/** Every table, in the order in which they are explained. */
export const TABLES: readonly DescribedTable[] = [
  {
    name: "candidates",
    description: "Everybody who can be voted for.",
    columns: [
      column("candidate_id", "VARCHAR", "The candidate's id."),
      name,
      party,
      column("photo_url", "VARCHAR", "Where her picture was said to be; this server draws its own."),
    ],
  },
  {
    name: "results",
    description: "The votes of each candidate, the most first, as in /api/v1/results.",
    columns: [
      candidateId,
      name,
      party,
      column("total_votes", "BIGINT", "Votes that count for her."),
      column("share", "DOUBLE", "Her part of all votes that count, rounded to 4 decimals."),
    ],
  },
  {
    name: "turnout_by_location",
    description: "Votes and voters of each state.",
    columns: [
      column("state", "VARCHAR", "The state; a county in the demo."),
      column("count", "BIGINT", "Votes that count from there."),
      column("voters", "BIGINT", "Accredited voters there."),
      column("turnout", "DOUBLE", "count by voters, rounded to 4 decimals."),
    ],
  },
  {
    name: "votes_by_window",
    // Adding the rows of a cell up here would take more memory than a query has, in a big election.
    description:
      "The cube that everything else is a sum of: votes per window and group. A cell that has been " +
      "added to, as by late votes, has several rows: sum(votes) is what it holds.",
    columns: [
      column("window_start", "TIMESTAMP", "Start of the stretch of event time, UTC."),
      column("window_end", "TIMESTAMP", "Its end, which belongs to the next one."),
      candidateId,
      state,
      ageBand,
      gender,
      column("votes", "BIGINT", "Votes of the group for the candidate in the window, that this row adds."),
      column(
        "revised",
        "BOOLEAN",
        "Whether some of them came late, and revised a window that could be taken for over.",
      ),
    ],
  },
  {
    name: "voters_by_group",
    description: "Everybody accredited, by group, whether they have voted or not.",
    columns: [state, ageBand, gender, column("voters", "BIGINT", "Accredited voters of the group.")],
  },
  {
    name: "lead_changes",
    description:
      "When the lead passed, the first row being who had it first; by votes in windows that are closed. " +
      "A tie passes no lead.",
    columns: [
      column("at", "TIMESTAMP", 'End of the window, UTC. A word of SQL: write "at".'),
      column("candidate_id", "VARCHAR", "Who then had more votes than anybody else; joins with candidates."),
      column("margin", "BIGINT", "Her votes more than the second's."),
    ],
  },
  {
    name: "quality",
    description: "The data-quality checks as last made before the snapshot.",
    columns: [
      column("check_id", "VARCHAR", "The check; /api/v1/quality says what it compares."),
      column("value", "BIGINT", "What was found; NULL where that could not be told."),
      column("expected", "BIGINT", "What should be found."),
      column("status", "VARCHAR", "ok, finding or unknown."),
      asOf("When it was made, UTC."),
    ],
  },
  {
    name: "snapshots",
    description: "The snapshots that are kept, this one and older ones: what as_of= can go back to.",
    columns: [
      column("version", "BIGINT", "The sum of the log's offsets that it covers."),
      asOf("When it was taken, UTC."),
      column(
        "watermark",
        "TIMESTAMP",
        "No vote before it was still expected then; NULL before the first votes.",
      ),
      column("votes", "BIGINT", "Votes counted in it."),
    ],
  },
];

/** Their names. */
export const TABLE_NAMES: ReadonlySet<string> = new Set(TABLES.map(({ name }) => name));

/** What the tables of a generation are made of; times are epoch ms. */
export interface TableSource {
  /** Paths of Parquet files: of each, the cells that were added to the cube. */
  readonly votes: readonly string[];
  readonly candidates: string;
  readonly votersByGroup: string;
  /** Null: none was kept, and the table is empty. */
  readonly quality: string | null;
  readonly snapshots: readonly {
    readonly version: number;
    readonly asOf: number;
    readonly watermark: number | null;
    readonly votes: number;
  }[];
  readonly windowMs: number;
  /** Windows that end later are still open; null: all are. */
  readonly closedUntil: number | null;
}

/** Tables that have few rows, of any election. */
const SMALL: ReadonlySet<string> = new Set(["candidates", "voters_by_group", "quality", "snapshots"]);

/**
 * The statements that make the tables. Where `held`, the cube and all that is made of it is worked out once and kept
 * in memory; else the files are read by each question.
 */
export function definitionsOf(source: TableSource, { held }: { readonly held: boolean }): string[] {
  return Object.entries(selects(source)).map(([name, select]) => {
    const columns = TABLES.find((table) => table.name === name)!.columns;
    const named = `${name} (${columns.map(({ name }) => `"${name}"`)})`;
    return `CREATE ${held || SMALL.has(name) ? "TABLE" : "VIEW"} ${named} AS ${select}`;
  });
}

/** By table, each after those that it is made of. */
function selects(source: TableSource): Record<string, string> {
  const { windowMs, closedUntil } = source;
  const window = `INTERVAL '${windowMs} milliseconds'`;
  const cells = source.votes.length === 0 ? NO_CELLS : parquet(source.votes);
  const closed = closedUntil === null ? "false" : `window_end <= ${timestamp(closedUntil)}`;
  return {
    votes_by_window: `
      SELECT window_start, window_start + ${window}, candidate_id, state, age_band, gender,
             votes::BIGINT, late > 0
      FROM ${cells}`,
    candidates: `
      SELECT candidate_id, candidate_name, party_affiliation, photo_url FROM ${parquet([source.candidates])}`,
    voters_by_group: `
      SELECT state, age_band, gender, voters::BIGINT FROM ${parquet([source.votersByGroup])}`,
    results: `
      WITH counted AS (
        SELECT candidate_id, sum(votes)::BIGINT AS votes FROM votes_by_window GROUP BY candidate_id
      )
      SELECT candidate_id, candidate_name, party_affiliation, coalesce(votes, 0) AS total_votes,
             ${ratio("total_votes", "(sum(total_votes) OVER ())")} AS share
      FROM candidates LEFT JOIN counted USING (candidate_id)
      ORDER BY total_votes DESC, candidate_id`,
    turnout_by_location: `
      WITH counted AS (SELECT state, sum(votes)::BIGINT AS votes FROM votes_by_window GROUP BY state),
           registered AS (SELECT state, sum(voters)::BIGINT AS voters FROM voters_by_group GROUP BY state)
      SELECT *, ${ratio("cast_in", "accredited")} FROM (
        SELECT state, coalesce(votes, 0) AS cast_in, coalesce(voters, 0) AS accredited
        FROM counted FULL JOIN registered USING (state)
      )
      ORDER BY state`,
    lead_changes: `
      WITH cast_in AS (
        SELECT window_end, candidate_id, sum(votes) AS votes FROM votes_by_window WHERE ${closed} GROUP BY ALL
      ), totals AS (
        SELECT window_end, candidate_id,
               sum(coalesce(votes, 0)) OVER (PARTITION BY candidate_id ORDER BY window_end) AS total
        FROM (SELECT DISTINCT window_end FROM cast_in) CROSS JOIN (SELECT candidate_id FROM candidates)
             LEFT JOIN cast_in USING (window_end, candidate_id)
      ), leads AS (
        SELECT window_end, arg_max(candidate_id, total) AS leader, max(total, 2) AS two,
               two[1] - coalesce(two[2], 0) AS margin
        FROM totals GROUP BY window_end
      ), changes AS (
        SELECT *, lag(leader) OVER (ORDER BY window_end) AS before FROM leads WHERE margin > 0
      )
      SELECT window_end, leader, margin::BIGINT
      FROM changes WHERE leader IS DISTINCT FROM before
      ORDER BY window_end`,
    quality: `
      SELECT check_id, value, expected, status, as_of
      FROM ${source.quality === null ? NO_CHECKS : parquet([source.quality])}`,
    snapshots: snapshotsSelect(source.snapshots),
  };
}

const NO_CELLS = `(
  SELECT NULL::TIMESTAMP AS window_start, ''::VARCHAR AS candidate_id, ''::VARCHAR AS state,
         ''::VARCHAR AS age_band, ''::VARCHAR AS gender, 0::INTEGER AS votes, 0::INTEGER AS late
  WHERE false
)`;
const NO_CHECKS = `(
  SELECT ''::VARCHAR AS check_id, 0::BIGINT AS value, 0::BIGINT AS expected, ''::VARCHAR AS status,
         NULL::TIMESTAMP AS as_of
  WHERE false
)`;

/** As one constant: a list of as many expressions would be bound anew by every query. */
function snapshotsSelect(snapshots: TableSource["snapshots"]): string {
  const rows = snapshots.map(({ version, asOf, watermark, votes }) => [version, asOf, watermark, votes]);
  const time = (field: number) => `make_timestamp(one[${field}] * 1000)`;
  return `
    SELECT one[1], ${time(2)}, ${time(3)}, one[4]
    FROM (SELECT unnest(from_json(${constant(rows)}, '[["BIGINT"]]')) AS one)
    ORDER BY one[2]`;
}

/** A value as JSON in a text of SQL's. */
function constant(value: unknown): string {
  return `'${JSON.stringify(value).replaceAll("'", "''")}'`;
}

/** As `ratio` of the vocabulary: rounded half up to 4 decimals, in whole numbers until the end. */
function ratio(part: string, whole: string): string {
  return `CASE WHEN ${whole} = 0 THEN 0 ELSE (20000 * ${part} + ${whole}) // (2 * ${whole}) / 10000 END`;
}

function parquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map((path) => `'${path.replaceAll("'", "''")}'`)}])`;
}

function timestamp(epochMs: number): string {
  return `make_timestamp(${epochMs * 1000})`;
}
