/**
 * Reads a request's JSON body within limits of bytes and time.
 *
 * By hand because Hono's `bodyLimit()` believes Content-Length, knows no time limit, and has one limit for all.
 * @module
 */
import type { Context } from "hono";
import { createTimeLimit } from "../pipeline/time_limit.ts";
import { problem } from "./problem.ts";

/** The longest body that an administrator may send. */
export const MANY_BYTES = 1024 * 1024;

/** How long a client may take to send its body. */
const BODY_MS = 10_000;
const inTime = createTimeLimit(BODY_MS);
/** A body that says it is no longer than this is read in one piece, which takes half the time. */
const ONE_PIECE_BYTES = 8 * 1024;

/** What a body may be. */
export interface BodyLimits {
  readonly bytes: number;
  /** Default 10 s. */
  readonly withinMs?: number;
}

/** The body as a JSON value, or the answer that refuses it. */
export async function readJson(
  c: Context,
  { bytes, withinMs }: BodyLimits,
): Promise<{ readonly json: unknown } | { readonly refused: Response }> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header("Content-Type") ?? "")) {
    const detail = "The body must be JSON, and the Content-Type application/json.";
    return { refused: problem(c, "unsupported_media_type", detail, { "Accept": "application/json" }) };
  }
  const body = await readBytes(c.req.raw, bytes, withinMs);
  if (typeof body === "string") return { refused: refusalOf(c, body, bytes) };
  try {
    return { json: JSON.parse(utf8.decode(body)) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return { refused: problem(c, "malformed", "The body is not JSON in UTF-8.") };
  }
}

/** The fields of a form, or the answer that refuses it. */
export async function readForm(
  c: Context,
  { bytes, withinMs }: BodyLimits,
): Promise<{ readonly form: URLSearchParams } | { readonly refused: Response }> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(c.req.header("Content-Type") ?? "")) {
    return { refused: problem(c, "unsupported_media_type", "The body must be a form's fields.") };
  }
  const body = await readBytes(c.req.raw, bytes, withinMs);
  if (typeof body !== "string") return { form: new URLSearchParams(new TextDecoder().decode(body)) };
  return { refused: refusalOf(c, body, bytes) };
}

/** The body as text, whatever it is said to be, or the answer that refuses it. */
export async function readText(
  c: Context,
  { bytes, withinMs }: BodyLimits,
): Promise<{ readonly text: string } | { readonly refused: Response }> {
  const body = await readBytes(c.req.raw, bytes, withinMs);
  if (typeof body === "string") return { refused: refusalOf(c, body, bytes) };
  try {
    return { text: utf8.decode(body) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { refused: problem(c, "malformed", "The body is not text in UTF-8.") };
  }
}

function refusalOf(c: Context, why: Unread, bytes: number): Response {
  if (why === "too_large") return problem(c, "body_too_large", `The body may have ${bytes} bytes at most.`);
  if (why === "too_slow") return problem(c, "body_too_slow", "The body did not arrive in time.");
  return problem(c, "malformed", "The body broke off before its end.");
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

type Unread = "too_large" | "too_slow" | "broken";

async function readBytes(
  request: Request,
  maxBytes: number,
  withinMs?: number,
): Promise<Uint8Array | Unread> {
  const limit = withinMs === undefined ? inTime : createTimeLimit(withinMs);
  const { headers } = request;
  const length = headers.get("Transfer-Encoding") === null ? headers.get("Content-Length") : null;
  if (length !== null && Number(length) <= Math.min(maxBytes, ONE_PIECE_BYTES)) {
    const body = await limit<Uint8Array | Unread>(request.bytes().catch(() => "broken"), "too_slow");
    // Only a Request that no server has read can lie about it.
    return typeof body !== "string" && body.length > maxBytes ? "too_large" : body;
  }
  if (request.body === null) return new Uint8Array(0);
  const reader = request.body.getReader();
  const body = await limit<Uint8Array | Unread>(readPieces(reader, maxBytes), "too_slow");
  // The connection may have broken meanwhile, which ends the reading too.
  if (typeof body === "string") reader.cancel().catch(() => {});
  return body;
}

async function readPieces(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | Unread> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > maxBytes) return "too_large";
      chunks.push(value);
    }
  } catch {
    return "broken"; // nothing but the stream throws here: the client went away, or sent chunks that are none
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
