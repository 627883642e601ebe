/**
 * Brings a page's charts to life.
 * @module
 */
/// <reference lib="dom" />
import { h, hydrate } from "preact";
import { Charts } from "./Charts.tsx";
import type { LivePage } from "./live_page.ts";
import { islandData } from "./mount_shell.ts";

/** Hydrates the charts that the server has drawn. */
export function mountCharts(page: LivePage): void {
  hydrate(h(Charts, { page, initial: islandData("charts-data") }), document.getElementById("charts")!);
}
