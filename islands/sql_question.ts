/**
 * What the SQL console asks and is answered, and the addresses of both.
 * @module
 */

/** The formats that an answer can be downloaded in, by their suffix. */
export const DOWNLOADS = ["csv", "json", "ndjson", "arrow", "parquet"] as const;
/** @see DOWNLOADS */
export type Download = typeof DOWNLOADS[number];

/** At most as many rows are shown; downloads have more. */
export const ROWS_SHOWN = 500;

/** A question, as the form has it: all of it text. */
export interface SqlQuestion {
  readonly query: string;
  /** What stands for each `$name`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** A version or a time; empty: now. */
  readonly asOf: string;
}

/** A named query, to start from. */
export interface StartingPoint {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly sql: string;
  readonly parameters: Readonly<
    Record<string, { default: string | null; description: string; type: string }>
  >;
}

/** A table that can be asked. */
export interface SqlTable {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly { name: string; type: string; description: string }[];
}

/** Who may ask questions of their own here: everybody who gets here, those with the token, or nobody. */
export type SqlAccess = "open" | "token" | "closed";

/** A value in an answer. */
export type SqlValue = string | number | boolean | null | readonly SqlValue[] | { [name: string]: SqlValue };

/** Rows, as `/api/v1/sql.json?shape=arrays` answers them. */
export interface SqlRows {
  readonly columns: readonly { name: string; type: string }[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly row_count: number;
  readonly truncated: boolean;
  readonly meta: { readonly elapsed_ms: number; readonly version: number; readonly as_of: string };
}

/** Rows, or why there are none. */
export type SqlAnswer = { readonly rows: SqlRows } | { readonly problem: string };

/** The named query that a question still is; null where its text was changed. */
export function namedOf(question: SqlQuestion, from: StartingPoint | null): StartingPoint | null {
  const bare = (sql: string) => sql.replaceAll("\r\n", "\n").trim();
  return from !== null && bare(question.query) === bare(from.sql) ? from : null;
}

/** At most as many parameters are taken and shown. */
export const MAX_PARAMETERS = 100;

/**
 * Texts, quoted names and comments. One that has no end goes on to the end of all: a search for the end of each would
 * take time by the square of the query's length.
 */
const HIDING = /'[^']*'?|"[^"]*"?|--[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const PARAMETER = /\$([A-Za-z_]\w*)(?![\w$])/g;

/** The names that a query's text has parameters for, in their order: the first MAX_PARAMETERS of them. */
export function parameterNames(query: string): string[] {
  const names = new Set<string>();
  for (const [, name] of query.replace(HIDING, " ").matchAll(PARAMETER)) {
    names.add(name);
    if (names.size === MAX_PARAMETERS) break;
  }
  return [...names];
}

/** What was given for a parameter; empty: nothing. */
export function givenFor({ parameters }: SqlQuestion, name: string): string {
  return Object.hasOwn(parameters, name) ? parameters[name] : ""; // a parameter may be called toString
}

function parametersIn(question: SqlQuestion): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of parameterNames(question.query)) {
    const value = givenFor(question, name);
    if (value !== "") search.set(`param_${name}`, value);
  }
  if (question.asOf.trim() !== "") search.set("as_of", question.asOf.trim());
  return search;
}

const withSearch = (path: string, search: URLSearchParams) => search.size === 0 ? path : `${path}?${search}`;

/** The address of the page with this question. */
export function permalink(question: SqlQuestion, from: StartingPoint | null): string {
  const named = namedOf(question, from);
  const search = new URLSearchParams(named ? { name: named.name } : { query: question.query });
  for (const [name, value] of parametersIn(question)) search.set(name, value);
  return withSearch("/sql", search);
}

/** The address of the answer to a question in a format, without the query's text unless `whole`. */
export function answerAddress(
  question: SqlQuestion,
  from: StartingPoint | null,
  format: Download,
  more: Record<string, string> = {},
  whole = true,
): string {
  const named = namedOf(question, from);
  const search = parametersIn(question);
  for (const [name, value] of Object.entries(more)) search.set(name, value);
  if (named) return withSearch(`/api/v1/queries/${named.name}.${format}`, search);
  if (whole) search.set("query", question.query);
  return withSearch(`/api/v1/sql.${format}`, search);
}

/** Whether a column holds numbers, by its type's name. */
export function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL)/.test(type);
}

/** Whether a column holds times, by its type's name. */
export function isTime(type: string): boolean {
  return /^(TIMESTAMP|DATE)/.test(type);
}

/** A value as a cell shows it. */
export function cellText(value: SqlValue): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
