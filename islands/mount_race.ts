/**
 * The entry of the race's page in the browser.
 * @module
 */
/// <reference lib="dom" />
import { mountCharts } from "./mount_charts.ts";
import { mountShell } from "./mount_shell.ts";

mountCharts(mountShell());
