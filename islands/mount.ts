/**
 * The browser's entry: finds the island and the data that the server left for it, and hydrates it.
 * @module
 */
/// <reference lib="dom" />
import { h, hydrate } from "preact";
import { Overview } from "./Overview.tsx";

const data = JSON.parse(document.getElementById("overview-data")!.textContent!);
hydrate(h(Overview, { initial: data }), document.getElementById("overview")!);
