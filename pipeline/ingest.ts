/**
 * Ingest: durable appends on behalf of clients, within bounds, one at a time for each id.
 *
 * It gathers nothing itself: both logs put the appends of one moment into one write to the disk or broker.
 * @module
 */
import { failPoint } from "./fail_point.ts";
import { Fault } from "./fault.ts";
import type { FoldWaits } from "./fold_waits.ts";
import type { EventLog, Position, Topic } from "./log.ts";
import { pause } from "./pause.ts";
import { createTimeLimit } from "./time_limit.ts";

/** What became of a record that was handed in. */
export type Landing =
  | {
    readonly kind: "landed";
    /** Where it stands, durably; or the record of the same id that was under way before it. */
    readonly position: Position;
    /** False where it was not appended, because another of the same id was under way. */
    readonly first: boolean;
    /** Whether the fold is past it, so that the fold can be asked what it means. */
    readonly folded: boolean;
  }
  /** Not appended: too much is under way. */
  | { readonly kind: "overloaded" }
  /** It may or may not stand. Handing it in again is safe: that is answered when the fold has read what stands. */
  | { readonly kind: "unknown" };

/** Takes records in. */
export interface Ingest {
  /** Appends the record of an id, or waits for the one of that id that is under way. */
  land(topic: Topic, id: string, value: Uint8Array): Promise<Landing>;
}

/** How much may be under way, and how long a client waits. */
export interface IngestLimits {
  /** Records that are not folded yet, and requests that wait for them. */
  readonly records: number;
  readonly bytes: number;
  /** For the append to be durable. */
  readonly appendMs: number;
  /** For the fold to be past it, once it is durable. */
  readonly foldMs: number;
}

/** What an ingest needs. */
export interface IngestOptions {
  readonly log: EventLog;
  readonly folded: FoldWaits["folded"];
  /** Ends the waiting for a log that can't be asked. */
  readonly signal: AbortSignal;
  /** Told of every append that failed; clients see only that the outcome is unknown. */
  readonly onFailure: (fault: unknown) => void;
  readonly limits?: Partial<IngestLimits>;
}

const LIMITS: IngestLimits = { records: 20_000, bytes: 32 * 1024 * 1024, appendMs: 10_000, foldMs: 1_000 };
const RETRY_MS = 500;
/** After an append has failed, how long others that fail are waited for. */
const GATHER_MS = 100;
const UNKNOWN: Landing = { kind: "unknown" };
const encoder = new TextEncoder();

/** Makes an ingest; nothing is under way yet. */
export function createIngest({ log, folded, signal, onFailure, limits: given }: IngestOptions): Ingest {
  const limits = { ...LIMITS, ...given };
  /** By topic and id, until the fold is past the record or has shown that there is none. */
  const flights = new Map<string, Promise<Landing>>();
  /** By topic: the question about the log's end that is not asked yet, for all whose append has failed. */
  const settling = new Map<Topic, Promise<void>>();
  const soonDurable = createTimeLimit(limits.appendMs), soonFolded = createTimeLimit(limits.foldMs);
  let records = 0;
  let bytes = 0;

  /** Never rejects; ends in the flight's removal as soon as the fold alone can answer for its id. */
  async function fly(topic: Topic, id: string, value: Uint8Array, done: () => void): Promise<Landing> {
    let position: Position;
    try {
      [position] = await log.append(topic, [{ key: encoder.encode(id), value }]);
      failPoint("ingest.after_append");
    } catch (fault) {
      onFailure(fault);
      settle(topic).then(done);
      return UNKNOWN;
    }
    const past = folded(topic, position.partition, position.offset).then(() => {
      done();
      return true;
    });
    return { kind: "landed", position, first: true, folded: await soonFolded(past, false) };
  }

  /** As foldedAll, asked a moment later: where thousands of appends fail at once, the log is asked once. */
  function settle(topic: Topic): Promise<void> {
    const shared = settling.get(topic) ?? pause(GATHER_MS, signal).then(() => {
      settling.delete(topic);
      return foldedAll(topic);
    });
    settling.set(topic, shared);
    return shared;
  }

  /** Waits until the fold is past everything that stands now, and so past what may have been appended. */
  async function foldedAll(topic: Topic): Promise<void> {
    while (!signal.aborted) {
      try {
        const ends = await log.ends(topic);
        await Promise.all(ends.map((end, partition) => folded(topic, partition, end - 1)));
        return;
      } catch (fault) {
        if (!(fault instanceof Fault && fault.retryable)) return onFailure(fault);
        await pause(RETRY_MS, signal);
      }
    }
  }

  return {
    async land(topic, id, value) {
      const name = `${topic}/${id}`;
      const underWay = flights.get(name);
      const size = underWay === undefined ? value.length : 0;
      if (records >= limits.records || bytes + size > limits.bytes) return { kind: "overloaded" };
      records++;
      bytes += size;
      const leave = () => {
        records--;
        bytes -= size;
      };
      if (underWay !== undefined) {
        const landing = await soonDurable(underWay, UNKNOWN);
        leave();
        return landing.kind === "landed" ? { ...landing, first: false } : landing;
      }
      const flight = fly(topic, id, value, () => {
        flights.delete(name);
        leave();
      });
      flights.set(name, flight);
      return await soonDurable(flight, UNKNOWN);
    },
  };
}
