/**
 * Numbers and times as a locale writes them, in UTC, for what is shown on other people's pages. Words stay English.
 * @module
 */
import { DEFAULT_LOCALE } from "./embed_options.ts";

/** How one locale writes. */
export interface Formats {
  count(n: number): string;
  /** With one decimal; never 0 for something, nor 100 for less than everything. */
  percent(part: number, whole: number): string;
  /** A moment to the second, with its day and zone. */
  moment(iso: string): string;
}

/** The formats of a locale; of British English where this runtime does not know it. */
export function formatsOf(locale: string): Formats {
  const whole = new Intl.NumberFormat([locale, DEFAULT_LOCALE]);
  const oneDecimal = new Intl.NumberFormat([locale, DEFAULT_LOCALE], {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const date = new Intl.DateTimeFormat([locale, DEFAULT_LOCALE], {
    dateStyle: "medium",
    timeStyle: "medium",
    timeZone: "UTC",
  });
  return {
    count: (n) => whole.format(n),
    percent(part, all) {
      if (all === 0 || part === 0) return oneDecimal.format(0);
      const tenths = Math.round(part * 1_000 / all);
      if (tenths === 0) return `<${oneDecimal.format(0.001)}`;
      return oneDecimal.format((tenths >= 1_000 && part < all ? 999 : tenths) / 1_000);
    },
    moment: (iso) => `${date.format(new Date(iso))} UTC`,
  };
}
