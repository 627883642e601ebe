/**
 * Answers as JSON and as NDJSON.
 *
 * By hand, because JSON.stringify knows no integers beyond 2^53, no decimals, and no `-0`.
 * @module
 */
import {
  type Column,
  isoOfDays,
  isoOfMicros,
  type PlainRow,
  type PlainType,
  type PlainValue,
  textOfDecimal,
} from "./column_types.ts";
import type { AnswerForm, AnswerWriter } from "./formats.ts";
import { createBoundedText } from "./formats_text.ts";

/** The room for what is around the rows. */
const ENVELOPE_BYTES = 512;
/** As many digits come out of a double as went in. */
const EXACT_DIGITS = 15;

/** Writes `{ok, columns, rows, row_count, truncated, meta}`. */
export function jsonWriter({ columns, shape, maxBytes }: AnswerForm): AnswerWriter {
  const described = safe(JSON.stringify(columns.map(({ name, sqlType }) => ({ name, type: sqlType }))));
  const text = createBoundedText(maxBytes - ENVELOPE_BYTES - new TextEncoder().encode(described).length);
  const line = lineOf(columns, shape);
  let first = true;
  return {
    add(row) {
      const added = text.add(first ? line(row) : `,\n${line(row)}`);
      first &&= !added;
      return added;
    },
    finish({ queryId, elapsedMs, version, asOf, rowCount, truncated }) {
      const meta = { query_id: queryId, elapsed_ms: elapsedMs, version, as_of: asOf };
      return text.finish(
        `{"ok":true,"columns":${described},"rows":[\n`,
        `\n],"row_count":${rowCount},"truncated":${truncated},"meta":${safe(JSON.stringify(meta))}}\n`,
      );
    },
  };
}

/** Writes a line for each row. */
export function ndjsonWriter({ columns, shape, maxBytes }: AnswerForm): AnswerWriter {
  const text = createBoundedText(maxBytes);
  const line = lineOf(columns, shape);
  return { add: (row) => text.add(`${line(row)}\n`), finish: () => text.finish() };
}

function lineOf(columns: readonly Column[], shape: AnswerForm["shape"]): (row: PlainRow) => string {
  if (shape === "arrays") return (row) => `[${row.map((value, i) => jsonOf(value, columns[i].type))}]`;
  const names = columns.map(({ name }) => `${jsonText(name)}:`);
  return (row) => `{${row.map((value, i) => names[i] + jsonOf(value, columns[i].type))}}`;
}

/** A value as JSON: a number where it is exact as one, else a text. */
export function jsonOf(value: PlainValue, type: PlainType): string {
  if (value === null) return "null";
  switch (type.kind) {
    case "boolean":
      return String(value);
    case "integer":
      return isExact(value as number | bigint) ? String(value) : `"${value}"`;
    case "float":
      if (!Number.isFinite(value)) return `"${value}"`;
      return Object.is(value, -0) ? "-0.0" : String(value);
    case "decimal": {
      const text = textOfDecimal(value as bigint, type.scale);
      return text.replace(/\D/g, "").length <= EXACT_DIGITS ? text : `"${text}"`;
    }
    case "date":
      return `"${isoOfDays(value as bigint)}"`;
    case "timestamp":
    case "timestamptz":
      return `"${isoOfMicros(value as bigint)}"`;
    case "binary":
      return `"${(value as Uint8Array).toBase64()}"`;
    case "list":
      return `[${(value as readonly PlainValue[]).map((item) => jsonOf(item, type.of))}]`;
    case "struct": {
      const struct = value as { readonly [name: string]: PlainValue };
      return `{${type.fields.map(({ name, type }) => `${jsonText(name)}:${jsonOf(struct[name], type)}`)}}`;
    }
    case "text":
      return jsonText(value as string);
  }
}

function isExact(value: number | bigint): boolean {
  return typeof value === "number" ||
    (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER);
}

function jsonText(text: string): string {
  return safe(JSON.stringify(text));
}

/** JSON that ends no script and opens no tag, wherever it is put. */
function safe(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
