/**
 * Rows that are collected column by column, up to about a number of bytes.
 * @module
 */
import type { Column, PlainRow, PlainValue } from "./column_types.ts";

/** What was collected. */
export interface BoundedRows {
  /** Takes a row; false where there is no room for it. */
  add(row: PlainRow): boolean;
  /** The values by column. */
  readonly columns: readonly PlainValue[][];
}

/** Starts with nothing. A value counts as what it takes in memory, as nobody knows how well it will be packed. */
export function createBoundedRows(columns: readonly Column[], maxBytes: number): BoundedRows {
  const collected: PlainValue[][] = columns.map(() => []);
  let size = 0;
  return {
    columns: collected,
    add(row) {
      for (const value of row) size += sizeOf(value);
      if (size > maxBytes) return false;
      row.forEach((value, i) => collected[i].push(value));
      return true;
    },
  };
}

function sizeOf(value: PlainValue): number {
  if (typeof value === "string" || value instanceof Uint8Array) return 4 + value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce<number>((sum, item) => sum + sizeOf(item), 4);
}
