/**
 * Answers as CSV by RFC 4180: a header line, CRLF, and nothing for NULL.
 *
 * By hand, because a library would know neither the columns' types nor the room that is left.
 * @module
 */
import { isoOfDays, isoOfMicros, type PlainType, type PlainValue, textOfDecimal } from "./column_types.ts";
import type { AnswerForm, AnswerWriter } from "./formats.ts";
import { jsonOf } from "./formats_json.ts";
import { createBoundedText } from "./formats_text.ts";

/** What makes a spreadsheet take a text for a formula, full-width forms included. */
const FORMULA = /^[\0\s\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\0\t\r\n]/;
/** What can't stand without quotes; the empty text, so that it isn't NULL. */
const QUOTED = /[",\r\n]|^\s|\s$|^$/;

/** Writes the header line and one for each row; the header counts as room taken. */
export function csvWriter({ columns, maxBytes }: AnswerForm): AnswerWriter {
  const header = `${columns.map(({ name }) => quoted(guarded(name)))}\r\n`;
  const text = createBoundedText(maxBytes - new TextEncoder().encode(header).length);
  return {
    add: (row) => text.add(`${row.map((value, i) => quoted(csvOf(value, columns[i].type)))}\r\n`),
    finish: () => text.finish(header),
  };
}

function csvOf(value: PlainValue, type: PlainType): string | null {
  if (value === null) return null;
  switch (type.kind) {
    case "boolean":
    case "integer":
      return String(value);
    case "float":
      return Object.is(value, -0) ? "-0.0" : String(value);
    case "decimal":
      return textOfDecimal(value as bigint, type.scale);
    case "date":
      return isoOfDays(value as bigint);
    case "timestamp":
    case "timestamptz":
      return isoOfMicros(value as bigint);
    case "binary":
      return guarded((value as Uint8Array).toBase64());
    case "list":
    case "struct":
      return jsonOf(value, type);
    case "text":
      return guarded(value as string);
  }
}

/** The text behind an apostrophe where a spreadsheet would take it for a formula. */
export function guarded(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function quoted(text: string | null): string {
  if (text === null) return "";
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
