/**
 * Results: the whole public answer at one version, as `GET /api/v1/results` gives it.
 * @module
 */
import { compareCodePoints, ratio } from "./election.ts";
import type { Fold } from "./fold.ts";
import { rejectedIn } from "./ledger.ts";
import type { Registry } from "./registry.ts";
import { sumByState } from "./tally.ts";
import { partitionWatermark, publishedWatermark } from "./windows.ts";

/** One candidate's line, ordered by votes, then candidate_id. */
export interface CandidateResult {
  candidate_id: string;
  candidate_name: string;
  party_affiliation: string;
  photo_url: string;
  total_votes: number;
  /** Of all counted votes; 4 decimals. */
  share: number;
}

/** One state's line, ordered by code point. */
export interface LocationResult {
  state: string;
  /** Counted votes. */
  count: number;
  /** Accredited voters. */
  voters: number;
  turnout: number;
}

/** Next offset by topic and partition. */
export type Offsets = Record<string, Record<string, number>>;

/** Everything that is shown, with the version it stands for. Times are ISO 8601 UTC. */
export interface Results {
  election: {
    id: string;
    title: string;
    status: "test";
    opens_at: string | null;
    closes_at: string | null;
  };
  /** The sum of the next offsets. At the same offsets, and with the same rules, all counts are the same. */
  version: number;
  /**
   * True until every partition has reached the end offset seen at the start, and from closing time until the
   * votes from before are folded.
   */
  catching_up: boolean;
  /** When these Results were made, by the wall clock. */
  as_of: string;
  /**
   * The least watermark of the partitions that have a vote: no vote still to come to one of them has an event
   * time before it, unless it is late. Null before the first vote.
   */
  watermark: string | null;
  offsets: Offsets;
  totals: {
    voters: number;
    candidates: number;
    votes: number;
    turnout: number;
    /** Counted in the last seconds of wall clock, per second; 1 decimal. */
    votes_per_second: number;
    late: number;
    duplicates: number;
    waiting: number;
    /** Of votes_topic. */
    rejected: number;
  };
  /** Null at 0 votes. In a tie the first by candidate_id, with margin 0. */
  leader: { candidate_id: string; margin: number; tied: boolean; decided: boolean } | null;
  candidates: CandidateResult[];
  locations: LocationResult[];
  quality: { status: "ok" | "findings" | "unknown" };
}

/** What an election is called and when it is open; the same in every Results of it. */
export interface ElectionInfo {
  readonly id: string;
  readonly title: string;
  readonly opensAt: number | null;
  readonly closesAt: number | null;
}

/** What Results are made of besides the folds. */
export interface Moment {
  /** Wall clock, epoch ms. */
  readonly now: number;
  readonly catchingUp: boolean;
  readonly votesPerSecond: number;
  /** Whether something outside the folds deserves a look, such as how a topic is configured. */
  readonly otherFindings: boolean;
}

/**
 * Makes the Results of all partitions' folds.
 *
 * Every fold must have applied the registry's candidates. Wall clock shows only in `as_of`,
 * `votes_per_second`, `catching_up` and `decided`; all else is a function of the log.
 */
export function makeResults(
  election: ElectionInfo,
  registry: Registry,
  folds: readonly Fold[],
  moment: Moment,
): Results {
  const offsets = offsetsOf(registry, folds);
  const voters = sum(folds, (fold) => fold.accredited);
  const votes = sum(folds, (fold) => fold.tally.totalVotes);
  const totals = {
    voters,
    candidates: registry.candidates.length,
    votes,
    turnout: ratio(votes, voters),
    votes_per_second: moment.votesPerSecond,
    late: sum(folds, (fold) => fold.tally.totalLate),
    duplicates: sum(folds, (fold) => fold.duplicates),
    waiting: sum(folds, (fold) => fold.waiting),
    rejected: sum(folds, (fold) => rejectedIn(fold.votesLedger)),
  };
  const candidates = candidateResults(registry, folds, votes);
  const closed = election.closesAt !== null && moment.now >= election.closesAt;
  const watermark = publishedWatermark(
    folds.map((fold) => partitionWatermark(fold.greatestEventTime, fold.rules.graceMs)),
  );
  return {
    election: {
      id: election.id,
      title: election.title,
      status: "test",
      opens_at: isoOrNull(election.opensAt),
      closes_at: isoOrNull(election.closesAt),
    },
    version: versionOf(offsets),
    catching_up: moment.catchingUp,
    as_of: new Date(moment.now).toISOString(),
    watermark: isoOrNull(watermark),
    offsets,
    totals,
    leader: leaderOf(candidates, totals, closed, moment.catchingUp),
    candidates,
    locations: locationResults(folds),
    quality: { status: qualityStatus(registry, folds, moment) },
  };
}

