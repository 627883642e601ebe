/**
 * What a recount says of any moment that it has read past: a cut, which is a next offset of each partition.
 * @module
 */
import { AGE_BANDS, ageBandIndex, compareCodePoints, ratio } from "./election.ts";
import type { Topic } from "./log.ts";
import type { Recount, RecountedCandidate, RecountedVoter } from "./recount.ts";

/** Next offsets by topic and partition. */
export type Cut = Readonly<Record<Topic, readonly number[]>>;

/** Which election it is, and the limits by which its votes count; times are epoch ms, null: no such limit. */
export interface CutRules {
  readonly electionId: string;
  readonly opensAt: number | null;
  readonly closesAt: number | null;
  readonly windowMs: number;
  readonly graceMs: number;
}

/** Sums at a cut: counted votes by what they are asked for. */
export interface Count {
  readonly votes: number;
  readonly late: number;
  readonly waiting: number;
  readonly voters: number;
  readonly votersByState: ReadonlyMap<string, number>;
  readonly byCandidate: ReadonlyMap<string, number>;
  readonly byState: ReadonlyMap<string, number>;
  readonly byCity: ReadonlyMap<string, number>;
  readonly byGender: ReadonlyMap<string, number>;
  /** `unknown` where it isn't known. */
  readonly byAge: ReadonlyMap<string, number>;
}

/** Lets the rest of the process run, if it has waited for a while. */
export type Turn = () => Promise<void>;

/** Calls `visit` for every voter, and lets the rest of the process run in between. */
export async function eachVoter(
  { voters }: Recount,
  turn: Turn,
  visit: (voter: RecountedVoter, id: string) => void,
): Promise<void> {
  let visited = 0;
  for (const [id, voter] of voters) {
    visit(voter, id);
    if (++visited % 2_000 === 0) await turn();
  }
}

/** Whether a voter is accredited at a cut. */
export function isAccredited({ accreditedAt, partition }: RecountedVoter, cut: Cut): boolean {
  return accreditedAt >= 0 && accreditedAt < cut.voters_topic[partition];
}

/** Whether her vote stands at a cut, counted or waiting. */
export function hasVoted({ votedAt, partition }: RecountedVoter, cut: Cut): boolean {
  return votedAt >= 0 && votedAt < cut.votes_topic[partition];
}

/** Whether her vote counts at a cut: she and its candidate are accredited there. */
export function isCounted(voter: RecountedVoter, cut: Cut, recount: Recount): boolean {
  if (!hasVoted(voter, cut) || !isAccredited(voter, cut)) return false;
  const candidate = recount.candidates.get(voter.candidateId);
  return candidate !== undefined && candidate.offset < cut.candidates_topic[0];
}

/** The candidates accredited at a cut. */
export function candidatesAt({ candidates }: Recount, cut: Cut): RecountedCandidate[] {
  return [...candidates.values()].filter(({ offset }) => offset < cut.candidates_topic[0]);
}

/** Counts at a cut. */
export async function countAt(recount: Recount, cut: Cut, turn: Turn): Promise<Count> {
  let votes = 0, late = 0, waiting = 0, voters = 0;
  const [votersByState, byState, byCity, byGender, byAge] = Array.from({ length: 5 }, emptySums);
  const byCandidate = new Map(candidatesAt(recount, cut).map(({ candidate_id }) => [candidate_id, 0]));
  await eachVoter(recount, turn, (voter) => {
    if (isAccredited(voter, cut)) {
      voters++;
      increment(votersByState, voter.state);
    }
    if (!hasVoted(voter, cut)) return;
    if (!isCounted(voter, cut, recount)) return void waiting++;
    votes++;
    if (voter.late) late++;
    increment(byCandidate, voter.candidateId);
    increment(byState, voter.state);
    increment(byCity, voter.city);
    increment(byGender, voter.gender);
    increment(byAge, voter.age === null ? "unknown" : String(voter.age));
  });
  return { votes, late, waiting, voters, votersByState, byCandidate, byState, byCity, byGender, byAge };
}

/** Counted votes, and of these late ones, by cell of the cube; see `cellName`. */
export async function cellsAt(
  recount: Recount,
  cut: Cut,
  windowMs: number,
  turn: Turn,
): Promise<Map<string, { votes: number; late: number }>> {
  const cells = new Map<string, { votes: number; late: number }>();
  await eachVoter(recount, turn, (voter) => {
    if (!isCounted(voter, cut, recount)) return;
    const window = Math.min(Math.floor(voter.eventTime / windowMs), 2 ** 32 - 1);
    const { candidateId, state, gender } = voter;
    const name = cellName({
      windowStart: window * windowMs,
      candidateId,
      state,
      ageBand: bandOf(voter),
      gender,
    });
    const cell = cells.get(name) ?? { votes: 0, late: 0 };
    cells.set(name, cell);
    cell.votes++;
    if (voter.late) cell.late++;
  });
  return cells;
}

