/**
 * `GET /api/v1/history`: votes per stretch of event time and running totals, from a snapshot.
 * @module
 */
import type { Handler } from "hono";
import { z } from "zod";
import { type History, HISTORY_KEYS, type HistoryRow, MAX_HISTORY_ROWS } from "../analytics/history.ts";
import { asOfParameter, nothingKept, pastIsBusy } from "./as_of.ts";
import { isHeld } from "./conditional.ts";
import { problem } from "./problem.ts";
import { invalidParameters, readQuery } from "./query.ts";

const time = z.iso.datetime({ offset: true, error: "must be a time such as 2026-05-07T07:00:00Z" })
  .transform((text) => Date.parse(text));

/** What may be asked, by parameter; each is a string, as addresses have them. */
const historyQuestionSchema = z.object({
  from: time.optional(),
  to: time.optional(),
  every: z.string().regex(/^[1-9]\d{0,7}$/, "must be a whole number of seconds, from 1 to 99999999")
    .transform(Number).optional(),
  by: z.enum(HISTORY_KEYS, `must be one of ${HISTORY_KEYS.join(", ")}`).optional(),
  as_of: asOfParameter.optional(),
}).refine(({ from, to }) => from === undefined || to === undefined || from < to, {
  path: ["to"],
  message: "must be later than from",
});

const RETRY_AFTER = { "Retry-After": "5" };

/** Answers with the history, with 304 where the client holds it, or with what is wrong with the question. */
export function getHistory(history: History): Handler {
  return async (c) => {
    const read = readQuery(c, historyQuestionSchema);
    if ("refused" in read) return read.refused;

    const { as_of } = read.value;
    const generation = as_of === undefined ? history.newest() : await history.at(as_of);
    if (generation === null) {
      if (as_of !== undefined) return nothingKept(c);
      return problem(c, "no_snapshot_yet", "No snapshot has been taken yet; try again shortly.", RETRY_AFTER);
    }
    const { facts, sha256 } = generation;
    const { from = null, to = null, every = facts.rules.windowMs / 1000, by = null } = read.value;
    const everyMs = every * 1000;
    if (everyMs % facts.rules.windowMs !== 0) {
      const seconds = facts.rules.windowMs / 1000;
      return invalidParameters(c, [{
        path: "every",
        message: `must be a multiple of ${seconds}, the windows' seconds`,
      }]);
    }
    const headers = { "ETag": `"${sha256.slice(0, 22)}"`, "Cache-Control": "no-cache" };
    if (isHeld(c.req.header("If-None-Match"), headers.ETag)) return c.body(null, 304, headers);
    const answer = await history.ask(generation, { from, to, everyMs, by });
    if (answer === "too_many_rows") {
      const message = `gives more than ${MAX_HISTORY_ROWS} rows: ask for more seconds, or less time`;
      return invalidParameters(c, [{ path: "every", message }]);
    }
    if (answer === "busy") return pastIsBusy(c);
    return c.json(
      {
        version: facts.version,
        as_of: iso(facts.asOf),
        watermark: facts.watermark === null ? null : iso(facts.watermark),
        every,
        by,
        rows: answer.map((row) => lineOf(row, everyMs)),
      },
      200,
      headers,
    );
  };
}

function lineOf({ start, key, votes, late, total }: HistoryRow, everyMs: number) {
  return { window_start: iso(start), window_end: iso(start + everyMs), key, votes, late, total };
}

const iso = (epochMs: number) => new Date(epochMs).toISOString();
