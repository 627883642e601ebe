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

const DATE_BYTES = 10, PREDECESSOR_BYTES = 19, ISO_MS_BYTES = 24;
const SPACE = 32, COLON = 58, POINT = 46, UPPER_T = 84, UPPER_Z = 90, ZERO = 48;
const utf8 = new TextDecoder();

/** The date that was read last, `YYYY-MM-DD`, and when it begins: an election has few. */
const lastDate = new Uint8Array(DATE_BYTES);
let lastDateMs = NaN;

/**
 * What `parseEventTime` makes of the text whose UTF-8 is `bytes[start … end)`; quicker for the two forms that are
 * usual, the predecessor's and `YYYY-MM-DDTHH:MM:SS.sssZ`.
 */
export function readEventTime(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const at = start + DATE_BYTES;
  const isUsual = length === PREDECESSOR_BYTES
    ? bytes[at] === SPACE
    : length === ISO_MS_BYTES && bytes[at] === UPPER_T && bytes[at + 9] === POINT &&
      bytes[at + 13] === UPPER_Z;
  if (isUsual && bytes[at + 3] === COLON && bytes[at + 6] === COLON) {
    const hour = twoDigits(bytes, at + 1),
      minute = twoDigits(bytes, at + 4),
      second = twoDigits(bytes, at + 7);
    const ms = length === PREDECESSOR_BYTES
      ? 0
      : twoDigits(bytes, at + 10) * 10 + twoDigits(bytes, at + 11) % 10;
    if (hour < 24 && minute < 60 && second < 60 && ms < 1000) {
      const date = dateMs(bytes, start);
      if (date === date) return date + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
    }
  }
  return parseEventTime(utf8.decode(bytes.subarray(start, end)));
}

/** When the date in the ten bytes from `start` on begins, or NaN. */
function dateMs(bytes: Uint8Array, start: number): number {
  for (let i = 0; i < DATE_BYTES; i++) {
    if (bytes[start + i] === lastDate[i]) continue;
    lastDate.set(bytes.subarray(start, start + DATE_BYTES));
    return lastDateMs = parseEventTime(`${utf8.decode(lastDate)} 00:00:00`);
  }
  return lastDateMs;
}

/** The number that two digits make; infinite where they aren't digits. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - ZERO, ones = bytes[at + 1] - ZERO;
  return tens >>> 0 < 10 && ones >>> 0 < 10 ? tens * 10 + ones : Infinity;
}
