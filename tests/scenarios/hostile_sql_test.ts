/** What hostile SQL over HTTP does to a count that runs: nothing. @module */
import assert from "node:assert/strict";
import { MAX_BYTES, MAX_ROWS, REFUSALS } from "../../analytics/query.ts";
import { type HostileCase, readHostileCases } from "../analytics/hostile_cases.ts";
import { startCountingCore } from "../services/counting_core.ts";
import { askOverHttp, changedFiles, type HttpAnswer } from "./hostile_over_http.ts";

/** What holds up the thread that counts for longer holds up counting. */
const HELD_UP_MS = 100;
/**
 * By the clock only a stop is told from a machine that does other work, on which a count that nobody asks pauses too.
 * `deno task bench sql` has both figures, side by side.
 */
const PAUSED_MS = 5_000;
const QUIET_VOTES = 300;
/**
 * At the lowest priority a busy machine may not give a question that is answered at once its half second, and a process
 * that has run others before may be ended in the middle of it.
 */
const TRIES = 10;

/** A query that was let run, and was stopped or ended, or that the engine had something against. */
const BOUNDED: readonly string[] = [...REFUSALS, "body_too_large"];

function assertVerdict({ id, verdict }: HostileCase, { code, text }: HttpAnswer): void {
  const said = `${id}: ${text.slice(0, 300)}`;
  if (verdict.startsWith("refused")) assert.ok(code === "sql_refused" || code === "body_too_large", said);
  if (verdict === "answered" || verdict === "inert") assert.equal(code, null, said);
  assert.doesNotMatch(text, /root:|\/public\/|memory_limit/, id);
  if (code !== null) return assert.ok(BOUNDED.includes(code), said);
  assert.doesNotMatch(text, /[<>&\u2028\u2029]/, id);
  assert.ok(new TextEncoder().encode(text).length <= MAX_BYTES, id);
  const { rows, row_count } = JSON.parse(text);
  assert.ok(rows.length === row_count && row_count <= MAX_ROWS, id);
}

async function assertIsBack(url: string, after: string): Promise<void> {
  for (let tries = 1;; tries++) {
    const { code, text } = await askOverHttp(url, "SELECT sum(total_votes) > 0 AS counted FROM results");
    // A process that has no memory left after an attack says so once, and is ended.
    const isLetDown = LET_DOWN.includes(code) || text.includes("Out of Memory Error");
    if (isLetDown && tries < TRIES) continue;
    assert.equal(code, null, `after ${after}: ${text}`);
    return assert.deepEqual(JSON.parse(text).rows, [{ counted: true }]);
  }
}

/** Codes that tell nothing of a query that isn't let run, or is answered at once, unless they come every time. */
const LET_DOWN: readonly (string | null)[] = ["sql_too_long", "sql_ended"];

Deno.test("each hostile query gets its verdict over HTTP, and counting goes on beside it", async () => {
  await using core = await startCountingCore(500);
  let quiet = await core.pause();
  let quietMs = 0;
  for (let counted = 0; counted < QUIET_VOTES; counted += quiet.counted) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    quiet = await core.pause();
    quietMs = Math.max(quietMs, quiet.pausedMs);
  }
  const { pid } = quiet;
  for (const hostile of readHostileCases()) {
    let answer = await askOverHttp(core.url, hostile.sql);
    for (let tries = 1; hostile.verdict !== "bounded" && LET_DOWN.includes(answer.code); tries++) {
      if (tries === TRIES) break;
      answer = await askOverHttp(core.url, hostile.sql);
    }
    assertVerdict(hostile, answer);
    const pause = await core.pause();
    assert.equal(pause.pid, pid);
    assert.ok(pause.heldUpMs < HELD_UP_MS, `${hostile.id}: the core was held up for ${pause.heldUpMs} ms`);
    assert.ok(
      pause.pausedMs < Math.max(PAUSED_MS, 3 * quietMs),
      `${hostile.id}: counting paused for ${pause.pausedMs} ms, and for ${quietMs} ms before`,
    );
    if (answer.code === null || answer.code === "sql_refused") continue;
    await assertIsBack(core.url, hostile.id);
  }
  assert.deepEqual(changedFiles(`${core.dir}/snapshots/public`), []);
});
