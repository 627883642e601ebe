/**
 * What a request that can't be answered gets: RFC 9457 problem+json for programs, a small page for browsers.
 * @module
 */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Why a request was not answered as asked; stable, to branch on. */
export type ProblemCode =
  | "internal" // a fault of the server; the reason is in its log only
  | "method_not_allowed" // the path exists, the method doesn't; see Allow
  | "not_found" // nothing is at that path
  | "starting" // the log is not open yet; see Retry-After
  | "stopping" // the server is about to end; see Retry-After
  | "too_many_listeners" // no more live streams can be held open; see Retry-After
  | "unknown_parameter"; // a query parameter that this route does not have

const TITLES: Record<ProblemCode, [status: ContentfulStatusCode, title: string]> = {
  internal: [500, "Internal Server Error"],
  method_not_allowed: [405, "Method Not Allowed"],
  not_found: [404, "Not Found"],
  starting: [503, "Service Unavailable"],
  stopping: [503, "Service Unavailable"],
  too_many_listeners: [503, "Service Unavailable"],
  unknown_parameter: [400, "Bad Request"],
};

/** The status and title that stand for a code. */
export function statusOf(code: ProblemCode): { status: ContentfulStatusCode; title: string } {
  const [status, title] = TITLES[code];
  return { status, title };
}

/** Answers with `application/problem+json`; `detail` is shown to strangers, so it never holds internals. */
export function problem(
  c: Context,
  code: ProblemCode,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const { status, title } = statusOf(code);
  return c.body(JSON.stringify({ type: "about:blank", title, status, detail, code }), status, {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    ...headers,
  });
}

/** Whether a person reads the answer: a browser's navigation outside the API. */
export function isForBrowser(c: Context): boolean {
  return !c.req.path.startsWith("/api/") && (c.req.header("Accept") ?? "").includes("text/html");
}
