/**
 * The texts of the page that makes code for other sites.
 * @module
 */
import { MAX_LIMIT, type View } from "./embed_options.ts";

const views: Record<View, string> = {
  bars: "A bar for each candidate.",
  table: "Candidates, parties, votes and shares.",
  card: "Who leads, and by how much.",
  race: "Shares of the votes over time.",
  map: "Who leads where.",
};

/** The texts in British English. */
export const configuratorMessages = {
  heading: "On your own page",
  introduction: "Results that stay up to date on any site: choose, look, and paste the code.",
  fields: {
    view: "View",
    region: "Region",
    limit: "Candidates at most",
    theme: "Colours",
    locale: "Language of numbers",
    as_of: "As of",
    transport: "Connection",
  },
  views,
  allRegions: "All regions",
  notHere: "Not for this view.",
  localeNote: "A tag such as en-GB or de.",
  asOfNote: "Empty: the newest. A version or a time such as 2026-05-07T10:00:00Z: frozen there.",
  transportNote: "poll where streams are blocked; auto finds out.",
  wrong: {
    view: "There is no such view.",
    limit: `That is no whole number from 1 to ${MAX_LIMIT}.`,
    locale: "That is no language tag.",
    as_of: "That is no version and no time: the newest is shown.",
  },
  show: "Show",
  samples: "How it looks",
  sample: { light: "On a light page", dark: "On a dark page" },
  codes: "The code",
  copy: (name: string) => `Copy ${name}`,
  copied: "Copied",
  copyByHand: "The browser lets this page copy nothing. The code is selected: press Ctrl-C, or ⌘C on a Mac.",
} as const;
