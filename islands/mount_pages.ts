/**
 * The entry in the browser of the pages beside the overview.
 * @module
 */
/// <reference lib="dom" />
import { h, hydrate } from "preact";
import { islandData, mountShell } from "./mount_shell.ts";
import { PageIsland } from "./Pages.tsx";

const data = islandData("page-data");
hydrate(h(PageIsland, { page: mountShell(), data }), document.getElementById("page")!);
