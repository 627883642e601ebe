/**
 * Whether the process is alive, and whether what it shows is the whole log.
 * @module
 */
import type { Handler } from "hono";
import type { SavedSnapshot } from "../pipeline/snapshot_loop.ts";
import type { Updates } from "../pipeline/updates.ts";

/** How far the count is behind the log, as known right now. */
export interface Readiness {
  /** True once every partition has reached the end offset seen at the start. */
  ready: boolean;
  /** Records not folded yet, by topic and partition; null while the log can't be asked. */
  lag: Record<string, number[]> | null;
  /** How many of the records that the log was ahead by at the start are folded; null while that isn't known. */
  progress: { done: number; total: number } | null;
  /** The newest that is saved; null where there is none. */
  snapshot: SavedSnapshot | null;
}

/** `GET /healthz`: 200 for as long as the process answers at all. */
export function healthz(): Handler {
  return (c) => c.json({ status: "ok" }, 200, { "Cache-Control": "no-store" });
}

/** `GET /readyz`: 200 when caught up, else 503, with the version shown, lag and progress either way. */
export function readyz(updates: Updates, readiness: () => Promise<Readiness>): Handler {
  return async (c) => {
    const { ready, lag, progress, snapshot } = await readiness();
    const body = {
      status: ready ? "ready" : "catching_up",
      version: updates.latest().version,
      progress,
      lag,
      snapshot: snapshot && {
        version: snapshot.version,
        as_of: new Date(snapshot.asOf).toISOString(),
        age_seconds: ageInSeconds(snapshot),
      },
    };
    return c.json(body, ready ? 200 : 503, { "Cache-Control": "no-store" });
  };
}

/** How old a snapshot is; never below 0, whatever the clock does. */
export function ageInSeconds(snapshot: SavedSnapshot): number {
  return Math.max(0, Date.now() - snapshot.asOf) / 1000;
}
