/**
 * Event time: when a vote says it was cast.
 * @module
 */

const PREDECESSOR = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;
const ISO_8601 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/;
const YEAR_2000 = Date.UTC(2000, 0, 1);

const YEAR_9999 = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** How far an event time may lie after the record's own log timestamp before that timestamp replaces it. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * A log timestamp as a time that can be written down: between 1970 and 9999, which is as far as ISO 8601 goes.
 * With CreateTime it is whatever the producer's clock said.
 */
export function boundedTime(logTimestamp: number): number {
  return Math.min(Math.max(logTimestamp, 0), YEAR_9999);
}

/**
 * The event time in `voting_time`, epoch ms, or NaN where there is none.
 *
 * Read are `YYYY-MM-DD HH:MM:SS` (UTC, as the predecessor wrote it) and ISO 8601's extended form with `Z` or an
 * offset, seconds optional, digits past the millisecond dropped. A date that no calendar has, a leap second,
 * 24:00 and anything before the year 2000 in UTC are none.
 */
export function parseEventTime(votingTime: unknown): number {
  if (typeof votingTime !== "string") return NaN;
  const m = PREDECESSOR.exec(votingTime) ?? ISO_8601.exec(votingTime);
  if (m === null) return NaN;
  const [year, month, day, hour, minute] = [+m[1], +m[2], +m[3], +m[4], +m[5]];
  const second = m[6] === undefined ? 0 : +m[6];
  const millisecond = m[7] === undefined ? 0 : +m[7].slice(0, 3).padEnd(3, "0");
  const offsetHour = m[9] === undefined ? 0 : +m[9];
  const offsetMinute = m[10] === undefined ? 0 : +m[10];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return NaN;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  // Date.UTC rolls 31 April over into May: a date that comes back changed did not exist.
  const date = new Date(local);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  const offsetMs = (offsetHour * 60 + offsetMinute) * 60_000;
  const utc = m[8] === "-" ? local + offsetMs : local - offsetMs;
  return utc >= YEAR_2000 ? utc : NaN;
}
