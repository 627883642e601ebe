/** What hostile SQL can do: be refused, or take its time and its process; never more. @module */
import assert from "node:assert/strict";
import process from "node:process";
import { openLocked } from "../../analytics/duckdb_locked.ts";
import { MAX_BYTES, MAX_ROWS } from "../../analytics/query.ts";
import { definitionsOf } from "../../analytics/schema.ts";
import { readHostileCases } from "./hostile_cases.ts";
import { type Asked, openAsked } from "./sandboxes.ts";

/** What holds up this thread for longer holds up counting. */
const PAUSE_MS = 100;

/** How long this thread was held up at most, by its own work: what the machine did meanwhile doesn't count. */
function watchLoop(): { stop(): number } {
  let worstMs = 0;
  let lastMs = performance.now();
  let lastCpu = process.cpuUsage();
  const timer = setInterval(() => {
    const cpu = process.cpuUsage(lastCpu);
    const busyMs = (cpu.user + cpu.system) / 1000;
    worstMs = Math.max(worstMs, Math.min(performance.now() - lastMs, busyMs));
    lastMs = performance.now();
    lastCpu = process.cpuUsage();
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return worstMs;
    },
  };
}

/** Asks a benign question until the process that answers is back. */
async function assertIsBack({ ask }: Asked): Promise<void> {
  const answer = await ask("SELECT sum(total_votes) FROM results");
  assert.ok("body" in answer, JSON.stringify(answer));
}

Deno.test("each hostile query gets its verdict, and neither this process nor a file is touched", async () => {
  await using asked = await openAsked({ queryMs: 500 });
  await assertIsBack(asked);
  const before = asked.folder.contents();
  const cases = readHostileCases();
  const loop = watchLoop();
  for (const { id, verdict, sql } of cases) {
    const said = await asked.ask(sql);
    if (verdict.startsWith("refused")) {
      assert.equal("refused" in said && said.refused, "sql_refused", `${id}: ${JSON.stringify(said)}`);
    }
    if (verdict === "answered" || verdict === "inert") assert.ok("body" in said, `${id}: ${said}`);
    if ("body" in said) {
      assert.ok(said.body.length <= MAX_BYTES && said.rowCount <= MAX_ROWS, id);
      const text = new TextDecoder("utf-8", { fatal: true }).decode(said.body);
      assert.equal(JSON.parse(text).row_count, said.rowCount, id);
      assert.doesNotMatch(text, /[<>&\u2028\u2029]/, id);
    } else {
      assert.doesNotMatch(said.detail, /root:|\/public\/|memory_limit/, id);
      if (said.refused === "sql_ended" || said.refused === "sql_too_long") await assertIsBack(asked);
    }
  }
  await assertIsBack(asked);
  assert.ok(loop.stop() < PAUSE_MS, "this thread was held up");
  assert.deepEqual(asked.folder.contents(), before);
});

Deno.test("without the gate the engine refuses what reaches out, or nothing outside of it changes", async () => {
  await using asked = await openAsked();
  const { votes, candidates, votersByGroup } = asked.newest();
  const definitions = definitionsOf({
    votes,
    candidates,
    votersByGroup,
    quality: null,
    snapshots: [],
    windowMs: 10_000,
    closedUntil: null,
  }, { held: false });
  const before = asked.folder.contents();
  let refused = 0;
  const cases = readHostileCases().filter(({ verdict }) => verdict === "refused+engine");
  for (const { sql } of cases) {
    using engine = await openLocked(definitions, [...votes, candidates, votersByGroup]);
    using connection = await engine.connect();
    try {
      const { rows } = await connection.run(sql, {});
      for await (const row of rows) {
        assert.doesNotMatch(row.map(String).join(), /root:|\/bin\/|localhost/, sql);
      }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      refused++;
    }
  }
  assert.ok(refused > cases.length / 2, `${refused} of ${cases.length}`);
  assert.deepEqual(asked.folder.contents(), before);
});
