/**
 * CSV by RFC 4180, as spreadsheets open it safely.
 * @module
 */
import { guarded } from "../analytics/formats_csv.ts";

/** A table as CSV, with a header. */
export function csvOf(
  header: readonly string[],
  rows: Iterable<readonly (string | number | null)[]>,
): string {
  return [header, ...rows].map((row) => `${row.map(cellOf).join(",")}\r\n`).join("");
}

function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = guarded(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
