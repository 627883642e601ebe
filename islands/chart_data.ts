/**
 * The numbers that charts are drawn from: votes over time and by group, at one snapshot.
 * @module
 */
import { areaOf, AREAS, ELSEWHERE } from "./uk_areas.ts";

/** The voters of a state, an age band or a gender, and their votes. */
export interface ChartGroup {
  key: string;
  /** Accredited. */
  voters: number;
  /** In the order of `candidates`. */
  votes: number[];
}

/** What `/charts/data.json` answers with: all charts' numbers, of one version. Times are ISO 8601 UTC. */
export interface ChartData {
  election: { id: string };
  version: number;
  as_of: string;
  /** By votes at that version, then candidate_id. */
  candidates: { candidate_id: string; candidate_name: string; party_affiliation: string }[];
  /** Votes per stretch of event time; null before the first vote. */
  race: {
    /** A stretch's length. */
    every_seconds: number;
    /** The start of the first stretch; there are as many as each list of `votes` has numbers. */
    from: string;
    /** Of each candidate, in their order. */
    series: {
      /** Until `from`. */
      before: number;
      /** In each stretch. */
      votes: number[];
    }[];
  } | null;
  /** When which candidate came to lead, and by how much; the first one is the first lead of all. */
  lead_changes: { at: string; candidate_id: string; margin: number }[];
  groups: { state: ChartGroup[]; age_band: ChartGroup[]; gender: ChartGroup[] };
}

/** The votes of a group. */
export function votesOf({ votes }: ChartGroup): number {
  return votes.reduce((sum, n) => sum + n, 0);
}

/** One end of a stretch of the race. */
export interface RaceMoment {
  at: Date;
  /** Running totals and votes of the stretch before, in the order of the candidates. */
  totals: number[];
  stretch: number[];
}

/** The race, moment by moment: from the start of the first stretch, the end of each. */
export function raceOf({ race }: ChartData): RaceMoment[] {
  if (race === null) return [];
  const fromMs = Date.parse(race.from);
  const totals = race.series.map(({ before }) => before);
  const moments = [{ at: new Date(fromMs), totals: [...totals], stretch: totals.map(() => 0) }];
  for (let i = 0; i < race.series[0].votes.length; i++) {
    const stretch = race.series.map(({ votes }) => votes[i]);
    stretch.forEach((n, candidate) => totals[candidate] += n);
    moments.push({
      at: new Date(fromMs + (i + 1) * race.every_seconds * 1000),
      totals: [...totals],
      stretch,
    });
  }
  return moments;
}

/** More stretches than these make the pace a flicker. */
const MAX_PACE_STRETCHES = 40;

/** The length of the stretches of `paceOf`, in seconds. */
export function paceSeconds({ race }: ChartData): number {
  if (race === null) return 0;
  return race.every_seconds * Math.ceil(race.series[0].votes.length / MAX_PACE_STRETCHES);
}

/** The race in fewer, longer stretches, without one that had not ended when the snapshot was taken. */
export function paceOf(data: ChartData): RaceMoment[] {
  const moments = raceOf(data);
  if (moments.length === 0) return [];
  const merged = paceSeconds(data) / data.race!.every_seconds;
  const found = moments.filter((_, i) => i % merged === 0);
  return found.map((moment, i) => ({
    ...moment,
    stretch: moment.totals.map((total, candidate) => i === 0 ? 0 : total - found[i - 1].totals[candidate]),
  })).filter(({ at }, i) => i === 0 || at.getTime() <= Date.parse(data.as_of));
}

/** The leads that took the lead from somebody: all changes but the first. */
export function overtakings({ lead_changes }: ChartData): ChartData["lead_changes"] {
  return lead_changes.slice(1);
}

/** Who is first in a group. */
export interface Standing {
  /** Index of the candidate; null where nobody has voted, or the first place is tied. */
  leader: number | null;
  margin: number;
}

/** Who is first by these votes. */
export function standingOf(votes: readonly number[]): Standing {
  const [first = 0, second = 0] = votes.toSorted((a, b) => b - a);
  return { leader: first > second ? votes.indexOf(first) : null, margin: first - second };
}

/** An area of the country and its counties. */
export interface AreaResult extends ChartGroup {
  /** By voters. */
  counties: ChartGroup[];
}

/** The twelve areas in their order, those without voters too; "Elsewhere" at the end where it has voters. */
export function areasOf({ candidates, groups }: ChartData): AreaResult[] {
  const byArea = Map.groupBy(groups.state, ({ key }) => areaOf(key));
  return [...AREAS.map(({ name }) => name), ELSEWHERE].map((key) => {
    const counties = byArea.get(key) ?? [];
    return {
      key,
      voters: counties.reduce((sum, { voters }) => sum + voters, 0),
      votes: candidates.map((_, i) => counties.reduce((sum, { votes }) => sum + votes[i], 0)),
      counties: counties.toSorted((a, b) => b.voters - a.voters),
    };
  }).filter(({ key, voters }) => key !== ELSEWHERE || voters > 0);
}
