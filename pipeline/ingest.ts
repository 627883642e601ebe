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

/** A record to take in. */
export interface Entry {
  readonly id: string;
  readonly value: Uint8Array;
}

/** Takes records in. */
export interface Ingest {
  /**
   * Appends the records of some ids together, each unless one of its id is under way, which is then waited for.
   * Gives what became of each, in their order.
   */
  land(topic: Topic, entries: readonly Entry[]): Promise<Landing[]>;
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
const OVERLOADED: Landing = { kind: "overloaded" };
const encoder = new TextEncoder();

/** A record that is under way: one of those that were handed in together. */
interface Flight {
  readonly landings: Promise<readonly Landing[]>;
  readonly index: number;
}

/** Makes an ingest; nothing is under way yet. */
export function createIngest({ log, folded, signal, onFailure, limits: given }: IngestOptions): Ingest {
  const limits = { ...LIMITS, ...given };
  /** By topic and id, until the fold is past the record or has shown that there is none. */
  const flights = new Map<string, Flight>();
  /** By topic: the question about the log's end that is not asked yet, for all whose append has failed. */
  const settling = new Map<Topic, Promise<void>>();
  const soonDurable = createTimeLimit(limits.appendMs), soonFolded = createTimeLimit(limits.foldMs);
  let records = 0;
  let bytes = 0;

  /** Never rejects; ends in the flights' removal as soon as the fold alone can answer for their ids. */
  async function fly(topic: Topic, entries: readonly Entry[]): Promise<Landing[]> {
    const done = () => {
      for (const { id, value } of entries) {
        flights.delete(nameOf(topic, id));
        records--;
        bytes -= value.length;
      }
    };
    let positions: Position[];
    try {
      positions = await log.append(
        topic,
        entries.map(({ id, value }) => ({ key: encoder.encode(id), value })),
      );
      failPoint("ingest.after_append");
    } catch (fault) {
      onFailure(fault);
      settle(topic).then(done);
      return entries.map(() => UNKNOWN);
    }
    const past = allFolded(topic, positions).then(() => {
      done();
      return true;
    });
    const isPast = await soonFolded(past, false);
    return positions.map((position) => ({ kind: "landed", position, first: true, folded: isPast }));
  }

  /** What becomes of the record of the same id that is under way. */
  async function follow({ landings, index }: Flight): Promise<Landing> {
    const all = await soonDurable(landings, null);
    records--;
    const landing = all?.[index] ?? UNKNOWN;
    return landing.kind === "landed" ? { ...landing, first: false } : landing;
  }

  /** Waits until the fold is past all of these. */
  async function allFolded(topic: Topic, positions: readonly Position[]): Promise<void> {
    const last = new Map<number, number>();
    for (const { partition, offset } of positions) {
      last.set(partition, Math.max(offset, last.get(partition) ?? offset));
    }
    await Promise.all([...last].map(([partition, offset]) => folded(topic, partition, offset)));
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
    async land(topic, entries) {
      const landings: (Landing | Promise<Landing>)[] = [];
      const flying: Entry[] = [], places: number[] = [];
      const flight = Promise.withResolvers<readonly Landing[]>();
      for (const [i, entry] of entries.entries()) {
        const name = nameOf(topic, entry.id);
        const underWay = flights.get(name);
        const size = underWay === undefined ? entry.value.length : 0;
        if (records >= limits.records || bytes + size > limits.bytes) {
          landings[i] = OVERLOADED;
          continue;
        }
        records++;
        bytes += size;
        if (underWay !== undefined) {
          landings[i] = follow(underWay);
          continue;
        }
        flights.set(name, { landings: flight.promise, index: flying.length });
        places.push(i);
        flying.push(entry);
      }
      if (flying.length > 0) {
        flight.resolve(fly(topic, flying));
        const landed = await soonDurable(flight.promise, null);
        places.forEach((place, n) => landings[place] = landed?.[n] ?? UNKNOWN);
      }
      return await Promise.all(landings);
    },
  };
}

function nameOf(topic: Topic, id: string): string {
  return `${topic}/${id}`;
}
