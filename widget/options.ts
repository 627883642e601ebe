/**
 * What the element's attributes say. What can't be understood is as if it had not been said: a page shows results all
 * the same.
 * @module
 */
/// <reference lib="dom" />
import {
  DEFAULT_LIMIT,
  knowsRegions,
  type Theme,
  THEMES,
  type Transport,
  TRANSPORTS,
  type View,
  VIEWS,
} from "../islands/embed_options.ts";

/** What is chosen. */
export interface Options {
  readonly view: View;
  /** Of the votes of one region; null: of all. */
  readonly region: string | null;
  readonly limit: number;
  readonly theme: Theme;
  readonly locale: string | null;
  /** Frozen there: a version or a time; null: the newest. */
  readonly asOf: string | null;
  readonly transport: Transport;
  /** Where Teller is, with a slash at its end. */
  readonly base: string;
  /** Whether changes of the lead are read out. */
  readonly announce: boolean;
}

/** The attributes that are read. */
export const ATTRIBUTES = [
  "view",
  "region",
  "limit",
  "theme",
  "locale",
  "as-of",
  "transport",
  "host",
  "announce",
];

/** Reads them; `home` is where the script came from. */
export function optionsOf(element: Element, home: string): Options {
  const given = (name: string) => element.getAttribute(name)?.trim() || null;
  const view = oneOf(VIEWS, given("view"));
  const limit = Number(given("limit"));
  return {
    view,
    region: knowsRegions(view) ? given("region") : null,
    limit: Number.isInteger(limit) && limit > 0 ? limit : DEFAULT_LIMIT,
    theme: oneOf(THEMES, given("theme")),
    locale: given("locale"),
    asOf: given("as-of"),
    transport: oneOf(TRANSPORTS, given("transport")),
    base: baseOf(given("host"), home),
    announce: element.hasAttribute("announce"),
  };
}

/** The one that is said; else the first. */
function oneOf<T extends string>(all: readonly T[], said: string | null): T {
  return all.find((one) => one === said) ?? all[0];
}

function baseOf(host: string | null, home: string): string {
  try {
    const { protocol, href } = new URL(host ?? home, home);
    if (!/^https?:$/.test(protocol)) return home;
    return href.endsWith("/") ? href : `${href}/`;
  } catch {
    return home; // no address at all
  }
}
