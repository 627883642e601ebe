/**
 * The island that keeps the strip at the foot of the page live.
 * @module
 */
/// <reference lib="dom" />
import { type LivePage, usePart } from "./live_page.ts";
import { StripView } from "./strip_view.tsx";

/** The strip, live. */
export function Strip({ page }: { page: LivePage }) {
  return <StripView {...usePart(page, (state) => state.shown)} />;
}
