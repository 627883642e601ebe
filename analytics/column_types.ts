/**
 * What a column of an answer holds, told apart as finely as the formats need it, and its values as plain data.
 * @module
 */

/** The type of a value. What isn't listed is text, as the engine writes it. */
export type PlainType =
  | { readonly kind: "boolean" | "text" | "date" | "timestamp" | "timestamptz" | "binary" }
  | { readonly kind: "integer"; readonly bits: 8 | 16 | 32 | 64 | 128; readonly signed: boolean }
  | { readonly kind: "float"; readonly bits: 32 | 64 }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "list"; readonly of: PlainType }
  | {
    readonly kind: "struct";
    readonly fields: readonly { readonly name: string; readonly type: PlainType }[];
  };

/**
 * A value by its type: integers are numbers up to 32 bits and bigints beyond; decimals bigints without their point;
 * dates days and timestamps microseconds since 1970, bigints; lists arrays; structs objects, in their fields' order.
 */
export type PlainValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

/** A row of an answer: a value for each of its columns. */
export type PlainRow = readonly PlainValue[];

/** A column of an answer; no two of an answer have one name. */
export interface Column {
  readonly name: string;
  /** As SQL calls it. */
  readonly sqlType: string;
  readonly type: PlainType;
}

/** Names as they are, but for those that stood before already: these get a number that makes them another. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  /** The next number to try, of each that has stood. */
  const numbers = new Map<string, number>();
  return names.map((name) => {
    let number = numbers.get(name) ?? 0;
    let distinct = name;
    if (number > 0) {
      while (taken.has(distinct)) distinct = `${name}:${number++}`;
      taken.add(distinct);
    }
    numbers.set(name, Math.max(number, 1));
    return distinct;
  });
}

const DAY_MICROS = 86_400_000_000n;
/** A Date holds no time further from 1970. */
const MAX_DATE_MICROS = 8_640_000_000_000_000_000n;

/** After so many years the calendar is the same again. */
const CYCLE_YEARS = 400;
const CYCLE_MICROS = 146_097n * DAY_MICROS;
/** Infinity, as DuckDB stores it. */
const ENDLESS_MICROS = 2n ** 63n - 1n;
const ENDLESS_DAYS = 2n ** 31n - 1n;

/** A timestamp as ISO 8601, with a Z; milliseconds, or microseconds where there are any. */
export function isoOfMicros(micros: bigint): string {
  if (micros >= ENDLESS_MICROS || micros <= -ENDLESS_MICROS) return micros > 0n ? "infinity" : "-infinity";
  return finite(micros);
}

/** A date as ISO 8601. */
export function isoOfDays(days: bigint): string {
  if (days >= ENDLESS_DAYS || days <= -ENDLESS_DAYS) return days > 0n ? "infinity" : "-infinity";
  return finite(days * DAY_MICROS).split("T")[0];
}

/** Years beyond four digits are written as Date writes them, also where no Date goes. */
function finite(micros: bigint): string {
  const isBeyond = micros > MAX_DATE_MICROS || micros < -MAX_DATE_MICROS;
  const cycles = isBeyond ? micros / CYCLE_MICROS : 0n;
  const within = micros - cycles * CYCLE_MICROS;
  const rest = ((within % 1000n) + 1000n) % 1000n;
  let iso = new Date(Number((within - rest) / 1000n)).toISOString();
  if (isBeyond) {
    const year = Number(iso.slice(0, 4)) + CYCLE_YEARS * Number(cycles);
    iso = `${year < 0 ? "-" : "+"}${String(Math.abs(year)).padStart(6, "0")}${iso.slice(4)}`;
  }
  return rest === 0n ? iso : `${iso.slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}

/** A decimal in digits, with all digits of its scale. */
export function textOfDecimal(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
