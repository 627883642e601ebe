/**
 * DuckDB's types and values as plain ones.
 * @module
 */
import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalType,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { PlainType, PlainValue } from "./column_types.ts";

const integer = (bits: 8 | 16 | 32 | 64 | 128, signed = true): PlainType => ({
  kind: "integer",
  bits,
  signed,
});

const SIMPLE: Partial<Record<DuckDBTypeId, PlainType>> = {
  [DuckDBTypeId.BOOLEAN]: { kind: "boolean" },
  [DuckDBTypeId.TINYINT]: integer(8),
  [DuckDBTypeId.SMALLINT]: integer(16),
  [DuckDBTypeId.INTEGER]: integer(32),
  [DuckDBTypeId.BIGINT]: integer(64),
  [DuckDBTypeId.HUGEINT]: integer(128),
  [DuckDBTypeId.UTINYINT]: integer(8, false),
  [DuckDBTypeId.USMALLINT]: integer(16, false),
  [DuckDBTypeId.UINTEGER]: integer(32, false),
  [DuckDBTypeId.UBIGINT]: integer(64, false),
  [DuckDBTypeId.FLOAT]: { kind: "float", bits: 32 },
  [DuckDBTypeId.DOUBLE]: { kind: "float", bits: 64 },
  [DuckDBTypeId.DATE]: { kind: "date" },
  [DuckDBTypeId.TIMESTAMP]: { kind: "timestamp" },
  [DuckDBTypeId.TIMESTAMP_S]: { kind: "timestamp" },
  [DuckDBTypeId.TIMESTAMP_MS]: { kind: "timestamp" },
  [DuckDBTypeId.TIMESTAMP_TZ]: { kind: "timestamptz" },
  [DuckDBTypeId.BLOB]: { kind: "binary" },
};

const NAMELESS = "The fields of a struct in an answer need names of their own, as in {'a': 1, 'b': 2}; " +
  "none can be __proto__.";

/**
 * The plain type of a type of DuckDB's.
 * @throws {Error} in words for whoever asked, where values of the type would come without some of their parts
 */
export function plainType(type: DuckDBType): PlainType {
  if (type instanceof DuckDBDecimalType) {
    return { kind: "decimal", precision: type.width, scale: type.scale };
  }
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    return { kind: "list", of: plainType(type.valueType) };
  }
  if (type instanceof DuckDBStructType) {
    // The library keeps fields in a plain object, where of one name only the last is left, and of this one none.
    const names = new Set(type.entryNames);
    if (names.size < type.entryNames.length || names.has("__proto__")) throw new Error(NAMELESS);
    const fields = type.entryNames.map((name, i) => ({ name, type: plainType(type.entryTypes[i]) }));
    return fields.length > 0 ? { kind: "struct", fields } : { kind: "text" }; // the formats know no empty ones
  }
  if (type instanceof DuckDBMapType) {
    const entry = { key: type.keyType, value: type.valueType };
    const fields = Object.entries(entry).map(([name, one]) => ({ name, type: plainType(one) }));
    return { kind: "list", of: { kind: "struct", fields } };
  }
  return SIMPLE[type.typeId] ?? { kind: "text" };
}

/** A value of DuckDB's as a plain one of the type. */
export function plainValue(value: DuckDBValue, type: PlainType): PlainValue {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case "boolean":
    case "float":
    case "integer":
      return value as boolean | number | bigint;
    case "decimal":
      return (value as DuckDBDecimalValue).value;
    case "date":
      return BigInt((value as DuckDBDateValue).days);
    case "timestamp":
    case "timestamptz":
      return microsOf(value);
    case "binary":
      return (value as DuckDBBlobValue).bytes;
    case "list":
      return itemsOf(value).map((item) => plainValue(item, type.of));
    case "struct": {
      const { entries } = value as DuckDBStructValue;
      return Object.fromEntries(
        type.fields.map(({ name, type }) => [name, plainValue(entries[name], type)]),
      );
    }
    case "text":
      return typeof value === "string" ? value : String(value);
  }
}

function microsOf(value: DuckDBValue): bigint {
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  return (value as DuckDBTimestampValue | DuckDBTimestampTZValue).micros;
}

function itemsOf(value: DuckDBValue): readonly DuckDBValue[] {
  if (value instanceof DuckDBMapValue) {
    return value.entries.map(({ key, value }) => new DuckDBStructValue({ key, value }));
  }
  return (value as DuckDBListValue | DuckDBArrayValue).items;
}
