/**
 * A point of the past, as `as_of=` names it: a version, or a time.
 * @module
 */

/** A version, or epoch ms. */
export type AsOf = { readonly version: number } | { readonly time: number };

/** What `as_of=` may be, in words that follow the parameter's name. */
export const AS_OF_FORM = "must be a version such as 10504, or a time such as 2026-05-07T10:00:00Z";

const VERSION = /^\d{1,15}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** The point that a text names; null where it names none. */
export function parseAsOf(text: string): AsOf | null {
  if (VERSION.test(text)) return { version: Number(text) };
  const time = TIME.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? null : { time };
}

/** Where something lies on the scale that the point is on. */
export function placeOf(thing: { readonly version: number; readonly asOf: number }, point: AsOf): number {
  return "version" in point ? thing.version : thing.asOf;
}

/** The newest at or before the point, of things in the order saved; null where there is none. */
export function newestAt<T extends { readonly version: number; readonly asOf: number }>(
  things: Iterable<T>,
  point: AsOf,
): T | null {
  const limit = "version" in point ? point.version : point.time;
  let newest: T | null = null;
  for (const thing of things) {
    const place = placeOf(thing, point);
    // Of equals the one saved last: it may have been counted anew.
    if (place <= limit && (newest === null || place >= placeOf(newest, point))) newest = thing;
  }
  return newest;
}
