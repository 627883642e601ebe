/**
 * The entry in the browser of the pages beside the overview.
 * @module
 */
/// <reference lib="dom" />
import { h, hydrate } from "preact";
import { islandData, mountShell } from "./mount_shell.ts";
import { PageIsland } from "./Pages.tsx";

const data = islandData("page-data");
const page = mountShell();
hydrate(h(PageIsland, { page, data }), document.getElementById("page")!);
// Only candidates' pages have a chart.
if (document.getElementById("charts")) {
  import("./mount_charts.ts").then(({ mountCharts }) => mountCharts(page));
}
