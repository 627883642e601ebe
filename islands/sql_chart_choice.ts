/**
 * What a chart of rows shows.
 * @module
 */
import { isNumeric, isTime, type SqlRows } from "./sql_question.ts";

/** What is drawn: columns by their number. */
export interface ChartChoice {
  readonly kind: "line" | "bar";
  readonly x: number;
  readonly y: number;
  /** One line or colour for each value; null: one for all. */
  readonly series: number | null;
}

/** What a chart of these rows would best show; null where no column holds numbers. */
export function suggestChart({ columns, rows }: SqlRows): ChartChoice | null {
  const isX = ({ type }: { type: string }) => !isNumeric(type);
  const y = columns.findIndex(({ type }) => isNumeric(type));
  if (y < 0 || rows.length < 2) return null;
  const time = columns.findIndex(({ type }) => isTime(type));
  const x = time >= 0 ? time : Math.max(0, columns.findIndex(isX));
  const repeated = new Set(rows.map((row) => String(row[x]))).size < rows.length;
  const few = (column: number) => new Set(rows.map((row) => String(row[column]))).size <= 12;
  const name = columns.findIndex((column, index) =>
    isX(column) && index !== x && /name|leader/.test(column.name) && few(index)
  );
  const series = columns.findIndex((column, index) => isX(column) && index !== x && few(index));
  return {
    kind: time >= 0 ? "line" : "bar",
    x,
    y,
    series: repeated ? [name, series].find((found) => found >= 0) ?? null : null,
  };
}
