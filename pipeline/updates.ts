/**
 * Updates: hands each new Results to everyone who shows them.
 * @module
 */
import type { Results } from "./results.ts";

/** Receives each new Results at once and synchronously; it must not throw and must not wait. */
export type UpdateListener = (results: Results) => void;

/** The newest Results, and a way to hear of newer ones. Only the newest counts: there is no queue. */
export interface Updates {
  /** The newest Results; there is always one, at the start a snapshot's or an empty one, catching up. */
  latest(): Results;
  /** Calls the listener for every Results from now on; the function returned ends that. */
  subscribe(listener: UpdateListener): () => void;
}

/** Makes the fan-out and the function that feeds it. */
export function createUpdates(first: Results): Updates & { publish: UpdateListener } {
  const listeners = new Set<UpdateListener>();
  let latest = first;
  return {
    latest: () => latest,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    publish(results) {
      latest = results;
      for (const listener of listeners) listener(results);
    },
  };
}
