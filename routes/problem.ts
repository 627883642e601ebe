/**
 * What a request that can't be answered gets: RFC 9457 problem+json for programs, a small page for browsers.
 * @module
 */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Why a request was not answered as asked; stable, to branch on. */
export type ProblemCode =
  | "body_too_large" // send less, or fewer items
  | "body_too_slow" // the body did not arrive in time
  | "catching_up" // the log is still being read; see Retry-After
  | "has_voted" // the vote that stands is at `partition` and `offset`
  | "internal" // a fault of the server; the reason is in its log only
  | "invalid" // the input doesn't fit its schema; see `errors`
  | "malformed" // the body is not JSON in UTF-8
  | "method_not_allowed" // the path exists, the method doesn't; see Allow
  | "no_snapshot_yet" // the past can't be asked about before the first one; see Retry-After
  | "not_counted_yet" // the vote stands, what becomes of it isn't known yet; see Retry-After
  | "not_found" // nothing is at that path
  | "not_local" // only this machine may ask that, and not through a proxy
  | "not_open" // outside the opening hours
  | "other_content" // the id is on the register with other content, which stays
  | "outcome_unknown" // it may have been written; sending it again is safe
  | "overloaded" // nothing was written; see Retry-After
  | "starting" // the log is not open yet; see Retry-After
  | "stopping" // the server is about to end; see Retry-After
  | "too_many_failures" // too many wrong tokens from one address; see Retry-After
  | "too_many_listeners" // no more live streams can be held open; see Retry-After
  | "unauthorized" // the token is absent, wrong, or of nobody who is known
  | "unknown_candidate" // a vote for nobody who is accredited
  | "unknown_parameter" // a query parameter that this route does not have
  | "unknown_voter" // said to administrators only
  | "unsupported_media_type"; // the body must be application/json

const TITLES: Record<ProblemCode, [status: ContentfulStatusCode, title: string]> = {
  body_too_large: [413, "Content Too Large"],
  body_too_slow: [408, "Request Timeout"],
  catching_up: [503, "Service Unavailable"],
  has_voted: [409, "Conflict"],
  internal: [500, "Internal Server Error"],
  invalid: [400, "Bad Request"],
  malformed: [400, "Bad Request"],
  method_not_allowed: [405, "Method Not Allowed"],
  no_snapshot_yet: [503, "Service Unavailable"],
  not_counted_yet: [503, "Service Unavailable"],
  not_found: [404, "Not Found"],
  not_local: [403, "Forbidden"],
  not_open: [403, "Forbidden"],
  other_content: [409, "Conflict"],
  outcome_unknown: [503, "Service Unavailable"],
  overloaded: [503, "Service Unavailable"],
  starting: [503, "Service Unavailable"],
  stopping: [503, "Service Unavailable"],
  too_many_failures: [429, "Too Many Requests"],
  too_many_listeners: [503, "Service Unavailable"],
  unauthorized: [401, "Unauthorized"],
  unknown_candidate: [422, "Unprocessable Content"],
  unknown_parameter: [400, "Bad Request"],
  unknown_voter: [404, "Not Found"],
  unsupported_media_type: [415, "Unsupported Media Type"],
};

/** The status and title that stand for a code. */
export function statusOf(code: ProblemCode): { status: ContentfulStatusCode; title: string } {
  const [status, title] = TITLES[code];
  return { status, title };
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
