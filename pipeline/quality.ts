/**
 * Data quality: what every check says of the folds. Pure: the same folds, the same checks.
 *
 * A check that finds something says so and changes nothing: what counts is decided by the fold alone.
 * @module
 */
import type { Fold } from "./fold.ts";
import { type Finding, type Ledger, OFFSETS_PER_FINDING, rejectedIn } from "./ledger.ts";
import type { OutputTopic, Topic } from "./log.ts";
import type { Registry } from "./registry.ts";
import { locationResults } from "./results.ts";
import { cellAt } from "./tally.ts";
import { ACCREDITED, COUNTED, flagsOf, voteCandidateOf, VOTED, voteOffsetOf } from "./voter_table.ts";

/** Where a check found something: a record of the log or of a derived topic, a row of a table, or a whole partition. */
export interface Offender {
  readonly topic?: Topic | OutputTopic;
  readonly partition?: number;
  readonly offset?: number;
  /** A table in Postgres. */
  readonly table?: string;
  /** Of a voter or candidate: never shown without the admin token. */
  readonly id?: string;
}

/** What a check says: all is as expected, it is not, or that can't be told now. */
export type CheckStatus = "ok" | "finding" | "unknown";

/** One check's answer. */
export interface Check {
  /** Stable: what programs branch on. */
  readonly id: string;
  /** What it compares, in a sentence. */
  readonly compares: string;
  /** Null where they can't be told. */
  readonly value: number | null;
  readonly expected: number | null;
  readonly status: CheckStatus;
  /** The first OFFSETS_PER_FINDING of them that can be named. */
  readonly offenders: readonly Offender[];
}

/** Makes a check of two numbers that should be the same. */
export function compared(
  id: string,
  compares: string,
  value: number,
  expected: number,
  offenders: readonly Offender[] = [],
): Check {
  const status = value === expected ? "ok" : "finding";
  return { id, compares, value, expected, status, offenders: offenders.slice(0, OFFSETS_PER_FINDING) };
}

/** Makes a check that can't be made now. */
export function unknown(id: string, compares: string): Check {
  return { id, compares, value: null, expected: null, status: "unknown", offenders: [] };
}

/** All that can be told from the log: `logFindings` is how many settings of its topics deserve a look. */
export function foldChecks(registry: Registry, folds: readonly Fold[], logFindings: number): Check[] {
  const seen = folds.map(lookAt);
  const sumOf = (value: (one: Seen) => number) => seen.reduce((sum, one) => sum + value(one), 0);
  const ledgers = ledgersOf(registry, folds);
  const found = (id: string, compares: string, topic: Topic, finding: Finding) => {
    const concerned = ledgers.filter((one) => one.topic === topic);
    const value = concerned.reduce((sum, { ledger }) => sum + ledger.found[finding], 0);
    return compared(id, compares, value, 0, concerned.flatMap((one) => offendersOf(one, finding)));
  };
  const rejected = (id: string, topic: Topic) => {
    const concerned = ledgers.filter((one) => one.topic === topic);
    const value = concerned.reduce((sum, { ledger }) => sum + rejectedIn(ledger), 0);
    const offenders = concerned.flatMap((one) =>
      (Object.keys(one.ledger.offsets) as Finding[])
        .filter((finding) => finding !== "other_content" && finding !== "replaced_time")
        .flatMap((finding) => offendersOf(one, finding))
    );
    return compared(id, `Records of ${topic} that are not well-formed, against none`, value, 0, offenders);
  };
  const unbalanced = ledgers.filter(({ accounted, ledger }) => accounted !== ledger.next);
  const overfull = locationResults(folds).filter(({ count, voters }) => count > voters);
  return [
    compared(
      "votes_without_voter",
      "Votes whose voter is not accredited, against none",
      sumOf((one) => one.withoutVoter.count),
      0,
      seen.flatMap((one) => one.withoutVoter.offenders),
    ),
    compared(
      "votes_without_candidate",
      "Votes whose candidate is not accredited, against none",
      sumOf((one) => one.withoutCandidate.count),
      0,
      seen.flatMap((one) => one.withoutCandidate.offenders),
    ),
    found(
      "duplicate_voters",
      "Records of voters_topic that say something else of a voter, against none",
      "voters_topic",
      "other_content",
    ),
    found(
      "duplicate_candidates",
      "Records of candidates_topic that say something else of a candidate, against none",
      "candidates_topic",
      "other_content",
    ),
    found(
      "duplicate_votes",
      "Further votes of the same voter that are no redelivery, against none",
      "votes_topic",
      "other_content",
    ),
    rejected("rejected_votes", "votes_topic"),
    rejected("rejected_voters", "voters_topic"),
    rejected("rejected_candidates", "candidates_topic"),
    found(
      "replaced_times",
      "Votes without a time, or with one in the future, against none",
      "votes_topic",
      "replaced_time",
    ),
    compared(
      "cube",
      "Votes in all cells of the cube, against voters whose vote counts",
      sumOf((one) => one.inCells),
      sumOf((one) => one.counted),
      partitionsWhere(folds, (i) => seen[i].inCells !== seen[i].counted),
    ),
    compared(
      "totals",
      "Partitions whose sums by candidate, state, age, gender and city are their votes, against all",
      seen.filter((one) => one.sumsAgree).length,
      folds.length,
      partitionsWhere(folds, (i) => !seen[i].sumsAgree),
    ),
    compared(
      "offsets",
      "Records counted, waiting, repeated, rejected, and gaps, against the next offsets",
      ledgers.reduce((sum, { accounted }) => sum + accounted, 0),
      ledgers.reduce((sum, { ledger }) => sum + ledger.next, 0),
      unbalanced.map(({ topic, partition }) => ({ topic, partition })),
    ),
    compared("turnout", "States with more votes than voters, against none", overfull.length, 0),
    compared("log_settings", "Settings of the topics that deserve a look, against none", logFindings, 0),
  ];
}

