/**
 * Rows that are collected column by column, up to about a number of bytes.
 * @module
 */
import { Buffer } from "node:buffer";
import type { Column, PlainRow, PlainType, PlainValue } from "./column_types.ts";

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
  let size = headerBytes(columns);
  return {
    columns: collected,
    add(row) {
      row.forEach((value, i) => size += sizeOf(value, columns[i].type));
      if (size > maxBytes) return false;
      row.forEach((value, i) => collected[i].push(value));
      return true;
    },
  };
}

/** What columns take without any row: their names and types, and about what a format needs to tell them apart. */
export function headerBytes(columns: readonly Column[]): number {
  return columns.reduce((sum, { name, sqlType }) => sum + 8 + bytesOf(name) + bytesOf(sqlType), 0);
}

function sizeOf(value: PlainValue, type: PlainType): number {
  switch (type.kind) {
    case "text":
      return 4 + (value === null ? 0 : bytesOf(value as string));
    case "binary":
      return 4 + (value === null ? 0 : (value as Uint8Array).length);
    case "list":
      return 4 + sum((value ?? []) as readonly PlainValue[], (item) => sizeOf(item, type.of));
    case "struct": {
      // Where it is null its fields have their places all the same.
      const struct = value as { readonly [name: string]: PlainValue } | null;
      return 4 + sum(type.fields, ({ name, type }) => sizeOf(struct === null ? null : struct[name], type));
    }
    case "integer":
      return Math.max(8, type.bits / 8);
    case "decimal":
      return 16;
    default:
      return 8;
  }
}

const sum = <T>(items: readonly T[], size: (item: T) => number) =>
  items.reduce((total, item) => total + size(item), 0);

/** In UTF-8, without encoding it. */
const bytesOf = (text: string) => Buffer.byteLength(text);
