/**
 * The newest snapshot held against a recount, at the offsets that it covers: what it says of itself, its Results,
 * its cube, and every voter as a restart would go on from her.
 * @module
 */
import { GENDERS } from "./election.ts";
import type { Fold } from "./fold.ts";
import { hashOfRecord } from "./ledger.ts";
import { type EventLog, type ReadBatch, type Topic, TOPIC_NAMES } from "./log.ts";
import type { Rules } from "./record.ts";
import type { RecountedVoter } from "./recount.ts";
import {
  cellName,
  cellsAt,
  type Cut,
  eachVoter,
  groupName,
  groupsAt,
  hasVoted,
  isAccredited,
  versionOf,
  watermarkAt,
} from "./recount_cut.ts";
import { type CopyReport, createFindings, type Findings, nothingToCompare } from "./recount_findings.ts";
import { compareResults, cutOf, type Recounting } from "./recount_results.ts";
import type { CellChange, LastRecord, StoredSnapshot, VoterGroup } from "./snapshot.ts";
import { snapshotRules } from "./snapshot_capture.ts";
import { changedRules } from "./snapshot_guards.ts";
import { restore } from "./snapshot_restore.ts";
import {
  ACCREDITED,
  AGE_UNKNOWN,
  ageOf,
  cityOf,
  flagsOf,
  genderOf,
  LATE,
  stateOf,
  voteCandidateOf,
  VOTED,
  voteOffsetOf,
  voteTimeOf,
} from "./voter_table.ts";
import { findVoter, type VoterIndex, voterKey } from "./voters.ts";

/** A snapshot's files, read as they are: nothing is set aside, and nothing is gone on from. */
export interface SnapshotCopy {
  /** What isn't as it was written. */
  readonly damaged: readonly string[];
  /** Null where that leaves nothing to read. */
  readonly stored: StoredSnapshot | null;
  /** The cube's rows of all files, a cell as often as it was revised. */
  cells(): AsyncIterable<CellChange>;
  groups(): AsyncIterable<VoterGroup>;
}

/** Reads the newest snapshot; null where there is none. */
export type ReadSnapshot = () => Promise<SnapshotCopy | null>;

const SNAPSHOT = "newest snapshot";

/** Compares the newest snapshot; its cube and its voters are copies of their own. */
export async function compareSnapshot(
  read: ReadSnapshot,
  log: EventLog,
  rules: Rules,
  recounting: Recounting,
): Promise<CopyReport[]> {
  const copy = await read();
  if (copy === null) return [nothingToCompare(SNAPSHOT, "none has been taken")];
  const findings = createFindings(SNAPSHOT);
  for (const file of copy.damaged) findings.compare(file, "as it was written", "changed");
  const { stored } = copy;
  if (stored === null) return [findings.report(null, "nothing of it can be read")];
  const { facts, results } = stored;
  await recounting.catchUp();
  findings.compare("election", log.electionId, facts.electionId);
  findings.compare("rules", null, changedRules(facts, snapshotRules(rules)));
  const cut = cutOf(facts.offsets, recounting.recount);
  findings.compare("offsets that the log has", true, cut !== null);
  if (cut === null || findings.differences() > 0) {
    return [findings.report(null, "the rest of it can't be compared: a restart counts from another one")];
  }
  findings.compare("version", versionOf(cut), facts.version);
  findings.compare("watermark", watermarkAt(recounting.recount, cut, rules.graceMs), facts.watermark);
  findings.compare("results' offsets", byPartition(facts.offsets), results.offsets);
  await compareResults(findings, results, recounting);
  await compareLastRecords(findings, facts.lastRecords, cut, log, recounting.signal);
  return [
    findings.report(versionOf(cut)),
    await compareCube(copy, cut, rules.windowMs, recounting),
    await compareVoters(stored, cut, rules, recounting),
  ];
}

async function compareLastRecords(
  findings: Findings,
  lastRecords: Readonly<Record<Topic, readonly (LastRecord | null)[]>>,
  cut: Cut,
  log: EventLog,
  signal: AbortSignal,
): Promise<void> {
  for (const topic of TOPIC_NAMES) {
    for (const [partition, end] of cut[topic].entries()) {
      const what = `last record of ${topic} ${partition}`;
      const kept = lastRecords[topic][partition];
      // Where none is kept, none may stand; and behind the one kept, none before the offset that is next.
      const found = await firstRecords(log, topic, partition, kept?.offset ?? 0, end, signal);
      if (kept === null) findings.compare(what, undefined, found.at(0)?.offset);
      else {
        const [first, second] = found;
        findings.compare(
          `${what}, hash`,
          first?.offset === kept.offset ? first.hash() : undefined,
          kept.hash,
        );
        findings.compare(`${what}, a later one`, undefined, second?.offset);
      }
    }
  }
}