/** What one pass over a partition's voters and cells shows. */
interface Seen {
  readonly counted: number;
  readonly inCells: number;
  readonly sumsAgree: boolean;
  readonly withoutVoter: { count: number; offenders: Offender[] };
  readonly withoutCandidate: { count: number; offenders: Offender[] };
}

function lookAt({ partition, voters, tally }: Fold): Seen {
  const withoutVoter = { count: 0, offenders: [] as Offender[] };
  const withoutCandidate = { count: 0, offenders: [] as Offender[] };
  let counted = 0;
  for (let voter = 0; voter < voters.size; voter++) {
    const flags = flagsOf(voters, voter);
    if (flags & COUNTED) counted++;
    else if (flags & VOTED) {
      for (
        const [missing, where] of [
          [!(flags & ACCREDITED), withoutVoter],
          [voteCandidateOf(voters, voter) < 0, withoutCandidate],
        ] as const
      ) {
        if (!missing) continue;
        where.count++;
        if (where.offenders.length === OFFSETS_PER_FINDING) continue;
        where.offenders.push({ topic: "votes_topic", partition, offset: voteOffsetOf(voters, voter) });
      }
    }
  }
  let inCells = 0, lateInCells = 0;
  for (let cell = 0; cell < tally.cells; cell++) {
    const { votes, late } = cellAt(tally, cell);
    inCells += votes;
    lateInCells += late;
  }
  const sums = [tally.byCandidate, tally.byState, tally.byAge, tally.byGender, tally.byCity].map(sum);
  return {
    counted,
    inCells,
    sumsAgree: lateInCells === tally.totalLate && sums.every((one) => one === tally.totalVotes),
    withoutVoter,
    withoutCandidate,
  };
}

/** A ledger with how many of its partition's offsets are accounted for. */
interface Account {
  readonly topic: Topic;
  readonly partition: number;
  readonly ledger: Ledger;
  readonly accounted: number;
}

function ledgersOf(registry: Registry, folds: readonly Fold[]): Account[] {
  const common = (ledger: Ledger) => rejectedIn(ledger) + ledger.gaps;
  return [
    {
      topic: "candidates_topic",
      partition: 0,
      ledger: registry.ledger,
      accounted: registry.candidates.length + registry.repeats + registry.ledger.found.other_content +
        common(registry.ledger),
    },
    ...folds.flatMap((fold): Account[] => [
      {
        topic: "voters_topic",
        partition: fold.partition,
        ledger: fold.votersLedger,
        accounted: fold.accredited + fold.repeats + fold.votersLedger.found.other_content +
          common(fold.votersLedger),
      },
      {
        topic: "votes_topic",
        partition: fold.partition,
        ledger: fold.votesLedger,
        accounted: fold.tally.totalVotes + fold.waiting + fold.duplicates + common(fold.votesLedger),
      },
    ]),
  ];
}

function offendersOf({ topic, partition, ledger }: Account, finding: Finding): Offender[] {
  return ledger.offsets[finding].map((offset) => ({ topic, partition, offset }));
}

function partitionsWhere(folds: readonly Fold[], differs: (i: number) => boolean): Offender[] {
  return folds.filter((_, i) => differs(i)).map(({ partition }) => ({ topic: "votes_topic", partition }));
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
