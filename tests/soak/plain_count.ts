/**
 * A count of the log as plain as can be: maps and JSON.parse, to hold the others against.
 *
 * It knows only the records that a soak writes: whole votes, and rubbish that is no JSON.
 * @module
 */
import type { EventLog, Position, Topic } from "../../pipeline/log.ts";

/** Her vote: her first record. */
export interface PlainVote extends Position {
  readonly candidate: string;
}

/** What stands in the log. */
export interface PlainCount {
  /** By voter. */
  readonly votes: Map<string, PlainVote>;
  /** Everybody on the register. */
  readonly voters: Set<string>;
  readonly rejected: number;
}

/** Counts everything that stands in the log now. */
export async function countPlainly(log: EventLog): Promise<PlainCount> {
  const voters = new Set<string>();
  for await (const { value } of records(log, "voters_topic")) voters.add(value!.voter_id);
  const votes = new Map<string, PlainVote>();
  let rejected = 0;
  for await (const { value, ...position } of records(log, "votes_topic")) {
    if (value === null) rejected++;
    else if (!votes.has(value.voter_id)) {
      votes.set(value.voter_id, { candidate: value.candidate_id, ...position });
    }
  }
  return { votes, voters, rejected };
}

interface PlainRecord extends Position {
  /** Null: no JSON. */
  readonly value: Record<string, string> | null;
}

async function* records(log: EventLog, topic: Topic): AsyncGenerator<PlainRecord> {
  const decoder = new TextDecoder();
  for (const [partition, end] of (await log.ends(topic)).entries()) {
    if (end === 0) continue;
    const done = new AbortController();
    for await (const batch of log.read(topic, new Map([[partition, 0]]), done.signal)) {
      for (let i = 0; i < batch.n; i++) {
        const text = decoder.decode(batch.bytes.subarray(batch.bounds[4 * i + 2], batch.bounds[4 * i + 3]));
        yield { partition, offset: batch.offsets[i], value: parsed(text) };
      }
      if (batch.next >= end) done.abort();
    }
  }
}

function parsed(text: string): Record<string, string> | null {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