/** The first two records from an offset on and before another. */
async function firstRecords(
  log: EventLog,
  topic: Topic,
  partition: number,
  from: number,
  end: number,
  signal: AbortSignal,
): Promise<{ offset: number; hash: () => string }[]> {
  const found: { offset: number; hash: () => string }[] = [];
  if (from >= end) return found;
  const enough = new AbortController();
  const reading = log.read(topic, new Map([[partition, from]]), AbortSignal.any([signal, enough.signal]));
  for await (const batch of reading) {
    found.push(...recordsOf(batch).filter(({ offset }) => offset < end).slice(0, 2));
    if (batch.next >= end || found.length >= 2) enough.abort();
  }
  return found.slice(0, 2);
}

function recordsOf(batch: ReadBatch) {
  const offsets = [...batch.offsets.subarray(0, Math.min(batch.n, 2))];
  const copy = { ...batch, bytes: new Uint8Array(batch.bytes) }; // slice() of a Buffer is no copy
  return offsets.map((offset, i) => ({ offset, hash: () => hashOfRecord(copy, i) }));
}

async function compareCube(
  copy: SnapshotCopy,
  cut: Cut,
  windowMs: number,
  { recount, turn }: Recounting,
): Promise<CopyReport> {
  const findings = createFindings("newest snapshot's cube");
  const cells = new Map<string, { votes: number; late: number }>();
  for await (const row of copy.cells()) {
    const name = cellName(row);
    const cell = cells.get(name);
    if (cell === undefined) cells.set(name, { votes: row.votes, late: row.late });
    else {
      cell.votes += row.votes;
      cell.late += row.late;
    }
    await turn();
  }
  compareMaps(findings, await cellsAt(recount, cut, windowMs, turn), cells);
  const groups = new Map<string, number>();
  for await (const { voters, ...group } of copy.groups()) {
    groups.set(groupName(group), (groups.get(groupName(group)) ?? 0) + voters);
  }
  compareMaps(findings, await groupsAt(recount, cut, turn), groups, "voters of ");
  return findings.report(versionOf(cut));
}

function compareMaps<T>(
  findings: Findings,
  expected: ReadonlyMap<string, T>,
  found: ReadonlyMap<string, T>,
  prefix = "",
): void {
  for (const [name, value] of expected) findings.compare(prefix + name, value, found.get(name));
  for (const [name, value] of found) {
    if (!expected.has(name)) findings.compare(prefix + name, undefined, value);
  }
}

async function compareVoters(
  stored: StoredSnapshot,
  cut: Cut,
  rules: Rules,
  { recount, turn }: Recounting,
): Promise<CopyReport> {
  const findings = createFindings("newest snapshot's voters");
  const folded = await restore(stored, rules);
  if (typeof folded === "string") {
    findings.compare("voters and state", "as a restart needs them", folded);
    return findings.report(versionOf(cut));
  }
  const { folds, registry } = folded;
  const ids = registry.candidates.map(({ candidate_id }) => candidate_id);
  const known = folds.map(() => 0);
  await eachVoter(recount, turn, (voter, id) => {
    if (!isAccredited(voter, cut) && !hasVoted(voter, cut)) return;
    const fold = folds[voter.partition];
    const number = numberOf(fold.voters, id);
    known[voter.partition]++;
    if (number < 0) return findings.compare(id, "a row", undefined);
    findings.compare(id, expectedRow(voter, cut), rowOf(fold, number, ids));
  });
  folds.forEach(({ voters }, partition) => {
    findings.compare(`voters of partition ${partition}`, known[partition], voters.size);
  });
  return findings.report(versionOf(cut));
}

const encoder = new TextEncoder();
const key = new Uint32Array(4);

function numberOf(voters: VoterIndex, id: string): number {
  const bytes = encoder.encode(id);
  voterKey(bytes, 0, bytes.length, key);
  return findVoter(voters, key);
}

function expectedRow(voter: RecountedVoter, cut: Cut) {
  const { age, gender, state, city, votedAt, candidateId, eventTime, late } = voter;
  return {
    accredited: isAccredited(voter, cut) ? [age, gender, state, city].join(", ") : "no",
    vote: hasVoted(voter, cut)
      ? [votedAt, candidateId, eventTime, late ? "late" : "in time"].join(", ")
      : "no",
  };
}

function rowOf(fold: Fold, voter: number, candidateIds: readonly string[]): ReturnType<typeof expectedRow> {
  const { voters, states, cities, unaccredited } = fold;
  const flags = flagsOf(voters, voter), candidate = voteCandidateOf(voters, voter);
  const age = ageOf(voters, voter) === AGE_UNKNOWN ? null : ageOf(voters, voter);
  const places = [states.names[stateOf(voters, voter)], cities.names[cityOf(voters, voter)]];
  const candidateId = candidate < 0 ? unaccredited[-1 - candidate]?.candidateId : candidateIds[candidate];
  const vote = [
    voteOffsetOf(voters, voter),
    candidateId,
    voteTimeOf(voters, voter),
    flags & LATE ? "late" : "in time",
  ];
  return {
    accredited: flags & ACCREDITED ? [age, GENDERS[genderOf(voters, voter)], ...places].join(", ") : "no",
    vote: flags & VOTED ? vote.join(", ") : "no",
  };
}

function byPartition(offsets: Cut): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(offsets).map(([topic, next]) => [topic, Object.fromEntries(next.entries())]),
  );
}
