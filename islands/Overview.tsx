/**
 * The island that keeps the overview live: the server's markup, hydrated, then fed by the live stream.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { count } from "./format.ts";
import { OverviewView } from "./overview_view.tsx";
import { headline, type LiveResults } from "./sentence.ts";
import { Announcer } from "./announcer.tsx";
import { type LiveState, useLive } from "./use_live.ts";

/** The overview, live from the Results that the server rendered. */
export function Overview({ initial }: { initial: LiveResults }) {
  const live = useLive("/api/v1/live", initial);
  const [frozen, setFrozen] = useState<LiveResults | null>(null);
  const results = frozen ?? live.results;
  const title = headline(results);
  useEffect(() => void (document.title = title), [title]);

  return (
    <>
      <OverviewView
        results={results}
        notice={frozen ? "Paused." : noticeOf(live)}
        controls={
          <button
            type="button"
            aria-pressed={frozen !== null}
            onClick={() => setFrozen(frozen ? null : live.results)}
          >
            {frozen ? "Resume" : "Pause"}
          </button>
        }
      />
      <Announcer results={results} />
    </>
  );
}

function noticeOf({ connection, serverVersion }: LiveState): string | null {
  if (connection === "lost") return "Connection lost, trying again. These are the last figures received.";
  if (serverVersion === null) return null;
  return `The server is reading its log again, at record ${count(serverVersion)}. ` +
    "These are the newest figures seen.";
}
