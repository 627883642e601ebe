/**
 * Answers a question in SQL over HTTP, whoever asked it: of one's own, or by a named query.
 * @module
 */
import { createHash, randomUUID } from "node:crypto";
import type { Context } from "hono";
import type { AsOf } from "../analytics/as_of.ts";
import type { Generation, KeptGenerations } from "../analytics/kept_generations.ts";
import type { Format, QueryEngine, Question, Refusal } from "../analytics/query.ts";
import { nothingKept } from "./as_of.ts";
import { isHeld } from "./conditional.ts";
import { problem } from "./problem.ts";

/** What answers. */
export interface SqlAnswerDeps {
  readonly engine: QueryEngine;
  readonly newest: () => Generation | null;
  readonly past: Pick<KeptGenerations, "at">;
}

/** The media type of each format. */
export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: "application/json",
  ndjson: "application/x-ndjson",
  csv: "text/csv; charset=utf-8; header=present",
  arrow: "application/vnd.apache.arrow.stream",
  parquet: "application/vnd.apache.parquet",
};

/** What a script of another site may read of an answer. */
export const ANSWER_HEADERS = ["ETag", "Link", "Server-Timing", "X-Query-Id", "X-Truncated"];

/** Seconds after which what was refused may go better. */
const RETRY_AFTER: Partial<Record<Refusal["refused"], string>> = {
  sql_busy: "1",
  sql_ended: "1",
  sql_unavailable: "5",
};

/** Answers from the newest generation at or before `asOf`, or the newest of all; or says why not. */
export async function answerQuestion(
  c: Context,
  { engine, newest, past }: SqlAnswerDeps,
  question: Question,
  asOf: AsOf | undefined,
): Promise<Response> {
  const generation = asOf === undefined ? newest() : await past.at(asOf);
  if (generation === null) {
    if (asOf !== undefined) return nothingKept(c);
    const detail = "No snapshot has been taken yet; try again shortly.";
    return problem(c, "no_snapshot_yet", detail, { "Retry-After": "5" });
  }
  const headers = { "ETag": etagOf(generation, question), "Cache-Control": "no-cache" };
  if (isHeld(c.req.header("If-None-Match"), headers.ETag)) return c.body(null, 304, headers);
  const id = randomUUID();
  const answer = await engine.ask(generation, question, { id, signal: c.req.raw.signal });
  if ("refused" in answer) return refusal(c, answer, id);
  return c.body(answer.body, 200, {
    ...headers,
    "Content-Type": MEDIA_TYPES[question.format],
    "Server-Timing": `db;dur=${answer.elapsedMs.toFixed(1)}`,
    "X-Query-Id": id,
    "X-Truncated": String(answer.truncated),
  });
}

/** Weak, as JSON says how long it took. */
function etagOf(generation: Generation, { sql, parameters, limit, shape, format }: Question): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => a < b ? -1 : 1);
  const content = JSON.stringify([generation.sha256, sql, sorted, limit, shape, format]);
  return `W/"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
}

function refusal(c: Context, { refused, detail }: Refusal, id: string): Response {
  const seconds = RETRY_AFTER[refused];
  return problem(c, refused, detail, { ...seconds && { "Retry-After": seconds }, "X-Query-Id": id });
}
