/**
 * The verdict: voters answered ⊆ voters counted ⊆ voters attempted, each once, and all copies equal.
 * @module
 */
import { type Copies, differencesOf } from "./copies.ts";
import type { Entries } from "./journal.ts";
import { countPlainly, type PlainCount } from "./plain_count.ts";

/** What became of everything that the journal knows of. */
export interface Verdict {
  readonly attempts: number;
  /** Voters who attempted, who were told that their vote stands, and whose vote counts. */
  readonly voters: { readonly attempted: number; readonly answered: number; readonly counted: number };
  /** Voters who were told that their vote stands, and it does not, or elsewhere. */
  readonly lost: string[];
  /** Voters whose vote counts as they never cast it. */
  readonly invented: string[];
  /** Votes that Teller shows beyond one for each voter. */
  readonly double: number;
  /** Where a copy of the count is not as the log has it. */
  readonly differences: string[];
}

/** Judges what Teller has done, by the journal and the log. */
export async function judge(entries: Entries, copies: Copies): Promise<Verdict> {
  const plain = await countPlainly(copies.log);
  const attempted = Map.groupBy(entries.attempts, ({ voter }) => voter);
  return {
    attempts: entries.attempts.length,
    voters: {
      attempted: attempted.size,
      answered: new Set(entries.answers.map(({ voter }) => voter)).size,
      counted: plain.votes.size,
    },
    lost: [...new Set(lost(entries, plain))],
    invented: [...plain.votes].filter(([voter, vote]) =>
      !attempted.get(voter)?.some(({ candidate }) => candidate === vote.candidate)
    ).map(([voter]) => voter),
    double: Math.max(0, copies.results.totals.votes - plain.votes.size),
    differences: await differencesOf(copies, plain),
  };
}

/** Whether nothing is lost, invented, double or different. */
export function isClean(
  { lost, invented, double, differences }: Pick<Verdict, "lost" | "invented" | "double" | "differences">,
): boolean {
  return lost.length + invented.length + double + differences.length === 0;
}

function lost({ answers }: Entries, { votes }: PlainCount): string[] {
  return answers.filter(({ voter, partition, offset }) => {
    const vote = votes.get(voter);
    return vote === undefined || vote.partition !== partition || vote.offset !== offset;
  }).map(({ voter }) => voter);
}
