/** What the console asks, and at which addresses. @module */
import assert from "node:assert/strict";
import { answerAddress, namedOf, parameterNames, permalink } from "../../islands/sql_question.ts";

const FROM = {
  name: "votes_per_minute",
  title: "Votes per minute",
  description: "Votes.",
  sql: "SELECT $every\nFROM results",
  parameters: { every: { type: "integer", default: "60", description: "Seconds" } },
};
const ask = (query: string, parameters = {}, asOf = "") => ({ query, parameters, asOf });

Deno.test("parameters are found where SQL has them, and not in texts, names or comments", () => {
  assert.deepEqual(parameterNames("SELECT $b, $a, $b::BIGINT FROM t WHERE x=$c_1"), ["b", "a", "c_1"]);
  assert.deepEqual(parameterNames(`SELECT '$a it''s $b', "$c" -- $d\n/* $e\n */ , $f`), ["f"]);
});

Deno.test("a named query keeps its name until its text is changed", () => {
  const same = ask("SELECT $every\r\nFROM results\n", { every: "30" });
  assert.equal(namedOf(same, FROM), FROM);
  assert.equal(permalink(same, FROM), "/sql?name=votes_per_minute&param_every=30");
  assert.equal(answerAddress(same, FROM, "csv"), "/api/v1/queries/votes_per_minute.csv?param_every=30");
  const other = ask("SELECT 1 AS é", { every: "30" }, " 10504 ");
  assert.equal(permalink(other, FROM), "/sql?query=SELECT+1+AS+%C3%A9&as_of=10504");
  assert.equal(answerAddress(other, FROM, "arrow"), "/api/v1/sql.arrow?as_of=10504&query=SELECT+1+AS+%C3%A9");
  assert.equal(
    answerAddress(other, null, "json", { limit: "5" }, false),
    "/api/v1/sql.json?as_of=10504&limit=5",
  );
});
