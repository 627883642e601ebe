/**
 * The live page: one connection and one pace for all islands of a document.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { connect } from "./live_connection.ts";
import { advance, initialState, type LiveData, type LiveEvent, type LiveState } from "./live_state.ts";
import { address, type Pace, paceOf, withPace } from "./pace.ts";

const TICK_MS = 1_000;

/** Where the live stream is. */
export const LIVE_URL = "/api/v1/live";

/** A document's live page. */
export interface LivePage {
  state(): LiveState;
  subscribe(listener: () => void): () => void;
  /** Changes the pace, and the address with it. */
  setPace(pace: Pace): void;
  /** Shows the newest that is known at once, whatever the pace. */
  refresh(): void;
}

/** Starts the live page of this document, from what the server rendered; it goes on as long as the document. */
export function startLivePage(data: LiveData): LivePage {
  const listeners = new Set<() => void>();
  let state = initialState(data, paceOf(new URLSearchParams(location.search)), Date.now());

  function happen(event: LiveEvent): void {
    state = advance(state, event, Date.now());
    // Of a tab in the background only the title is seen: what is new can wait for the next tick.
    if (!document.hidden || event === "tick") tell();
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  document.addEventListener("visibilitychange", tell);
  connect(LIVE_URL, happen);
  setInterval(() => happen("tick"), TICK_MS);
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    setPace(pace) {
      const query = withPace(new URLSearchParams(location.search), pace);
      history.replaceState(history.state, "", address(location.pathname, query));
      keepPace(pace);
      happen({ pace });
    },
    refresh: () => happen("refresh"),
  };
}

/** The pages that this one leads to go on at its pace. */
function keepPace(pace: Pace): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("nav.pages a")) {
    const { pathname, searchParams } = new URL(link.href);
    link.href = address(pathname, withPace(searchParams, pace));
  }
}

/** A part of the page's state as a component's; it renders again where that part is another one. */
export function usePart<T>(page: LivePage, part: (state: LiveState) => T): T {
  const [value, setValue] = useState(() => part(page.state()));
  useEffect(() => {
    const look = () => setValue(() => part(page.state()));
    look(); // something may have happened between rendering and now
    return page.subscribe(look);
  }, [page]);
  return value;
}
