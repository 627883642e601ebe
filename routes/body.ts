/**
 * Reads a request's JSON body within limits of bytes and time.
 *
 * By hand because Hono's `bodyLimit()` believes Content-Length, knows no time limit, and has one limit for all.
 * @module
 */
import type { Context } from "hono";
import { problem } from "./problem.ts";

/** The longest body that an administrator may send. */
export const MANY_BYTES = 1024 * 1024;

/** How long a client may take to send its body. */
const BODY_MS = 10_000;

/** What a body may be. */
export interface BodyLimits {
  readonly bytes: number;
  /** Default 10 s. */
  readonly withinMs?: number;
}

/** The body as a JSON value, or the answer that refuses it. */
export async function readJson(
  c: Context,
  { bytes, withinMs = BODY_MS }: BodyLimits,
): Promise<{ readonly json: unknown } | { readonly refused: Response }> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header("Content-Type") ?? "")) {
    const detail = "The body must be JSON, and the Content-Type application/json.";
    return { refused: problem(c, "unsupported_media_type", detail, { "Accept": "application/json" }) };
  }
  const body = await readBytes(c.req.raw.body, bytes, withinMs);
  if (typeof body === "string") return { refused: refusalOf(c, body, bytes) };
  try {
    return { json: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return { refused: problem(c, "malformed", "The body is not JSON in UTF-8.") };
  }
}

/** The fields of a form, or the answer that refuses it. */
export async function readForm(
  c: Context,
  { bytes, withinMs = BODY_MS }: BodyLimits,
): Promise<{ readonly form: URLSearchParams } | { readonly refused: Response }> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(c.req.header("Content-Type") ?? "")) {
    return { refused: problem(c, "unsupported_media_type", "The body must be a form's fields.") };
  }
  const body = await readBytes(c.req.raw.body, bytes, withinMs);
  if (typeof body !== "string") return { form: new URLSearchParams(new TextDecoder().decode(body)) };
  return { refused: refusalOf(c, body, bytes) };
}

/** The body as text, whatever it is said to be, or the answer that refuses it. */
export async function readText(
  c: Context,
  { bytes, withinMs = BODY_MS }: BodyLimits,
): Promise<{ readonly text: string } | { readonly refused: Response }> {
  const body = await readBytes(c.req.raw.body, bytes, withinMs);
  if (typeof body === "string") return { refused: refusalOf(c, body, bytes) };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(body) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { refused: problem(c, "malformed", "The body is not text in UTF-8.") };
  }
}

function refusalOf(c: Context, why: "too_large" | "too_slow" | "broken", bytes: number): Response {
  if (why === "too_large") return problem(c, "body_too_large", `The body may have ${bytes} bytes at most.`);
  if (why === "too_slow") return problem(c, "body_too_slow", "The body did not arrive in time.");
  return problem(c, "malformed", "The body broke off before its end.");
}

async function readBytes(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  withinMs: number,
): Promise<Uint8Array | "too_large" | "too_slow" | "broken"> {
  if (stream === null) return new Uint8Array(0);
  const reader = stream.getReader();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => {}); // the connection may have broken meanwhile, which ends the reading too
  }, withinMs);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (late) return "too_slow";
      if (done) break;
      size += value.length;
      if (size > maxBytes) {
        reader.cancel().catch(() => {}); // as above
        return "too_large";
      }
      chunks.push(value);
    }
  } catch {
    return "broken"; // nothing but the stream throws here: the client went away, or sent chunks that are none
  } finally {
    clearTimeout(timer);
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
