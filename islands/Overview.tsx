/**
 * The island that keeps the overview live: the server's markup, hydrated, then fed by the live page.
 * @module
 */
/// <reference lib="dom" />
import { useEffect } from "preact/hooks";
import { Announcer } from "./announcer.tsx";
import { type LivePage, usePart } from "./live_page.ts";
import { OverviewView } from "./overview_view.tsx";
import { headline } from "./sentence.ts";

/** The overview, live from the Results that the server rendered. */
export function Overview({ page }: { page: LivePage }) {
  const results = usePart(page, (state) => state.shown.results);
  const title = headline(results);
  useEffect(() => void (document.title = title), [title]);
  return (
    <>
      <OverviewView results={results} />
      <Announcer results={results} />
    </>
  );
}
