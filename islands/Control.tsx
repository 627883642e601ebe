/**
 * The island that says how up to date its page is, and lets readers choose how often it may change.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { ControlView } from "./control_view.tsx";
import { type LivePage, usePart } from "./live_page.ts";

/** The bar, live. */
export function Control({ page, kept }: { page: LivePage; kept: readonly (readonly [string, string])[] }) {
  const state = usePart(page, (state) => state);
  // Null until hydrated, as the server's words depend on no clock but its own.
  const [nowMs, setNow] = useState<number | null>(null);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, []);
  const { setPace, refresh } = page;
  const actions = nowMs === null ? undefined : { nowMs: Math.max(nowMs, state.shownAtMs), setPace, refresh };
  return <ControlView state={state} kept={kept} actions={actions} />;
}
