/**
 * `/widget/v1.js`: defines `<teller-results>` for the page that loads it.
 * @module
 */
/// <reference lib="dom" />
import { tellerResults } from "./element.ts";

const NAME = "teller-results";

// A page may load it twice, from two places or in two versions: the first one stays.
if (!customElements.get(NAME)) {
  customElements.define(NAME, tellerResults(new URL("../", import.meta.url).href));
}