/** How far the folds and the registry have come. */
export function offsetsOf(registry: Registry, folds: readonly Fold[]): Offsets {
  return {
    votes_topic: byPartition(folds, (fold) => fold.votesLedger.next),
    voters_topic: byPartition(folds, (fold) => fold.votersLedger.next),
    candidates_topic: { 0: registry.ledger.next },
  };
}

/** The version that offsets stand for: their sum. */
export function versionOf(offsets: Offsets): number {
  return Object.values(offsets).flatMap(Object.values<number>).reduce((a, b) => a + b, 0);
}

function candidateResults(registry: Registry, folds: readonly Fold[], votes: number): CandidateResult[] {
  return registry.candidates
    .map((candidate, index) => {
      const total = sum(folds, (fold) => fold.tally.byCandidate[index] ?? 0);
      return {
        candidate_id: candidate.candidate_id,
        candidate_name: candidate.candidate_name,
        party_affiliation: candidate.party_affiliation,
        photo_url: candidate.photo_url,
        total_votes: total,
        share: ratio(total, votes),
      };
    })
    .sort((a, b) => b.total_votes - a.total_votes || compareCodePoints(a.candidate_id, b.candidate_id));
}

/** Every state with accredited voters, ordered by code point. */
export function locationResults(folds: readonly Fold[]): LocationResult[] {
  const states = new Map<string, { count: number; voters: number }>();
  for (const fold of folds) {
    sumByState(fold.accreditedByGroup).forEach((voters, number) => {
      if (voters === 0) return;
      const state = states.get(fold.states.names[number]) ?? { count: 0, voters: 0 };
      state.count += fold.tally.byState[number] ?? 0;
      state.voters += voters;
      states.set(fold.states.names[number], state);
    });
  }
  return [...states]
    .map(([state, { count, voters }]) => ({ state, count, voters, turnout: ratio(count, voters) }))
    .sort((a, b) => compareCodePoints(a.state, b.state));
}

function leaderOf(
  candidates: CandidateResult[],
  totals: Results["totals"],
  closed: boolean,
  catchingUp: boolean,
): Results["leader"] {
  if (totals.votes === 0) return null;
  const [first, second] = candidates;
  const margin = first.total_votes - (second?.total_votes ?? 0);
  // After closing time only votes that wait for an accreditation can still come to count.
  const stillToCome = closed ? totals.waiting : totals.voters - totals.votes;
  return {
    candidate_id: first.candidate_id,
    margin,
    tied: margin === 0,
    decided: !catchingUp && (margin > stillToCome || closed && stillToCome === 0),
  };
}

function qualityStatus(
  registry: Registry,
  folds: readonly Fold[],
  moment: Moment,
): Results["quality"]["status"] {
  if (moment.catchingUp) return "unknown";
  const ledgers = [registry.ledger, ...folds.flatMap((fold) => [fold.votersLedger, fold.votesLedger])];
  const found = ledgers.some((ledger) => Object.values(ledger.found).some((n) => n > 0)) ||
    folds.some((fold) => fold.waiting > 0);
  return found || moment.otherFindings ? "findings" : "ok";
}

function byPartition(folds: readonly Fold[], value: (fold: Fold) => number): Record<string, number> {
  return Object.fromEntries(folds.map((fold) => [fold.partition, value(fold)]));
}

function sum(folds: readonly Fold[], value: (fold: Fold) => number): number {
  return folds.reduce((total, fold) => total + value(fold), 0);
}

function isoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
