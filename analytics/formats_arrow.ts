/**
 * Answers as an Arrow IPC stream.
 * @module
 */
import {
  binary,
  bool,
  columnFromValues,
  type DataType,
  dateDay,
  decimal,
  field,
  float32,
  float64,
  int,
  int32,
  int64,
  list,
  struct,
  Table,
  tableFromColumns,
  tableToIPC,
  timestamp,
  TimeUnit,
  utf8,
} from "@uwdata/flechette";
import type { PlainType, PlainValue } from "./column_types.ts";
import type { AnswerForm, AnswerWriter } from "./formats.ts";
import { createBoundedRows } from "./formats_rows.ts";

/** Writes one record batch. */
export function arrowWriter({ columns, maxBytes }: AnswerForm): AnswerWriter {
  const rows = createBoundedRows(columns, maxBytes);
  return {
    add: rows.add,
    finish() {
      const data = columns.map(({ name, type }, i) => {
        const values = rows.columns[i].map((value) => stored(value, type));
        return [name, columnFromValues(values, arrowType(type, "stored"))] as const;
      });
      const { schema, children } = tableFromColumns(data.map(([name, column]) => [name, column]));
      const fields = columns.map(({ name, type }) => field(name, arrowType(type, "said")));
      const table = new Table({ ...schema, fields }, children);
      return tableToIPC(table, { format: "stream" }) as Uint8Array<ArrayBuffer>;
    },
  };
}

/**
 * The Arrow type that is said of a column, or the one that its bytes are made by: dates and timestamps as whole
 * numbers, which they are, because the library would take them through milliseconds in a double.
 */
function arrowType(type: PlainType, as: "said" | "stored"): DataType {
  switch (type.kind) {
    case "boolean":
      return bool();
    case "integer":
      // Arrow has no integers of 128 bits.
      return type.bits === 128 ? decimal(38, 0, 128) : int(type.bits, type.signed);
    case "float":
      return type.bits === 32 ? float32() : float64();
    case "decimal":
      return decimal(type.precision, type.scale, 128); // narrower ones are misread by other readers
    case "date":
      return as === "said" ? dateDay() : int32();
    case "timestamp":
      return as === "said" ? timestamp(TimeUnit.MICROSECOND) : int64();
    case "timestamptz":
      return as === "said" ? timestamp(TimeUnit.MICROSECOND, "UTC") : int64();
    case "binary":
      return binary();
    case "list":
      return list(field("item", arrowType(type.of, as)));
    case "struct":
      return struct(type.fields.map(({ name, type }) => field(name, arrowType(type, as))));
    case "text":
      return utf8();
  }
}

/** The value as the library takes it for the type that is stored. */
function stored(value: PlainValue, type: PlainType): unknown {
  if (value === null) return null;
  if (type.kind === "date") return Number(value);
  if (type.kind === "list") return (value as readonly PlainValue[]).map((item) => stored(item, type.of));
  if (type.kind !== "struct") return value;
  const entries = value as { readonly [name: string]: PlainValue };
  return Object.fromEntries(type.fields.map(({ name, type }) => [name, stored(entries[name], type)]));
}
