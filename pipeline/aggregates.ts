/**
 * The aggregated topics' content: sums over all partitions' folds, in the predecessor's records.
 * @module
 */
import { GENDERS } from "./election.ts";
import type { Fold } from "./fold.ts";
import type { OutputTopic } from "./log.ts";
import type { Registry } from "./registry.ts";
import { locationResults } from "./results.ts";
import { AGE_UNKNOWN } from "./voter_table.ts";

/** A topic whose last record of a key is a sum. */
export type AggregateTopic = Exclude<OutputTopic, "votes_rejected">;

/** What should stand in a topic: a JSON object by key. */
export type Aggregate = Map<string, Readonly<Record<string, string | number | null>>>;

/**
 * All six, at the offsets where the folds stand now.
 *
 * Every accredited candidate and every state with an accredited voter has a record, whatever its count; of the
 * others each that has a vote.
 */
export function aggregatesOf(registry: Registry, folds: readonly Fold[]): Record<AggregateTopic, Aggregate> {
  const candidates: Aggregate = new Map();
  const parties = new Map<string, number>();
  registry.candidates.forEach(({ candidate_id, candidate_name, party_affiliation, photo_url }, index) => {
    const total_votes = folds.reduce((sum, { tally }) => sum + (tally.byCandidate[index] ?? 0), 0);
    candidates.set(candidate_id, { candidate_id, candidate_name, party_affiliation, photo_url, total_votes });
    add(parties, party_affiliation, total_votes);
  });

  const ages = new Map<string, number>();
  const genders = new Map<string, number>();
  const cities = new Map<string, number>();
  for (const { tally, cities: names } of folds) {
    tally.byAge.forEach((votes, age) => add(ages, age === AGE_UNKNOWN ? "unknown" : String(age), votes));
    tally.byGender.forEach((votes, gender) => add(genders, GENDERS[gender], votes));
    tally.byCity.forEach((votes, city) => add(cities, names.names[city], votes));
  }

  return {
    aggregated_votes_per_candidate: candidates,
    aggregated_turnout_by_location: new Map(
      locationResults(folds).map(({ state, count }) => [state, { state, count }]),
    ),
    aggregated_turnout_by_age: sums(
      ages,
      (key) => ({ registered_age: key === "unknown" ? null : Number(key) }),
    ),
    aggregated_turnout_by_gender: sums(genders, (gender) => ({ gender })),
    aggregated_party_wise_votes: sums(parties, (party_affiliation) => ({ party_affiliation })),
    aggregated_votes_by_region: sums(cities, (city) => ({ city })),
  };
}

function add(counts: Map<string, number>, key: string, votes: number): void {
  if (votes > 0) counts.set(key, (counts.get(key) ?? 0) + votes);
}

function sums(
  counts: ReadonlyMap<string, number>,
  fields: (key: string) => Record<string, string | number | null>,
): Aggregate {
  return new Map([...counts].map(([key, total_votes]) => [key, { ...fields(key), total_votes }]));
}
