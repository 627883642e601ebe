import assert from "node:assert/strict";
import { candidateOf, countIn, inDataDir, openLogIn, voteOf, voterOf } from "../scenarios/electorate.ts";
import type { Entries } from "./journal.ts";
import { RULES } from "./soak.ts";
import { isClean, judge } from "./verdict.ts";

Deno.test("a vote that is lost, elsewhere, invented, changed or counted twice is found, and nothing else is", () =>
  inDataDir(async (dataDir) => {
    const ids = ["v0", "v1", "v2", "v3"];
    const append = async () => {
      await using log = openLogIn(dataDir);
      await log.append("candidates_topic", ["a", "b"].map(candidateOf));
      await log.append("voters_topic", ids.map(voterOf));
      return await log.append("votes_topic", ids.map((id) => voteOf(id, "a")));
    };
    const positions = await append();
    const results = await countIn({ DATA_DIR: dataDir });
    await using log = openLogIn(dataDir);
    const judged = (entries: Entries, shown = results) =>
      judge(entries, { log, rules: RULES, results: shown, sql: null });

    const attempts = ids.map((voter) => ({ voter, candidate: "a" }));
    const answers = ids.map((voter, i) => ({ voter, status: 202, ...positions[i] }));
    // Not everybody need have heard, nor need an attempt have come to anything.
    const clean = await judged({
      attempts: [...attempts, { voter: "v4", candidate: "b" }],
      answers: answers.slice(1),
    });
    assert.ok(isClean(clean));
    assert.deepEqual(clean.voters, { attempted: 5, answered: 3, counted: 4 });

    const told = { voter: "v4", status: 202, partition: 0, offset: 0 };
    const lost = await judged({ attempts: [...attempts, { voter: "v4", candidate: "a" }], answers: [told] });
    assert.deepEqual(lost.lost, ["v4"]);
    const elsewhere = { ...answers[1], offset: answers[1].offset + 1 };
    assert.deepEqual((await judged({ attempts, answers: [answers[0], elsewhere] })).lost, ["v1"]);
    assert.deepEqual((await judged({ attempts: attempts.slice(1), answers: [] })).invented, ["v0"]);
    const otherwise = attempts.with(2, { voter: "v2", candidate: "b" });
    assert.deepEqual((await judged({ attempts: otherwise, answers: [] })).invented, ["v2"]);
    const twice = { ...results, totals: { ...results.totals, votes: 5 } };
    const double = await judged({ attempts, answers }, twice);
    assert.equal(double.double, 1);
    assert.match(double.differences.join("\n"), /^results: votes: 5, not 4$/m);
  }));
