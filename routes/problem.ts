/**
 * What a request that can't be answered gets: RFC 9457 problem+json for programs, a small page for browsers.
 * @module
 */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Every problem: the status and title that stand for it, and what it means to whoever gets it. */
const PROBLEMS = {
  body_too_large: [413, "Content Too Large", "Send less, or fewer items."],
  body_too_slow: [408, "Request Timeout", "The body did not arrive within 10 seconds."],
  catching_up: [503, "Service Unavailable", "The log is still being read; try again after Retry-After."],
  format_unknown: [501, "Not Implemented", "The answer can't be had in that format."],
  has_voted: [409, "Conflict", "The vote that stands is at partition and offset."],
  internal: [500, "Internal Server Error", "A fault of the server; the reason is in its log only."],
  invalid: [400, "Bad Request", "The input does not fit its schema; errors says where."],
  malformed: [400, "Bad Request", "The body is not JSON in UTF-8."],
  method_not_allowed: [405, "Method Not Allowed", "The address exists, the method does not; see Allow."],
  no_snapshot_yet: [
    503,
    "Service Unavailable",
    "The past can't be asked about before the first snapshot; try again after Retry-After.",
  ],
  not_counted_yet: [
    503,
    "Service Unavailable",
    "The vote stands, and what becomes of it is not known yet; try again after Retry-After.",
  ],
  not_found: [404, "Not Found", "Nothing is at this address."],
  not_kept: [404, "Not Found", "Nothing is kept at or before as_of."],
  not_local: [403, "Forbidden", "Only this machine may ask that, and not through a proxy."],
  not_open: [403, "Forbidden", "Outside the opening hours: see opens_at and closes_at of the results."],
  other_content: [409, "Conflict", "The id is on the register with other content, which stays."],
  outcome_unknown: [503, "Service Unavailable", "It may have been written; sending it again is safe."],
  overloaded: [503, "Service Unavailable", "Nothing was written; try again after Retry-After."],
  range_not_satisfiable: [416, "Range Not Satisfiable", "The file ends before the range begins."],
  sql_busy: [429, "Too Many Requests", "Too many queries are being answered; try again after Retry-After."],
  sql_ended: [
    503,
    "Service Unavailable",
    "The query's process ended before it was done; others are not concerned.",
  ],
  sql_error: [400, "Bad Request", "The engine could not answer the query; detail says why."],
  sql_refused: [
    400,
    "Bad Request",
    "Only one SELECT is answered, of the tables and functions that are allowed.",
  ],
  sql_too_long: [400, "Bad Request", "The query took longer than is given to it."],
  sql_unavailable: [
    503,
    "Service Unavailable",
    "The process that runs queries can't be started at present; try again after Retry-After.",
  ],
  starting: [503, "Service Unavailable", "The log is not open yet; try again after Retry-After."],
  stopping: [503, "Service Unavailable", "The server is about to end; try again after Retry-After."],
  too_many_failures: [
    429,
    "Too Many Requests",
    "Too many wrong tokens came from one address; try again after Retry-After.",
  ],
  too_many_listeners: [
    503,
    "Service Unavailable",
    "No more live streams can be held open; try again after Retry-After.",
  ],
  unauthorized: [401, "Unauthorized", "The token is absent, wrong, or of nobody who is known."],
  unknown_candidate: [422, "Unprocessable Content", "The vote is for nobody who is accredited."],
  unknown_parameter: [400, "Bad Request", "This address does not have that query parameter."],
  unknown_voter: [404, "Not Found", "Nobody of that id is accredited; said to administrators only."],
  unsupported_media_type: [415, "Unsupported Media Type", "The Content-Type must be application/json."],
} as const satisfies Record<string, readonly [ContentfulStatusCode, title: string, meaning: string]>;

/** Why a request was not answered as asked; stable, to branch on. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Every code, in the order of the alphabet. */
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** The status and title that stand for a code. */
export function statusOf(code: ProblemCode): { status: ContentfulStatusCode; title: string } {
  const [status, title] = PROBLEMS[code];
  return { status, title };
}

/** What a code means to whoever gets it, in one sentence. */
export function meaningOf(code: ProblemCode): string {
  return PROBLEMS[code][2];
}

/**
 * Answers with `application/problem+json`; `detail` is shown to strangers, so it never holds internals.
 * `members` are what programs get beside the code.
 */
export function problem(
  c: Context,
  code: ProblemCode,
  detail: string,
  headers: Record<string, string> = {},
  members: Record<string, unknown> = {},
): Response {
  const { status, title } = statusOf(code);
  return c.body(JSON.stringify({ type: "about:blank", title, status, detail, code, ...members }), status, {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    ...headers,
  });
}

/** Whether a person reads the answer: a browser's navigation outside the API. */
export function isForBrowser(c: Context): boolean {
  return !c.req.path.startsWith("/api/") && (c.req.header("Accept") ?? "").includes("text/html");
}
