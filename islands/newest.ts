/**
 * Which Results a reader goes on showing: the newest it has seen of an election, never an older one.
 * @module
 */
import type { LiveResults } from "./sentence.ts";

/** What is shown, and the version the server is at where that is an older one. */
export interface Newest {
  results: LiveResults;
  /** Set while a server that counts its log again sends less than was already seen. */
  serverVersion: number | null;
}

/** Takes in received Results; those of another election replace what is shown, whatever their version. */
export function newest(shown: Newest, received: LiveResults): Newest {
  const older = received.election.id === shown.results.election.id &&
    received.version < shown.results.version;
  return older
    ? { results: shown.results, serverVersion: received.version }
    : { results: received, serverVersion: null };
}
