/**
 * The gate before any parser: what a text must be so that DuckDB's parser may see it at all.
 * @module
 */

/** The longest query. */
export const MAX_SQL_BYTES = 32 * 1024;
/** How deep brackets may nest. */
const MAX_BRACKETS = 50;
/** DuckDB cuts a text at a NUL; none of the others has a place in SQL. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]/;

const OPENING = "([{";
const CLOSING = ")]}";

/** Why a text is too long to look at; null where it isn't. */
export function refusalOfLength(sql: string): string | null {
  const isShort = sql.length <= MAX_SQL_BYTES && new TextEncoder().encode(sql).length <= MAX_SQL_BYTES;
  return isShort ? null : `The query is longer than ${MAX_SQL_BYTES} bytes.`;
}

/** Why a text isn't let through; null where it is. */
export function refusalOfText(sql: string): string | null {
  const tooLong = refusalOfLength(sql);
  if (tooLong !== null) return tooLong;
  if (!sql.isWellFormed()) return "The query is not well-formed Unicode.";
  const control = CONTROL.exec(sql);
  if (control !== null) {
    const point = control[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return `The query has the control character U+${point}; chr(${parseInt(point, 16)}) makes one.`;
  }
  if (bracketDepth(sql) > MAX_BRACKETS) return `Brackets nest deeper than ${MAX_BRACKETS}.`;
  return null;
}

/** How deep brackets nest, outside of texts, quoted names and comments. */
function bracketDepth(sql: string): number {
  let depth = 0, deepest = 0;
  for (let at = 0; at < sql.length; at++) {
    const close = endOfQuoted(sql, at);
    if (close !== null) at = close;
    else if (OPENING.includes(sql[at])) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.includes(sql[at])) depth = Math.max(0, depth - 1);
  }
  return deepest;
}

/** Where what begins there ends, if it is a text, a quoted name or a comment; it may go on to the end of all. */
function endOfQuoted(sql: string, at: number): number | null {
  const start = sql[at];
  if (start === "'") return isEscaping(sql, at) ? endOfEscaping(sql, at) : endAt(sql, start, at + 1);
  if (start === '"') return endAt(sql, start, at + 1);
  if (sql.startsWith("--", at)) return endOfLine(sql, at + 2);
  if (sql.startsWith("/*", at)) return endOfComment(sql, at);
  // Within a name a dollar sign is a letter.
  if (start !== "$" || NAME_END.test(sql[at - 1] ?? "")) return null;
  DOLLAR_QUOTE.lastIndex = at;
  const opening = DOLLAR_QUOTE.exec(sql)?.[0];
  return opening === undefined ? null : endAt(sql, opening, at + opening.length);
}

const NAME_END = /[\w$\u0080-\uffff]/;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/** Whether a text is one of the kind `E'…'`, where a backslash takes the next character's meaning. */
function isEscaping(sql: string, at: number): boolean {
  if (!/[eE]/.test(sql[at - 1] ?? "")) return false;
  let start = at - 1;
  while (/[\d_]/.test(sql[start - 1] ?? "")) start--; // a number may stand right before it, and belongs to no name
  return sql[start] !== "_" && !NAME_END.test(sql[start - 1] ?? "");
}

function endOfEscaping(sql: string, from: number): number {
  for (let at = from + 1; at < sql.length; at++) {
    if (sql[at] === "\\") at++;
    else if (sql[at] === "'") {
      CONTINUED.lastIndex = at;
      const continued = CONTINUED.exec(sql)?.[0];
      if (continued === undefined) return at;
      at += continued.length - 1;
    }
  }
  return sql.length;
}

/** A text goes on in another line, and is then of the same kind. */
const CONTINUED = /'(?:[^\S\r\n]|--[^\r\n]*)*[\r\n](?:\s|--[^\r\n]*[\r\n])*'/y;

function endOfLine(sql: string, from: number): number {
  const length = sql.slice(from).search(/[\r\n]/);
  return length < 0 ? sql.length : from + length;
}

/** Comments nest. */
function endOfComment(sql: string, from: number): number {
  let depth = 0;
  for (let at = from; at < sql.length; at++) {
    if (sql.startsWith("/*", at)) depth++, at++;
    else if (sql.startsWith("*/", at) && (at++, --depth === 0)) return at;
  }
  return sql.length;
}

function endAt(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found < 0 ? sql.length : found + mark.length - 1;
}
