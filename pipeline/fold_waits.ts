/**
 * Fold waits: lets a request wait until the fold has passed the record that it is about.
 * @module
 */
import type { Topic } from "./log.ts";

/** Who waits for the fold, and for which offset. */
export interface FoldWaits {
  /** Resolves once the partition's next offset is past `offset`. */
  folded(topic: Topic, partition: number, offset: number): Promise<void>;
  /** Tells that a partition has moved on. */
  advanced(topic: Topic, partition: number): void;
}

interface Wait {
  readonly offset: number;
  readonly resolve: () => void;
}

/** Makes the waits of a stream; `next` gives the next offset of a partition. */
export function createFoldWaits(next: (topic: Topic, partition: number) => number): FoldWaits {
  const waits = new Map<string, Wait[]>();
  return {
    folded(topic, partition, offset) {
      if (next(topic, partition) > offset) return Promise.resolve();
      const place = `${topic}/${partition}`;
      const waiting = waits.get(place) ?? [];
      waits.set(place, waiting);
      return new Promise((resolve) => void waiting.push({ offset, resolve }));
    },
    advanced(topic, partition) {
      const place = `${topic}/${partition}`;
      const waiting = waits.get(place);
      if (waiting === undefined) return;
      const past = next(topic, partition);
      const still = waiting.filter(({ offset }) => offset >= past);
      if (still.length === 0) waits.delete(place);
      else waits.set(place, still);
      for (const { offset, resolve } of waiting) if (offset < past) resolve();
    },
  };
}
