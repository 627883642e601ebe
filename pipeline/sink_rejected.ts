/**
 * The sink of votes_rejected: every record that the folds rejected, as it was, with the reason and its place.
 *
 * The fold keeps no records, so this reads the log again: only where a ledger tells of rejections that do not
 * stand there yet, and only from the first of them on. Judging is pure, so the outcome is the fold's.
 * At least once; the headers tell copies apart.
 * @module
 */
import { failPoint } from "./fail_point.ts";
import { firstRejectedFrom, type Ledger, rejectedIn } from "./ledger.ts";
import { type OutputRecord, type ReadBatch, type Topic, TOPIC_NAMES } from "./log.ts";
import { readCandidate, readVote, readVoter, type Reason, type Rules } from "./record.ts";
import { offsetsOf, versionOf } from "./results.ts";
import { runRounds } from "./sink_rounds.ts";
import type { SinkOptions } from "./sink_topics.ts";

/** One partition of a source topic. */
interface Place {
  readonly topic: Topic;
  readonly partition: number;
  readonly ledger: Ledger;
  /** All rejected records before it stand in votes_rejected. */
  next: number;
  /** How many the ledger had rejected at `next`; null: not known. */
  rejected: number | null;
}

/** A stretch of a partition that holds rejections to write. */
interface Stretch {
  readonly place: Place;
  readonly from: number;
  readonly end: number;
  /** How many the ledger has rejected before `end`. */
  readonly rejected: number;
}

/** Longer keys and values are cut, with their lengths in a header: brokers take no larger batches by default. */
export const MAX_KEPT_BYTES = 400_000;

/** Starts the sink; what it returns resolves when it has ended, and never rejects. */
export function startRejectedSink(options: SinkOptions & { readonly rules: Rules }): Promise<void> {
  const { log, registry, folds, rules, updates, signal, onNotice, onWritten, mayPublish, everyMs } = options;
  let places: Place[] | null = null;

  async function round(): Promise<boolean> {
    const at = places ?? await readPlaces();
    places = null; // after a failure nobody knows what stands
    const version = versionOf(offsetsOf(registry, folds));
    const stretches = at.map(stretchOf).filter((stretch) => stretch !== null);
    for (const [topic, ofTopic] of Map.groupBy(stretches, ({ place }) => place.topic)) {
      await write(topic, ofTopic);
    }
    places = at;
    if (!signal.aborted) onWritten?.(version);
    return false;
  }

  /** Where each partition stands by the records that are in votes_rejected already. */
  async function readPlaces(): Promise<Place[]> {
    const place = (topic: Topic, partition: number, ledger: Ledger): Place => ({
      topic,
      partition,
      ledger,
      next: 0,
      rejected: null,
    });
    const found = [
      place("candidates_topic", 0, registry.ledger),
      ...folds.map((fold) => place("voters_topic", fold.partition, fold.votersLedger)),
      ...folds.map((fold) => place("votes_topic", fold.partition, fold.votesLedger)),
    ];
    for await (const { headers } of log.scan("votes_rejected", signal)) {
      if (headers.election !== log.electionId) continue;
      const { topic, partition, offset } = headers;
      const known = found.find((one) => one.topic === topic && String(one.partition) === partition);
      if (known !== undefined) known.next = Math.max(known.next, Number(offset) + 1);
    }
    return found;
  }

  /** Reads stretches of a topic again, and writes what is rejected in them. */
  async function write(topic: Topic, stretches: readonly Stretch[]): Promise<void> {
    const open = new Map(stretches.map((stretch) => [stretch.place.partition, stretch]));
    const from = new Map(stretches.map(({ place, from }) => [place.partition, from]));
    const stop = new AbortController();
    try {
      for await (const batch of log.read(topic, from, AbortSignal.any([signal, stop.signal]))) {
        const stretch = open.get(batch.partition);
        if (stretch === undefined) continue;
        await log.emit("votes_rejected", rejectedOf(topic, batch, stretch.end));
        failPoint("sink.rejected.mid");
        // Not setImmediate: looping on that keeps Deno from looking at its sockets.
        await new Promise((resolve) => setTimeout(resolve, 0));
        const { place, end, rejected } = stretch;
        place.next = Math.min(batch.next, end);
        place.rejected = null;
        if (place.next < end) continue;
        place.rejected = rejected;
        open.delete(batch.partition);
        if (open.size === 0) return;
      }
    } finally {
      stop.abort();
    }
  }

  function rejectedOf(topic: Topic, batch: ReadBatch, end: number): OutputRecord[] {
    const records: OutputRecord[] = [];
    for (let i = 0; i < batch.n && batch.offsets[i] < end; i++) {
      const reason = judge(topic, batch, i, rules);
      if (reason !== null) records.push(outputOf(log.electionId, topic, batch, i, reason));
    }
    return records;
  }

  return runRounds({ name: "votes_rejected", updates, signal, onNotice, round, mayPublish, everyMs });
}

/** Why a record is rejected, or null where it is well-formed. */
export function judge(topic: Topic, batch: ReadBatch, i: number, rules: Rules): Reason | null {
  const read = { votes_topic: readVote, voters_topic: readVoter, candidates_topic: readCandidate }[topic];
  const fields = read(batch, i, rules);
  return typeof fields === "string" ? fields : null;
}

/** What is to be read again of a partition; where that is nothing, it is done up to where the fold stands. */
function stretchOf(place: Place): Stretch | null {
  const { ledger } = place;
  const rejected = rejectedIn(ledger);
  if (ledger.next <= place.next) return null;
  const from = rejected === place.rejected ? null : firstRejectedFrom(ledger, place.next);
  if (from !== null) return { place, from, end: ledger.next, rejected };
  place.next = ledger.next;
  place.rejected = rejected;
  return null;
}

function outputOf(election: string, topic: Topic, batch: ReadBatch, i: number, reason: Reason): OutputRecord {
  const [keyStart, keyEnd, valueStart, valueEnd] = batch.bounds.subarray(4 * i, 4 * i + 4);
  const part = (start: number, end: number) =>
    start < 0 ? null : batch.bytes.subarray(start, Math.min(end, start + MAX_KEPT_BYTES));
  const headers = {
    reason,
    topic,
    partition: String(batch.partition),
    offset: String(batch.offsets[i]),
    election,
  };
  const lengths = { key_bytes: String(keyEnd - keyStart), value_bytes: String(valueEnd - valueStart) };
  const cut = Math.max(keyEnd - keyStart, valueEnd - valueStart) > MAX_KEPT_BYTES;
  return {
    key: part(keyStart, keyEnd),
    value: part(valueStart, valueEnd),
    headers: cut ? { ...headers, ...lengths } : headers,
  };
}

/** The source topic that a header names; null where there is none of that name. */
export function sourceTopic(name: string | undefined): Topic | null {
  return TOPIC_NAMES.find((topic) => topic === name) ?? null;
}
