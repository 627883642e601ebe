/**
 * The formats of an answer: each takes rows for as long as there is room, and gives all of its bytes at the end.
 *
 * An answer is whole before its first byte is sent, so that a failure is a status of its own in every format, and
 * a connection that breaks leaves fewer bytes than Content-Length says.
 * @module
 */
import type { Column, PlainRow } from "./column_types.ts";
import { arrowWriter } from "./formats_arrow.ts";
import { csvWriter } from "./formats_csv.ts";
import { jsonWriter, ndjsonWriter } from "./formats_json.ts";
import { parquetWriter } from "./formats_parquet.ts";
import { headerBytes } from "./formats_rows.ts";
import type { Format, Shape } from "./query.ts";

/** What an answer says of itself where its format has a place for it. */
export interface AnswerFacts {
  readonly queryId: string;
  readonly elapsedMs: number;
  /** Of the generation that was asked. */
  readonly version: number;
  /** ISO 8601. */
  readonly asOf: string;
  readonly rowCount: number;
  /** Whether there were more rows. */
  readonly truncated: boolean;
}

/** Writes one answer. */
export interface AnswerWriter {
  /** Takes the next row; false where there is no room for it, and then none is taken any more. */
  add(row: PlainRow): boolean;
  /** All bytes, of the rows that were taken. */
  finish(facts: AnswerFacts): Uint8Array<ArrayBuffer>;
}

/** How an answer is to be written. */
export interface AnswerForm {
  readonly columns: readonly Column[];
  /** In JSON and NDJSON. */
  readonly shape: Shape;
  readonly maxBytes: number;
}

const WRITERS: Record<Format, (form: AnswerForm) => AnswerWriter> = {
  json: jsonWriter,
  ndjson: ndjsonWriter,
  csv: csvWriter,
  arrow: arrowWriter,
  parquet: parquetWriter,
};

/** What the columns' names and types may take: most formats say them whole, however little room is left for rows. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Makes a writer.
 * @throws {Error} in words for whoever asked, where the columns alone are too long
 */
export function createAnswerWriter(format: Format, form: AnswerForm): AnswerWriter {
  if (headerBytes(form.columns) > MAX_HEADER_BYTES) {
    throw new Error(`The columns' names and types are too long: they may take ${MAX_HEADER_BYTES} bytes.`);
  }
  return WRITERS[format](form);
}
