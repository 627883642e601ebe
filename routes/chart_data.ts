/**
 * The numbers of all charts at the newest snapshot, gathered once for each.
 * @module
 */
import type { AsOf } from "../analytics/as_of.ts";
import type { History } from "../analytics/history.ts";
import type { Generation } from "../analytics/snapshots.ts";
import type { Group, Standings } from "../analytics/standings.ts";
import type { ChartData, ChartGroup } from "../islands/chart_data.ts";
import { compareCodePoints } from "../pipeline/election.ts";
import type { CandidateResult } from "../pipeline/results.ts";

/** Gives the numbers of all charts. */
export interface ChartSource {
  /** Of the newest snapshot, or the one before while they can't be gathered; null before the first one. */
  newest(): Promise<ChartData | null>;
  /** Of a point of the past; null where nothing is kept there, "busy" where they can't be gathered now. */
  at(point: AsOf): Promise<ChartData | null | "busy">;
}

/** So many stretches of the race are shown at most. */
const MAX_STRETCHES = 120;
/** The charts of so many snapshots are remembered: the newest one's, and those of some points of the past. */
const MAX_GATHERED = 8;
/** How long a stretch may be, in seconds, where the windows' width divides it. */
const LENGTHS = [10, 15, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];

/**
 * Makes the source; `candidates` are the registered ones, for their names. A fault is reported, and charts stay
 * as they were: no page fails for want of one.
 */
export function createChartSource(
  history: History,
  candidates: () => readonly CandidateResult[],
  onFailure: (fault: unknown) => void,
): ChartSource {
  const gathered = new Map<string, Promise<ChartData | null>>();
  let shown: ChartData | null = null;

  function gatherOnce(generation: Generation): Promise<ChartData | null> {
    const registered = candidates();
    // Names may come to be registered after the snapshot.
    const key = `${generation.sha256} ${registered.length}`;
    const known = gathered.get(key);
    if (known !== undefined) return known;
    const data = gather(history, generation, registered).catch((fault) => {
      onFailure(fault);
      return null;
    });
    if (gathered.size >= MAX_GATHERED) gathered.delete(gathered.keys().next().value!);
    gathered.set(key, data);
    // Others asked too much of the past, or it failed: whoever comes next tries again.
    data.then((found) => {
      if (found === null && gathered.get(key) === data) gathered.delete(key);
    });
    return data;
  }

  return {
    async newest() {
      const generation = history.newest();
      if (generation === null) return null;
      return shown = await gatherOnce(generation) ?? shown;
    },
    async at(point) {
      const generation = await history.at(point);
      return generation && (await gatherOnce(generation) ?? "busy");
    },
  };
}

async function gather(
  history: History,
  generation: Generation,
  registered: readonly CandidateResult[],
): Promise<ChartData | null> {
  const { facts } = generation;
  const standings = await history.standings(generation);
  if (standings === "busy") return null;
  const candidates = rankedBy(standings, registered);
  const ids = candidates.map(({ candidate_id }) => candidate_id);
  const race = await raceOf(history, generation, standings, ids);
  if (race === "busy") return null;
  const plain = (groups: readonly Group[]) =>
    groups.map(({ key, voters, votes }): ChartGroup => ({
      key,
      voters,
      votes: ids.map((id) => votes.get(id) ?? 0),
    }));
  return {
    election: { id: facts.electionId },
    version: facts.version,
    as_of: iso(facts.asOf),
    candidates,
    race,
    lead_changes: standings.leadChanges.map(({ at, candidateId, margin }) => ({
      at: iso(at),
      candidate_id: candidateId,
      margin,
    })),
    groups: {
      state: plain(standings.groups.state),
      age_band: plain(standings.groups.age_band),
      gender: plain(standings.groups.gender),
    },
  };
}

/** The registered candidates as they stood at the snapshot. */
function rankedBy(standings: Standings, registered: readonly CandidateResult[]): ChartData["candidates"] {
  return registered
    .map(({ candidate_id, candidate_name, party_affiliation }) => ({
      candidate: { candidate_id, candidate_name, party_affiliation },
      votes: votesOf(standings, candidate_id),
    }))
    .sort((a, b) =>
      b.votes - a.votes || compareCodePoints(a.candidate.candidate_id, b.candidate.candidate_id)
    )
    .map(({ candidate }) => candidate);
}

/** All votes of a candidate. */
function votesOf({ groups }: Standings, id: string): number {
  return groups.gender.reduce((sum, group) => sum + (group.votes.get(id) ?? 0), 0);
}

async function raceOf(
  history: History,
  generation: Generation,
  standings: Standings,
  ids: readonly string[],
): Promise<ChartData["race"] | "busy"> {
  const { span } = standings;
  if (span === null || ids.length === 0) return null;
  const everyMs = lengthOf(span.to - span.from, generation.facts.rules.windowMs);
  const from = Math.floor(span.from / everyMs) * everyMs;
  const rows = await history.ask(generation, { from, to: null, everyMs, by: "candidate" });
  if (rows === "busy") return "busy";
  if (rows === "too_many_rows") return null; // hundreds of candidates: nothing that lines could show
  const stretches = Math.ceil((span.to - from) / everyMs);
  const series = new Map(
    ids.map((id) => [id, { before: votesOf(standings, id), votes: new Array<number>(stretches).fill(0) }]),
  );
  for (const { start, key, votes } of rows) {
    const one = series.get(key!);
    if (one === undefined) continue; // accredited after these Results
    one.before -= votes;
    one.votes[(start - from) / everyMs] = votes;
  }
  return {
    every_seconds: everyMs / 1000,
    from: iso(from),
    series: ids.map((id) => series.get(id)!),
  };
}

/** The shortest length that keeps the stretches few enough. */
function lengthOf(spanMs: number, windowMs: number): number {
  const fits = (everyMs: number) => everyMs % windowMs === 0 && spanMs / everyMs <= MAX_STRETCHES;
  const found = [windowMs, ...LENGTHS.map((seconds) => seconds * 1000)].find(fits);
  return found ?? Math.ceil(spanMs / MAX_STRETCHES / windowMs) * windowMs;
}

const iso = (epochMs: number) => new Date(epochMs).toISOString();
