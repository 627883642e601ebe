/**
 * Pace: how often a page may change, as its address says it.
 * @module
 */

/** How often, and whether at all. */
export interface Pace {
  /** 0: at every change; else SLOWEST_SECONDS at most. */
  readonly everySeconds: number;
  readonly paused: boolean;
}

/** What a page does unless its address says otherwise. */
export const LIVE: Pace = { everySeconds: 0, paused: false };

/** The ends of the slider, and its step; 0 stands for live. */
export const FASTEST_SECONDS = 5;
/** @see FASTEST_SECONDS */
export const SLOWEST_SECONDS = 60;

/** Reads the pace of an address; what can't be read is live. */
export function paceOf(query: URLSearchParams): Pace {
  const every = query.get("every") ?? "";
  const seconds = /^\d{1,2}$/.test(every) ? Number(every) : 0;
  const isOnSlider = seconds >= FASTEST_SECONDS && seconds <= SLOWEST_SECONDS;
  return { everySeconds: isOnSlider ? seconds : 0, paused: query.get("paused") === "1" };
}

/** The query of an address with this pace, and all else as it was. */
export function withPace(query: URLSearchParams, { everySeconds, paused }: Pace): URLSearchParams {
  const changed = new URLSearchParams(query);
  if (everySeconds === 0) changed.delete("every");
  else changed.set("every", String(everySeconds));
  if (paused) changed.set("paused", "1");
  else changed.delete("paused");
  return changed;
}

/** A path of ours with a query, where there is one. */
export function address(path: string, query: URLSearchParams): string {
  return query.size === 0 ? path : `${path}?${query}`;
}

/** What an address's query says of all else than the pace. */
export function keptOf(query: URLSearchParams): [string, string][] {
  return [...query].filter(([name]) => name !== "every" && name !== "paused");
}
