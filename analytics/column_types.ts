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

const DAY_MICROS = 86_400_000_000n;
/** A Date holds no time further from 1970. */
const MAX_DATE_MICROS = 8_640_000_000_000_000_000n;

/** A timestamp as ISO 8601, with a Z; milliseconds, or microseconds where there are any. */
export function isoOfMicros(micros: bigint): string {
  if (micros > MAX_DATE_MICROS || micros < -MAX_DATE_MICROS) return micros > 0n ? "infinity" : "-infinity";
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const iso = new Date(Number((micros - rest) / 1000n)).toISOString();
  return rest === 0n ? iso : `${iso.slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}

/** A date as ISO 8601. */
export function isoOfDays(days: bigint): string {
  const iso = isoOfMicros(days * DAY_MICROS);
  return iso.includes("T") ? iso.split("T")[0] : iso;
}

/** A decimal in digits, with all digits of its scale. */
export function textOfDecimal(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