/** Accredited voters by group; see `groupName`. */
export async function groupsAt(recount: Recount, cut: Cut, turn: Turn): Promise<Map<string, number>> {
  const groups = emptySums();
  await eachVoter(recount, turn, (voter) => {
    if (!isAccredited(voter, cut)) return;
    increment(groups, groupName({ state: voter.state, ageBand: bandOf(voter), gender: voter.gender }));
  });
  return groups;
}

/** What a cell of the cube is called. */
export function cellName(cell: {
  windowStart: number;
  candidateId: string;
  state: string;
  ageBand: string;
  gender: string;
}): string {
  return `window ${new Date(cell.windowStart).toISOString()}, ${cell.candidateId}, ${groupName(cell)}`;
}

/** What a group of voters is called. */
export function groupName(
  { state, ageBand, gender }: { state: string; ageBand: string; gender: string },
): string {
  return `${state}, ${ageBand}, ${gender}`;
}

/** What Results say at a cut, without titles and the wall clock; `asOf` decides whether voting has closed. */
export function resultsAt(recount: Recount, cut: Cut, count: Count, rules: CutRules, asOf: number) {
  const { votes, late, waiting, voters, byCandidate, votersByState, byState } = count;
  const candidates = candidatesAt(recount, cut)
    .map(({ offset: _, ...candidate }) => {
      const total_votes = byCandidate.get(candidate.candidate_id)!;
      return { ...candidate, total_votes, share: ratio(total_votes, votes) };
    })
    .sort((a, b) => b.total_votes - a.total_votes || compareCodePoints(a.candidate_id, b.candidate_id));
  const locations = [...votersByState].sort(([a], [b]) => compareCodePoints(a, b)).map(([state, voters]) => {
    const count = byState.get(state) ?? 0;
    return { state, count, voters, turnout: ratio(count, voters) };
  });
  const closed = rules.closesAt !== null && asOf >= rules.closesAt;
  return {
    election: {
      id: rules.electionId,
      status: "test",
      opens_at: isoOrNull(rules.opensAt),
      closes_at: isoOrNull(rules.closesAt),
    },
    version: versionOf(cut),
    watermark: isoOrNull(watermarkAt(recount, cut, rules.graceMs)),
    offsets: offsetsOf(cut),
    totals: {
      voters,
      candidates: candidates.length,
      votes,
      turnout: ratio(votes, voters),
      late,
      duplicates: below(recount, cut, ({ duplicates }) => [duplicates]),
      waiting,
      rejected: below(recount, cut, ({ rejected }) => [...rejected.values()]),
    },
    leader: votes === 0 ? null : leaderOf(candidates, voters - votes, closed),
    candidates,
    locations,
  };
}

function leaderOf(
  candidates: { candidate_id: string; total_votes: number }[],
  left: number,
  closed: boolean,
) {
  const [{ candidate_id, total_votes }, second] = candidates;
  const margin = total_votes - (second?.total_votes ?? 0);
  return { candidate_id, margin, tied: margin === 0, decided: closed || margin > left };
}

/** Epoch ms, or null before the first vote. */
export function watermarkAt({ partitions }: Recount, cut: Cut, graceMs: number): number | null {
  const watermarks = partitions.flatMap(({ greatest: { offsets, times } }, partition) => {
    const known = countBelow(offsets, cut.votes_topic[partition]);
    return known === 0 ? [] : [times[known - 1] - graceMs];
  });
  return watermarks.length === 0 ? null : Math.min(...watermarks);
}

/** The sum of the next offsets. */
export function versionOf(cut: Cut): number {
  return Object.values(cut).flat().reduce((a, b) => a + b, 0);
}

/** A cut as Results write it. */
export function offsetsOf(cut: Cut): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(cut).map(([topic, offsets]) => [topic, Object.fromEntries(offsets.entries())]),
  );
}

function bandOf({ age }: RecountedVoter): string {
  return AGE_BANDS[ageBandIndex(age)];
}

function below(
  { partitions }: Recount,
  cut: Cut,
  offsets: (partition: Recount["partitions"][number]) => number[][],
): number {
  const counts = partitions.flatMap((found, partition) =>
    offsets(found).map((list) => countBelow(list, cut.votes_topic[partition]))
  );
  return counts.reduce((a, b) => a + b, 0);
}

/** How many of the ascending offsets lie below one. */
function countBelow(offsets: readonly number[], end: number): number {
  let low = 0, high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle] < end) low = middle + 1;
    else high = middle;
  }
  return low;
}

function emptySums(): Map<string, number> {
  return new Map();
}

function increment(sums: Map<string, number>, key: string): void {
  sums.set(key, (sums.get(key) ?? 0) + 1);
}

function isoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
