/**
 * The table of regions as an address asks for it: filtered, sorted, and one page of it. Pure.
 * @module
 */
import { compareCodePoints } from "../pipeline/election.ts";
import type { RegionResult, Regions } from "../pipeline/regions.ts";
import { plain } from "./format.ts";

/** What the table can be sorted by. */
export const COLUMNS = ["state", "count", "voters", "turnout", "leader"] as const;
/** @see COLUMNS */
export type Column = typeof COLUMNS[number];

/** How many regions a page can have. */
export const SIZES = [10, 25, 50, 100] as const;

/** What an address asks for. */
export interface TableQuery {
  /** What a region's name must have in it, spaces around it aside; "" for all. */
  readonly q: string;
  readonly sort: Column;
  readonly descending: boolean;
  readonly size: number;
  /** From 1. */
  readonly page: number;
}

/** Who leads in a region. */
export interface RegionLeader {
  /** One, or several in a tie. */
  readonly candidates: Regions["candidates"];
  readonly votes: number;
  readonly margin: number;
}

/** A line of the table; no leader at 0 votes, or ("unknown") where only the sum of votes is known. */
export interface RegionRow extends RegionResult {
  readonly leader: RegionLeader | null | "unknown";
}

/** One page of the table. */
export interface RegionPage {
  readonly rows: readonly RegionRow[];
  /** The query with a page that there is. */
  readonly query: TableQuery;
  readonly pages: number;
  /** How many regions the filter leaves, and how many there are. */
  readonly matching: number;
  readonly all: number;
}

const DEFAULTS: TableQuery = { q: "", sort: "state", descending: false, size: 25, page: 1 };
const MAX_Q_CHARACTERS = 64;

/** Reads an address's query; what can't be read is as by default. */
export function readTableQuery(query: URLSearchParams): TableQuery {
  const sort = query.get("sort") as Column;
  const size = Number(query.get("size"));
  const page = Number(query.get("page"));
  return {
    q: (query.get("q") ?? "").slice(0, MAX_Q_CHARACTERS), // as typed: a space may be followed by more
    sort: COLUMNS.includes(sort) ? sort : DEFAULTS.sort,
    descending: query.get("order") === "desc",
    size: SIZES.some((one) => one === size) ? size : DEFAULTS.size,
    page: Number.isSafeInteger(page) && page > 0 ? page : DEFAULTS.page,
  };
}

/** The query of an address that asks for that, and all else as it was. */
export function withTableQuery(query: URLSearchParams, asked: TableQuery): URLSearchParams {
  const changed = new URLSearchParams(query);
  const set = (name: string, value: string, byDefault: string) =>
    value === byDefault ? changed.delete(name) : changed.set(name, value);
  set("q", asked.q, DEFAULTS.q);
  set("sort", asked.sort, DEFAULTS.sort);
  set("order", asked.descending ? "desc" : "asc", "asc");
  set("size", String(asked.size), String(DEFAULTS.size));
  set("page", String(asked.page), String(DEFAULTS.page));
  return changed;
}

/** The page that a query asks for, or the last one there is. */
export function arrange({ candidates, regions }: Regions, query: TableQuery): RegionPage {
  const wanted = folded(query.q.trim());
  const found = regions
    .filter(({ state }) => folded(state).includes(wanted))
    .map((region): RegionRow => ({ ...region, leader: leaderIn(region, candidates) }));
  const compare = COMPARE[query.sort];
  const sign = query.descending ? -1 : 1;
  // Equals stay in the order of their names, whichever way.
  found.sort((a, b) => sign * compare(a, b) || byName(a, b));
  const pages = Math.max(1, Math.ceil(found.length / query.size));
  const page = Math.min(query.page, pages);
  const rows = found.slice((page - 1) * query.size, page * query.size);
  return { rows, query: { ...query, page }, pages, matching: found.length, all: regions.length };
}

/** Who leads in a region, with how much. */
export function leaderIn(region: RegionResult, candidates: Regions["candidates"]): RegionRow["leader"] {
  const { votes } = region;
  if (region.count === 0) return null;
  if (votes === null) return "unknown";
  const [most, second = 0] = votes.toSorted((a, b) => b - a);
  return {
    candidates: candidates.filter((_, i) => votes[i] === most),
    votes: most,
    margin: most - second,
  };
}

const collator = new Intl.Collator("en-GB", { numeric: true });

function byName(a: RegionRow, b: RegionRow): number {
  return collator.compare(a.state, b.state) || compareCodePoints(a.state, b.state);
}

const COMPARE: Record<Column, (a: RegionRow, b: RegionRow) => number> = {
  state: byName,
  count: (a, b) => a.count - b.count,
  voters: (a, b) => a.voters - b.voters,
  turnout: (a, b) => a.count * b.voters - b.count * a.voters,
  leader: (a, b) => collator.compare(leaderName(a), leaderName(b)) || marginOf(a) - marginOf(b),
};

function leaderName({ leader }: RegionRow): string {
  return leader === null || leader === "unknown" ? "" : plain(leader.candidates[0].candidate_name);
}

function marginOf({ leader }: RegionRow): number {
  return leader === null || leader === "unknown" ? 0 : leader.margin;
}

/** Case and accents tell no region from another. */
function folded(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
