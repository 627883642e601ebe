/**
 * The overview's entry in the browser.
 * @module
 */
/// <reference lib="dom" />
import { h, hydrate } from "preact";
import { mountShell } from "./mount_shell.ts";
import { Overview } from "./Overview.tsx";

hydrate(h(Overview, { page: mountShell() }), document.getElementById("overview")!);
