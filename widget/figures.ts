/**
 * Numbers, times and lists as readers of a locale write them, in UTC as on the pages. The words around them are English.
 * @module
 */
import { DEFAULT_LOCALE, localeOf } from "../islands/embed_options.ts";
import { type Formats, formatsOf } from "../islands/locale_format.ts";
import { words } from "./words.ts";

/** How one locale writes. */
export interface Figures extends Pick<Formats, "count" | "percent"> {
  /** The locale that was found, as a language tag. */
  readonly locale: string;
  readonly isRightToLeft: boolean;
  /** `1 vote`, `2 votes` */
  votes(n: number): string;
  list(items: readonly string[]): string;
  /** A time of today with its seconds and zone, or with its day where it is another one. */
  moment(iso: string, nowMs: number): string;
  /** Hours and minutes, or more of the time where a span is short, or longer than a day. */
  tick(epochMs: number, spanMs: number): string;
}

const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)\b/i;
const DAY_MS = 86_400_000;
const SHORT_MS = 180_000;
const made = new Map<string, Figures>();

/** How the first of these locales writes that is one. */
export function figuresOf(...locales: (string | null | undefined)[]): Figures {
  const locale = locales.map((one) => one ? localeOf(one) : null).find((one) => one !== null) ??
    DEFAULT_LOCALE;
  let figures = made.get(locale);
  if (!figures) made.set(locale, figures = makeFigures(locale));
  return figures;
}

function makeFigures(locale: string): Figures {
  const { count, percent } = formatsOf(locale);
  const lists = new Intl.ListFormat(locale, { type: "unit" });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    timeZone: "UTC",
  });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const minutes = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
  const seconds = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone: "UTC" });
  const dayAndHour = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    timeZone: "UTC",
  });
  return {
    locale,
    isRightToLeft: RIGHT_TO_LEFT.test(locale),
    count,
    votes: (n) => n === 1 ? words.vote(count(n)) : words.votesOf(count(n)),
    percent,
    list: (items) => lists.format(items),
    moment(iso, nowMs) {
      const date = new Date(iso);
      const isToday = day.format(date) === day.format(nowMs);
      return isToday ? clock.format(date) : `${clock.format(date)}, ${day.format(date)}`;
    },
    tick(epochMs, spanMs) {
      const format = spanMs > DAY_MS ? dayAndHour : spanMs < SHORT_MS ? seconds : minutes;
      return format.format(epochMs);
    },
  };
}
