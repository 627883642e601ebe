/**
 * The overview's entry in the browser.
 * @module
 */
/// <reference lib="dom" />
import { h, hydrate } from "preact";
import { mountCharts } from "./mount_charts.ts";
import { mountShell } from "./mount_shell.ts";
import { Overview } from "./Overview.tsx";

const page = mountShell();
hydrate(h(Overview, { page }), document.getElementById("overview")!);
mountCharts(page);
