/**
 * What a live page knows and what it shows of that, which the pace holds back. Pure.
 * @module
 */
import type { Vitals } from "../pipeline/vitals.ts";
import type { LiveMessage } from "./live_connection.ts";
import { type Newest, newest } from "./newest.ts";
import type { Pace } from "./pace.ts";
import type { LiveResults } from "./sentence.ts";

/** What a page comes with from the server. */
export interface LiveData {
  readonly results: LiveResults;
  readonly vitals: Vitals;
}

/** The state of a live page. */
export interface LiveState {
  /** The newest that was heard. */
  readonly newest: Newest;
  readonly vitals: Vitals;
  readonly connection: "waiting" | "live" | "lost";
  readonly pace: Pace;
  readonly shown: LiveData;
  /** When what is shown was last known to be the newest; epoch ms. */
  readonly shownAtMs: number;
}

/** What may happen to a page: a message, the reader's wish, or that time passes. */
export type LiveEvent = LiveMessage | { pace: Pace } | "refresh" | "tick";

/** The state of a page as it came from the server. */
export function initialState({ results, vitals }: LiveData, pace: Pace, nowMs: number): LiveState {
  return {
    newest: { results, serverVersion: null },
    vitals,
    connection: "waiting",
    pace,
    shown: { results, vitals },
    shownAtMs: nowMs,
  };
}

/** The state after something happened. What is not shown yet is shown as soon as the pace allows it. */
export function advance(state: LiveState, event: LiveEvent, nowMs: number): LiveState {
  const heard = hear(state, event);
  const { pace: { everySeconds, paused }, connection, newest: { results }, vitals, shown } = heard;
  const passedMs = nowMs - state.shownAtMs;
  const isTime = passedMs >= everySeconds * 1_000 || passedMs < 0; // the clock was set back
  const isDue = connection === "live" && !paused && isTime;
  if (!isDue && event !== "refresh") return heard;
  const isShown = shown.results === results && shown.vitals === vitals;
  return {
    ...heard,
    shown: isShown ? shown : { results, vitals },
    // A refresh while nothing is heard brings up what is known, which is no newer for that.
    shownAtMs: connection === "live" ? nowMs : heard.shownAtMs,
  };
}

function hear(state: LiveState, event: LiveEvent): LiveState {
  if (typeof event === "string") return state;
  if ("pace" in event) return { ...state, pace: event.pace };
  if ("connection" in event) return { ...state, connection: event.connection };
  if ("vitals" in event) return { ...state, vitals: event.vitals, connection: "live" };
  return { ...state, newest: newest(state.newest, event.results), connection: "live" };
}
