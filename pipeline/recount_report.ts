/**
 * What a recount says at its end: each copy on a line of its own, then every difference in a table.
 * @module
 */
import type { CopyReport, Difference } from "./recount_findings.ts";

/** The longest text in a cell. */
const MAX_CELL_CHARACTERS = 60;
/** A table longer than this tells nobody more. */
const MAX_ROWS = 200;

/** The lines to say. */
export function linesOf(reports: readonly CopyReport[]): string[] {
  const copies = table([
    ["copy", "judged at", "outcome"],
    ...reports.map((report) => [report.copy, placeOf(report), outcomeOf(report)]),
  ]);
  const differing = reports.flatMap(({ copy, named }) =>
    named.map((difference) => ({ copy, ...difference }))
  );
  if (differing.length === 0) return copies;
  const shown = differing.slice(0, MAX_ROWS);
  const rows = shown.map((one) => [
    one.copy,
    one.what,
    textOf(one.expected),
    textOf(one.found),
    differenceOf(one),
  ]);
  const more = reports.reduce((sum, { differences }) => sum + differences, 0) - shown.length;
  return [
    ...copies,
    "",
    ...table([["copy", "what", "expected", "found", "difference"], ...rows]),
    ...(more === 0 ? [] : [`and ${grouped(more)} more`]),
  ];
}

function placeOf({ version }: CopyReport): string {
  return version === null ? "–" : `version ${grouped(version)}`;
}

function outcomeOf({ version, compared, differences, remark }: CopyReport): string {
  const outcome = differences > 0
    ? `${grouped(differences)} of ${grouped(compared)} values differ`
    : compared > 0
    ? `agrees in ${grouped(compared)} ${compared === 1 ? "value" : "values"}`
    : version !== null
    ? "agrees: nothing may stand there, and nothing does"
    : "nothing to compare";
  return remark === null ? outcome : `${outcome}: ${remark}`;
}

function differenceOf({ expected, found }: Difference): string {
  if (found === undefined) return "missing";
  if (expected === undefined) return "too many";
  if (typeof expected !== "number" || typeof found !== "number") return "other";
  const difference = found - expected;
  return difference > 0 ? `+${grouped(difference)}` : grouped(difference);
}

function textOf(value: unknown): string {
  if (value === undefined) return "–";
  return typeof value === "number"
    ? grouped(value)
    : typeof value === "string"
    ? value
    : JSON.stringify(value);
}

function table(rows: readonly (readonly string[])[]): string[] {
  // A producer's text may hold anything; here it must not break a line, nor do anything to a terminal.
  const cells = rows.map((row) => row.map((cell) => shortened(cell.replace(/\p{C}/gu, "�"))));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
}

function shortened(text: string): string {
  return text.length <= MAX_CELL_CHARACTERS ? text : `${text.slice(0, MAX_CELL_CHARACTERS - 1)}…`;
}

function grouped(n: number): string {
  return n.toLocaleString("en-GB", { maximumFractionDigits: 4 });
}
