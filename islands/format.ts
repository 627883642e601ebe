/**
 * Numbers and times as people read them: British English, UTC, the same on the server and in the browser.
 * @module
 */
import { NOUNS } from "./messages.ts";

const whole = new Intl.NumberFormat("en-GB");
const oneDecimal = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const names = new Intl.ListFormat("en-GB");
const plurals = new Intl.PluralRules("en-GB");
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });
const minutes = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

/** A whole number: `12,345`. */
export function count(n: number): string {
  return whole.format(n);
}

/** A rate with one decimal: `49.8`. */
export function rate(n: number): string {
  return oneDecimal.format(n);
}

/** A count with its noun: `1 vote`, `2 votes`. */
export function counted(n: number, noun: keyof typeof NOUNS): string {
  return `${count(n)} ${plurals.select(n) === "one" ? noun : NOUNS[noun]}`;
}

/** A share in percent with one decimal; never 0 for something, nor 100 for less than everything. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0.0%";
  const tenths = Math.round(part * 1_000 / whole);
  if (tenths === 0) return "<0.1%";
  return `${oneDecimal.format((tenths >= 1_000 && part < whole ? 999 : tenths) / 10)}%`;
}

/** A list of names: `A, B and C`. */
export function list(items: readonly string[]): string {
  return names.format(items);
}

/** A moment as `14:03:22 UTC, 3 Jun 2026`. */
export function moment(iso: string): string {
  const date = new Date(iso);
  return `${clock.format(date)} UTC, ${day.format(date)}`;
}

/** A time that somebody set, as `07:00 UTC on 3 Jun 2026`; with seconds where it has any. */
export function appointment(iso: string): string {
  const date = new Date(iso);
  const time = date.getUTCSeconds() === 0 ? minutes : clock;
  return `${time.format(date)} UTC on ${day.format(date)}`;
}

const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const UNITS = [["hour", 3_600_000], ["minute", 60_000], ["second", 1_000]] as const;

/** How long ago something was: `now`, `12 seconds ago`. */
export function ago(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, unitMs]) => ms >= unitMs) ?? ["second", 1_000];
  return relative.format(-Math.floor(Math.max(0, ms) / unitMs), unit);
}

/** A difference in percentage points with its sign: `+1.2`, `−0.3`. */
export function points(part: number, whole: number): string {
  // Of the width of a plus, unlike a hyphen.
  return signed.format((part - whole) * 100).replace("-", "\u2212");
}

const signed = new Intl.NumberFormat("en-GB", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: "exceptZero",
});

/**
 * A text from the data, without the characters that turn the direction of what stands around it: a name must
 * not rearrange a sentence, nor get out of the `bdi` that it stands in.
 */
export function plain(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** A text as the value of an attribute, in HTML and in XML. */
export function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]);
}

/** Letters and marks that are written from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name for a sentence of mere text, where no `bdi` can keep its direction from what stands around it. */
export function isolated(text: string): string {
  const name = plain(text);
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}
