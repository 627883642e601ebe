/**
 * The newest Results as component state, and whether they are still coming.
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import { connect } from "./live_connection.ts";
import { type Newest, newest } from "./newest.ts";
import type { LiveResults } from "./sentence.ts";

/** What is known at the moment. */
export interface LiveState extends Newest {
  connection: "waiting" | "live" | "lost";
}

/** Follows the live stream at `url`, starting from the Results that the page came with. */
export function useLive(url: string, initial: LiveResults): LiveState {
  const [state, setState] = useState<LiveState>({
    results: initial,
    serverVersion: null,
    connection: "waiting",
  });
  useEffect(
    () =>
      connect(
        url,
        (message) =>
          setState((state) =>
            "results" in message
              ? { ...newest(state, message.results), connection: "live" }
              : { ...state, connection: message.connection }
          ),
      ),
    [url],
  );
  return state;
}
