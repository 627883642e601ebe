/**
 * Results: the whole public answer at one version, as `GET /api/v1/results` gives it.
 * @module
 */

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

/** Everything that is shown, with the version it stands for. Times are ISO 8601 UTC. */
export interface Results {
  election: {
    id: string;
    title: string;
    status: "test";
    opens_at: string | null;
    closes_at: string | null;
  };
  /** The sum of the next offsets: equal versions of one election show equal numbers. */
  version: number;
  /** True until every partition has reached the end offset seen at the start. */
  catching_up: boolean;
  /** When these Results were made, by the wall clock. */
  as_of: string;
  /** No vote that is not late has an event time before it; null before the first vote. */
  watermark: string | null;
  /** Next offset by topic and partition. */
  offsets: Record<string, Record<string, number>>;
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
