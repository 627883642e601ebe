/**
 * Whether the process is alive, and whether what it shows is the whole log.
 * @module
 */
import type { Handler } from "hono";
import type { Updates } from "../pipeline/updates.ts";

/** How far the count is behind the log, as known right now. */
export interface Readiness {
  /** True once every partition has reached the end offset seen at the start. */
  ready: boolean;
  /** Records not folded yet, by topic and partition; null while the log can't be asked. */
  lag: Record<string, number[]> | null;
}

/** `GET /healthz`: 200 for as long as the process answers at all. */
export function healthz(): Handler {
  return (c) => c.json({ status: "ok" }, 200, { "Cache-Control": "no-store" });
}

/** `GET /readyz`: 200 when caught up, else 503, with the version shown and the lag either way. */
export function readyz(updates: Updates, readiness: () => Promise<Readiness>): Handler {
  return async (c) => {
    const { ready, lag } = await readiness();
    const body = { status: ready ? "ready" : "catching_up", version: updates.latest().version, lag };
    return c.json(body, ready ? 200 : 503, { "Cache-Control": "no-store" });
  };
}
