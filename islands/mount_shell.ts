/**
 * Brings to life what all live pages share: the control of change, and the strip at the foot.
 * @module
 */
/// <reference lib="dom" />
import { h, hydrate } from "preact";
import { Control } from "./Control.tsx";
import { type LivePage, startLivePage } from "./live_page.ts";
import { keptOf } from "./pace.ts";
import { Strip } from "./Strip.tsx";

/** Starts the live page of this document and hydrates what it shares with the others. */
export function mountShell(): LivePage {
  const page = startLivePage(islandData("live-data"));
  const kept = keptOf(new URLSearchParams(location.search));
  hydrate(h(Control, { page, kept }), document.getElementById("control")!);
  hydrate(h(Strip, { page }), document.getElementById("strip")!);
  return page;
}

/** What the server left for an island in a script element that holds no script. */
// deno-lint-ignore no-explicit-any -- it is whatever the same version of our own server wrote
export function islandData(id: string): any {
  return JSON.parse(document.getElementById(id)!.textContent!);
}
