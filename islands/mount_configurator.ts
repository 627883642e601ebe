/**
 * The entry in the browser of the page that makes code for other sites.
 * @module
 */
/// <reference lib="dom" />
import { h, hydrate } from "preact";
import { Configurator } from "./Configurator.tsx";

const data = JSON.parse(document.getElementById("embed-data")!.textContent!);
hydrate(h(Configurator, data), document.getElementById("embed")!);
