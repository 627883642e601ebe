/** What becomes of the sandbox, and of those who ask, when it is killed, busy, or asked about the past. @module */
import assert from "node:assert/strict";
import { type Check, unknown } from "../../pipeline/quality.ts";
import { openSandbox } from "../../analytics/sandbox.ts";
import { startSandboxProcess } from "../../analytics/sandbox_process.ts";
import { openAsked, QUESTION, someCells } from "./sandboxes.ts";
import { captureOf, cellOf, START } from "./captures.ts";

/** How often it is killed. A hundred pass too, and take a minute. */
const KILLS = 10;
/** Runs for as long as it is let. */
const ENDLESS = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t";

Deno.test("killed in mid-query, it tells whoever asked, and the next question is answered", async () => {
  await using asked = await openAsked();
  for (let kill = 0; kill < KILLS; kill++) {
    assert.deepEqual(await asked.rows("SELECT 1"), [[1]]);
    const said = asked.ask(ENDLESS);
    const process = asked.sandbox.process()!;
    process.kill();
    const refusal = await said;
    assert.equal("refused" in refusal && refusal.refused, "sql_ended");
  }
});

Deno.test("killed while a generation is looked up, its successor is told of that generation too", async () => {
  await using asked = await openAsked();
  const { folder, snapshots } = asked;
  let kills = 1;
  await using sandbox = await openSandbox({
    folder: `${folder.dir}/public`,
    snapshots: {
      hold: snapshots.hold,
      async kept() {
        const process = sandbox.process()!;
        if (kills-- > 0) {
          process.kill();
          await process.ended;
        }
        return await snapshots.kept();
      },
    },
    onNotice: () => {},
  });
  const ask = () => {
    const asking = { id: "q", signal: new AbortController().signal };
    return sandbox.ask(asked.newest(), { ...QUESTION, sql: "SELECT 1" }, asking);
  };
  const refusal = await ask();
  assert.equal("refused" in refusal && refusal.refused, "sql_ended");
  const answer = await ask();
  assert.ok("body" in answer, JSON.stringify(answer));
});

Deno.test("a query that doesn't end is stopped, and so is one whose asker has gone", async () => {
  await using asked = await openAsked({ queryMs: 300 });
  await asked.rows("SELECT 1");
  const process = asked.sandbox.process();
  const stopped = await asked.ask(ENDLESS);
  assert.equal("refused" in stopped && stopped.refused, "sql_too_long");
  assert.match("detail" in stopped ? stopped.detail : "", /0\.3 s/);

  assert.equal(asked.sandbox.process(), process, "an interrupt is enough");

  await using patient = await openAsked({ queryMs: 20_000 });
  for (let afterMs = 0; afterMs < 20; afterMs++) {
    const leaving = new AbortController();
    const said = patient.ask(ENDLESS, {}, leaving.signal);
    const next = patient.rows("SELECT 2");
    await new Promise((resolve) => setTimeout(resolve, afterMs)); // at any moment, on the heels of another
    leaving.abort();
    const refusal = await said;
    assert.match("refused" in refusal ? refusal.detail : "", /has gone/, `after ${afterMs} ms`);
    assert.deepEqual(await next, [[2]]);
  }
});

Deno.test("few questions wait, and the others are told to come again", async () => {
  await using asked = await openAsked({ queryMs: 300 });
  const said = await Promise.all(
    Array.from({ length: 100 }, (_, i) => asked.ask(i === 0 ? ENDLESS : "SELECT 1")),
  );
  const kinds = new Set(said.map((one) => "refused" in one ? one.refused : "answered"));
  assert.deepEqual([...kinds].sort(), ["answered", "sql_busy", "sql_too_long"]);
});

Deno.test("each generation answers for itself, also when many are asked in turns", async () => {
  await using asked = await openAsked({ cells: [cellOf(START)] });
  const generations = [asked.newest()];
  for (let votes = 2; votes <= 6; votes++) {
    await asked.snapshots.save(captureOf(votes, START + votes * 1000, { cells: [cellOf(START)] }));
    generations.push(asked.newest());
  }
  const sumOf = (generation: typeof generations[number]) =>
    asked.rows(
      "SELECT sum(votes), (SELECT max(version) FROM snapshots) FROM votes_by_window",
      {},
      generation,
    );
  for (const order of [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [0, 5, 0, 3]]) {
    for (const i of order) assert.deepEqual(await sumOf(generations[i]), [[i + 1, 11 + i]]);
  }
});

