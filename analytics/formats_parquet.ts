/**
 * Answers as a Parquet file.
 *
 * Not by DuckDB, as an engine that can write a file is one that strangers' SQL could write files with.
 * @module
 */
import { parquetWriteBuffer, type SchemaElement } from "hyparquet-writer";
import type { PlainType, PlainValue } from "./column_types.ts";
import type { AnswerForm, AnswerWriter } from "./formats.ts";
import { createBoundedRows } from "./formats_rows.ts";

/** Bytes of a decimal of 38 digits. */
const DECIMAL_BYTES = 16;

/** Writes one file. */
export function parquetWriter({ columns, maxBytes }: AnswerForm): AnswerWriter {
  const rows = createBoundedRows(columns, maxBytes);
  return {
    add: rows.add,
    finish() {
      const schema: SchemaElement[] = [
        { name: "root", num_children: columns.length },
        ...columns.flatMap(({ name, type }) => elementsOf(name, type)),
      ];
      const columnData = columns.map(({ name, type }, i) => ({
        name,
        data: rows.columns[i].map((value) => stored(value, type)),
      }));
      return new Uint8Array(parquetWriteBuffer({ columnData, schema }));
    },
  };
}

/** The schema of a value, itself first. */
function elementsOf(name: string, type: PlainType): SchemaElement[] {
  const optional = { name, repetition_type: "OPTIONAL" } as const;
  switch (type.kind) {
    case "boolean":
      return [{ ...optional, type: "BOOLEAN" }];
    case "integer":
      return [{ ...optional, ...integerElement(type.bits, type.signed) }];
    case "float":
      return [{ ...optional, type: type.bits === 32 ? "FLOAT" : "DOUBLE" }];
    case "decimal":
      return [{ ...optional, ...decimalElement(type.precision, type.scale) }];
    case "date":
      return [{ ...optional, type: "INT32", converted_type: "DATE" }];
    case "timestamp":
    case "timestamptz":
      return [{
        ...optional,
        type: "INT64",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: type.kind === "timestamptz", unit: "MICROS" },
      }];
    case "binary":
      return [{ ...optional, type: "BYTE_ARRAY" }];
    case "list":
      return [
        { ...optional, converted_type: "LIST", num_children: 1 },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        ...elementsOf("element", type.of),
      ];
    case "struct":
      return [
        { ...optional, num_children: type.fields.length },
        ...type.fields.flatMap(({ name, type }) => elementsOf(name, type)),
      ];
    case "text":
      return [{ ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" }];
  }
}

function integerElement(bits: 8 | 16 | 32 | 64 | 128, signed: boolean): Omit<SchemaElement, "name"> {
  if (bits === 128) return decimalElement(38, 0); // Parquet has no integers that long
  return {
    type: bits === 64 ? "INT64" : "INT32",
    converted_type: `${signed ? "INT" : "UINT"}_${bits}`,
  };
}

function decimalElement(precision: number, scale: number): Omit<SchemaElement, "name"> {
  return {
    type: "FIXED_LEN_BYTE_ARRAY",
    type_length: DECIMAL_BYTES,
    converted_type: "DECIMAL",
    precision,
    scale,
  };
}

/** The value as the library takes it. */
function stored(value: PlainValue, type: PlainType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case "date":
      return Number(value);
    case "list":
      return (value as readonly PlainValue[]).map((item) => stored(item, type.of));
    case "struct": {
      const entries = value as { readonly [name: string]: PlainValue };
      return Object.fromEntries(type.fields.map(({ name, type }) => [name, stored(entries[name], type)]));
    }
    default:
      return value;
  }
}
