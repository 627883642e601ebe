/**
 * Votes per region and candidate: sums over the cubes of all partitions, at one version.
 *
 * Nothing keeps them up to date with every vote: whoever asks has the cubes' cells walked through, seldom enough.
 * @module
 */
import { compareCodePoints } from "./election.ts";
import type { Fold } from "./fold.ts";
import type { Registry } from "./registry.ts";
import { type LocationResult, locationResults, offsetsOf, type Results, versionOf } from "./results.ts";
import { cellAt, ungroup } from "./tally.ts";

/** A location, and how its votes split. */
export interface RegionResult extends LocationResult {
  /** By candidate, in the order of `candidates`; null where only the sum is known. */
  votes: number[] | null;
}

/** Every region at one version; both lists ordered by code point. */
export interface Regions {
  election: { id: string };
  version: number;
  /** ISO 8601 UTC. */
  as_of: string;
  candidates: { candidate_id: string; candidate_name: string; party_affiliation: string }[];
  regions: RegionResult[];
}

/** A walk may take one part in this many of the time, and is made at most once a second. */
const PART_OF_TIME = 20;
const EVERY_MS = 1_000;

/** Makes the function that answers with every region: newly summed up, or what was a moment ago. */
export function createRegions(
  electionId: string,
  registry: Registry,
  folds: readonly Fold[],
  now: () => number,
): () => Regions {
  let latest: Regions | null = null;
  let notBeforeMs = 0;
  return () => {
    const startedMs = performance.now();
    if (latest !== null && startedMs < notBeforeMs) return latest;
    if (latest?.version === versionOf(offsetsOf(registry, folds))) return latest;
    latest = sumUp(electionId, registry, folds, now());
    const tookMs = performance.now() - startedMs;
    notBeforeMs = startedMs + Math.max(EVERY_MS, PART_OF_TIME * tookMs);
    return latest;
  };
}

/** What Results alone tell of the regions: all but how their votes split. */
export function regionsOfResults({ election, version, as_of, candidates, locations }: Results): Regions {
  return {
    election: { id: election.id },
    version,
    as_of,
    candidates: named(candidates),
    regions: locations.map((location) => ({ ...location, votes: null })),
  };
}

function sumUp(electionId: string, registry: Registry, folds: readonly Fold[], now: number): Regions {
  const byState = new Map<string, number[]>();
  for (const { tally, states } of folds) {
    // By number, as a walk over millions of cells should not look up names.
    const votes = states.names.map(() => new Array<number>(registry.candidates.length).fill(0));
    for (let cell = 0; cell < tally.cells; cell++) {
      const counted = cellAt(tally, cell);
      votes[ungroup(counted.group).state][counted.candidate] += counted.votes;
    }
    states.names.forEach((state, number) => {
      const before = byState.get(state);
      byState.set(state, before ? before.map((n, i) => n + votes[number][i]) : votes[number]);
    });
  }
  const candidates = named(registry.candidates);
  const indexes = new Map(registry.candidates.map(({ candidate_id }, index) => [candidate_id, index]));
  const order = candidates.map(({ candidate_id }) => indexes.get(candidate_id)!);
  return {
    election: { id: electionId },
    version: versionOf(offsetsOf(registry, folds)),
    as_of: new Date(now).toISOString(),
    candidates,
    regions: locationResults(folds).map((location) => ({
      ...location,
      votes: order.map((index) => byState.get(location.state)![index]),
    })),
  };
}

function named(candidates: readonly Regions["candidates"][number][]): Regions["candidates"] {
  return candidates
    .map(({ candidate_id, candidate_name, party_affiliation }) => ({
      candidate_id,
      candidate_name,
      party_affiliation,
    }))
    .sort((a, b) => compareCodePoints(a.candidate_id, b.candidate_id));
}
