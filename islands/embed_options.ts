/**
 * What can be chosen of a view for another site: the same names and defaults in the element's attributes, in the
 * addresses of frames and pictures, and in the form that makes them.
 * @module
 */

/** What can be shown elsewhere. */
export const VIEWS = ["bars", "table", "card", "race", "map"] as const;
/** @see VIEWS */
export type View = typeof VIEWS[number];

/** Colours: as the reader's system has them, or always the same. */
export const THEMES = ["auto", "light", "dark"] as const;
/** @see THEMES */
export type Theme = typeof THEMES[number];

/** How the element hears of changes. */
export const TRANSPORTS = ["auto", "sse", "poll"] as const;
/** @see TRANSPORTS */
export type Transport = typeof TRANSPORTS[number];

/** How numbers and times are written where nothing else is asked. */
export const DEFAULT_LOCALE = "en-GB";
/** So many candidates can be asked for at most. */
export const MAX_LIMIT = 30;
/** So many candidates are listed where nothing else is asked. */
export const DEFAULT_LIMIT = 10;

/** One choice of all there is. */
export interface EmbedOptions {
  readonly view: View;
  /** Of the votes of one region; null: of all. */
  readonly region: string | null;
  /** So many candidates are listed at most. */
  readonly limit: number;
  readonly theme: Theme;
  /** A BCP 47 tag. */
  readonly locale: string;
  /** Frozen there: a version or a time; null: the newest. */
  readonly asOf: string | null;
  readonly transport: Transport;
}

/** What is shown where nothing is chosen. */
export const DEFAULTS: EmbedOptions = {
  view: "bars",
  region: null,
  limit: DEFAULT_LIMIT,
  theme: "auto",
  locale: DEFAULT_LOCALE,
  asOf: null,
  transport: "auto",
};

/** Whether a view can show a region alone. */
export function knowsRegions(view: View): boolean {
  return view === "bars" || view === "table" || view === "card";
}

/** Whether a view shows candidates one by one; the picture of the race always has the first eight. */
export function knowsLimit(view: View): boolean {
  return view === "bars" || view === "table" || view === "race";
}

/** So many of `all` candidates are listed: one more than asked, instead of a line that says there is one more. */
export function listedOf(all: number, limit: number): number {
  return all === limit + 1 ? all : Math.min(all, limit);
}

/** The choices that differ from the defaults, by their names in addresses; the view is in the path. */
export function parametersOf(options: EmbedOptions): Record<string, string> {
  const { view, region, limit, theme, locale, asOf, transport } = options;
  return {
    ...region !== null && knowsRegions(view) && { region },
    ...limit !== DEFAULTS.limit && knowsLimit(view) && { limit: String(limit) },
    ...theme !== DEFAULTS.theme && { theme },
    ...locale !== DEFAULTS.locale && { locale },
    ...asOf !== null && { as_of: asOf },
    ...transport !== DEFAULTS.transport && { transport },
  };
}

/** The path and query of the page for frames. */
export function framePath(options: EmbedOptions): string {
  return withQuery(`/embed/v1/${options.view}`, parametersOf(options));
}

/** The path and query of the picture; `width` in px, null: the view's own. */
export function picturePath(options: EmbedOptions, type: "svg" | "png", width: number | null = null): string {
  const { transport: _, ...parameters } = parametersOf(options);
  return withQuery(`/img/v1/${options.view}.${type}`, {
    ...parameters,
    ...width !== null && { width: String(width) },
  });
}

function withQuery(path: string, parameters: Record<string, string>): string {
  const query = new URLSearchParams(parameters).toString();
  return query === "" ? path : `${path}?${query}`;
}

const VERSION = /^\d{1,15}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Whether a text names a point of the past, by the server's rule, which a test holds this one to. */
export function isPoint(text: string): boolean {
  return VERSION.test(text) || TIME.test(text) && !Number.isNaN(Date.parse(text));
}

/** The tag as it is properly written; null where it is none. */
export function localeOf(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch (fault) {
    if (fault instanceof RangeError) return null;
    throw fault;
  }
}
