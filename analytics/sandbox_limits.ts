/**
 * The limits that the sandbox and whoever watches over it have to agree on.
 * @module
 */

/** A query that takes longer is interrupted. */
export const QUERY_MS = 3_000;
/** How much later the process is killed that hasn't answered: some functions don't notice an interrupt. */
export const KILL_AFTER_MS = 2_000;
/** The process ends itself when it holds more memory than that. */
export const RSS_BYTES = 700 << 20;
/** With more than that after an answer, another process takes its place. */
export const SPENT_BYTES = 400 << 20;
/** The system grants it no more data than that. */
export const DATA_BYTES = 1 << 30;

/** What is said of a query that took longer. */
export function tooLong(withinMs: number): string {
  return `The query took longer than ${withinMs / 1000} s.`;
}