Deno.test("a generation is there whatever becomes of the first question to it", async () => {
  await using asked = await openAsked({ queryMs: 60_000 });
  while ("refused" in await asked.ask("SELECT 1")) { // a busy machine takes its time to start the process
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (let votes = 2; votes <= 5; votes++) {
    await asked.snapshots.save(captureOf(votes, START + votes * 1000));
    const refusal = await asked.ask(["SELECT '\0'", "DROP TABLE results", "SELECT", ""][votes - 2]);
    assert.equal("refused" in refusal && refusal.refused, "sql_refused");
    assert.deepEqual(await asked.rows("SELECT max(version) FROM snapshots"), [[10 + votes]]);
  }
});

Deno.test("each generation says what the checks found by then; one that kept none says nothing", async () => {
  await using asked = await openAsked({ cells: [cellOf(START)] });
  const generations = [asked.newest()];
  const beyond = 2 ** 40 + 1; // what no INTEGER holds
  for (const value of [beyond, null]) {
    const at = START + generations.length * 1000;
    const checks: Check[] = [{ ...unknown("counted", ""), value, expected: 7, status: "finding" }];
    const quality = { asOf: at - 500, checks };
    await asked.snapshots.save(captureOf(1 + generations.length, at, { quality }));
    generations.push(asked.newest());
  }
  generations.push({ ...asked.newest(), sha256: "another", quality: null });
  const found = await Promise.all(
    generations.map((one) => asked.rows("SELECT * REPLACE (epoch_ms(as_of) AS as_of) FROM quality", {}, one)),
  );
  assert.deepEqual(found, [
    [],
    [["counted", beyond, 7, "finding", START + 500]],
    [["counted", null, 7, "finding", START + 1500]],
    [],
  ]);
});

Deno.test("parameters take the type of their place, or the one they are declared with", async () => {
  await using asked = await openAsked({ cells: someCells() });
  const rows = (sql: string, parameters: Record<string, string | null>) =>
    asked.rows(sql, {
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, text]) => [name, { text }])),
    });
  assert.deepEqual(await rows("SELECT 10 > $n::INTEGER, typeof($n)", { n: "9" }), [[true, "INTEGER"]]);
  assert.deepEqual(await rows("SELECT count(*) FROM results WHERE total_votes > $n", { n: "9" }), [[2]]);
  const from = "2026-05-07T10:04:50Z";
  const late = "SELECT count(DISTINCT window_start) FROM votes_by_window WHERE window_start >= $from";
  assert.deepEqual(await rows(late, { from }), [[1]]);
  assert.deepEqual(await rows("SELECT $a || 'x', $b IS NULL", { a: "007", b: null }), [["007x", true]]);
  const declared = { n: { text: "007", type: "integer" } } as const;
  assert.deepEqual(await asked.rows("SELECT $n, $n + 1", { parameters: declared }), [[7, 8]]);
  const wrong = await asked.ask("SELECT $n", { parameters: { n: { text: "many", type: "integer" } } });
  assert.match("detail" in wrong ? wrong.detail : "", /param_n.*many/);
});

Deno.test("every table adds up to the same votes, at every generation of an election that goes on", async () => {
  await using asked = await openAsked({ cells: someCells() });
  for (let more = 1; more <= 4; more++) {
    const cells = someCells(more * 3);
    await asked.snapshots.save(captureOf(1 + more, START + more * 1000, { cells }));
    const [[fromResults, fromWindows, fromPlaces, shares]] = await asked.rows(`
      SELECT (SELECT sum(total_votes) FROM results), (SELECT sum(votes) FROM votes_by_window),
             (SELECT sum("count") FROM turnout_by_location), (SELECT round(sum(share), 3) FROM results)`);
    const added = [30, 3, 6, 9, 12].slice(0, more + 1).flatMap((windows) => someCells(windows));
    const expected = added.reduce((sum, { votes }) => sum + votes, 0);
    assert.deepEqual([fromResults, fromWindows, fromPlaces, shares], [expected, expected, expected, 1]);
  }
});

Deno.test("the lead passes when somebody gets ahead of all others in a window that is closed, and in no tie", async () => {
  const window = (i: number, votes: Record<string, number>) =>
    Object.entries(votes).map(([candidateId, votes]) =>
      cellOf(START - (10 - i) * 10_000, { candidateId, votes })
    );
  // Windows that end at START or before are closed.
  const cells = [
    ...window(0, { a1: 1, b2: 1 }), // 1:1, nobody leads
    ...window(1, { a1: 2 }), // 3:1
    ...window(2, { b2: 2 }), // 3:3, a tie passes nothing
    ...window(3, { a1: 1 }), // 4:3, as before
    ...window(5, { b2: 5 }), // 4:8
    ...window(10, { a1: 100 }), // still open
  ];
  await using asked = await openAsked({ cells });
  const end = (i: number) => new Date(START - (9 - i) * 10_000).toISOString();
  assert.deepEqual(await asked.rows("FROM lead_changes"), [[end(1), "a1", 2], [end(5), "b2", 4]]);
});

Deno.test("where its process doesn't start, whoever asks is told so soon, and the log once", async () => {
  await using sound = await openAsked();
  const commands = [
    ["false"], // it ends at once, as where a limit doesn't let it begin
    ["sleep", "600"], // it says nothing
    ["/nowhere/at/all"],
  ];
  await Promise.all(commands.map(async (command) => {
    const notices: string[] = [];
    await using sandbox = await openSandbox({
      folder: `${sound.folder.dir}/public`,
      snapshots: sound.snapshots,
      launch: { command, confinements: [] },
      onNotice: (message) => notices.push(message),
    });
    for (let i = 0; i < 5; i++) {
      const asking = { id: `q${i}`, signal: new AbortController().signal };
      const said = await sandbox.ask(sound.newest(), { ...QUESTION, sql: "SELECT 1" }, asking);
      assert.equal("refused" in said && said.refused, "sql_unavailable", command[0]);
    }
    assert.equal(notices.length, 1, notices.join("\n"));
  }));
});

Deno.test("a question that comes when the process has just ended is told so, and doesn't wait for ever", async () => {
  const process = startSandboxProcess(["true"]);
  await process.ended;
  const said = await process.ask({
    kind: "ask",
    id: "q",
    question: QUESTION,
    generation: "",
    open: null,
    close: [],
    withinMs: 1,
    version: 1,
    asOf: "",
  });
  assert.equal(said, null);
});
