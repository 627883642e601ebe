/**
 * Results held against a recount, at the offsets that they name: those of a snapshot, and those shown right now.
 * @module
 */
import type { Topic } from "./log.ts";
import type { Recount } from "./recount.ts";
import { countAt, type Cut, type CutRules, resultsAt, type Turn } from "./recount_cut.ts";
import type { Findings } from "./recount_findings.ts";
import type { Results } from "./results.ts";

/** A recount under way, for whoever compares a copy with it. */
export interface Recounting {
  readonly recount: Recount;
  readonly rules: CutRules;
  readonly signal: AbortSignal;
  readonly turn: Turn;
  /** Reads the log to its present end: to be called when a copy was read, as that may be newer than the recount. */
  catchUp(): Promise<void>;
}

/** Compares everything in Results but titles and what the wall clock says. */
export async function compareResults(
  findings: Findings,
  results: Results,
  { recount, rules, turn, catchUp }: Recounting,
): Promise<void> {
  await catchUp();
  const cut = cutOf(results.offsets, recount);
  findings.compare("offsets that the log has", true, cut !== null);
  if (cut === null) return;
  const count = await countAt(recount, cut, turn);
  const expected = resultsAt(recount, cut, count, rules, Date.parse(results.as_of));
  findings.compare("", byName(expected), byName(withoutClock(results)));
}

/**
 * Offsets of all partitions, by topic and partition, as a cut; null where they are none, or lie past what the
 * recount has read.
 */
export function cutOf(offsets: unknown, { next }: Recount): Cut | null {
  const topics = Object.entries(next) as [Topic, number[]][];
  const named = Object(offsets) as Record<string, unknown>;
  if (Object.keys(named).length !== topics.length) return null;
  const cut = {} as Record<Topic, number[]>;
  for (const [topic, ends] of topics) {
    const partitions = Object(named[topic]) as Record<string, unknown>;
    if (Object.keys(partitions).length !== ends.length) return null;
    cut[topic] = ends.map((_, partition) => partitions[partition] as number);
    const isWithin = (offset: number, partition: number) =>
      Number.isInteger(offset) && offset >= 0 && offset <= ends[partition];
    if (!cut[topic].every(isWithin)) return null;
  }
  return cut;
}

function withoutClock(results: Results): Results {
  const { as_of: _, catching_up: __, quality: ___, ...rest } = results;
  const { title: ____, ...election } = rest.election;
  const { votes_per_second: _____, ...totals } = rest.totals;
  return { ...rest, election, totals } as Results;
}

/** Lines by their name instead of their place, so that a difference says whose it is; and the order as one value. */
function byName(results: { candidates: { candidate_id: string }[]; locations: { state: string }[] }) {
  const { candidates, locations, ...rest } = results;
  const ids = candidates.map(({ candidate_id }) => candidate_id);
  const states = locations.map(({ state }) => state);
  return {
    ...rest,
    candidate: Object.fromEntries(candidates.map((line) => [line.candidate_id, line])),
    location: Object.fromEntries(locations.map((line) => [line.state, line])),
    "order of candidates": ids.join(", "),
    "order of locations": states.join(", "),
  };
}
