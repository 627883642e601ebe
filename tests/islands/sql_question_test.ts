/** What the console asks, and at which addresses. @module */
import assert from "node:assert/strict";
import {
  answerAddress,
  MAX_PARAMETERS,
  namedOf,
  parameterNames,
  permalink,
} from "../../islands/sql_question.ts";

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
  assert.deepEqual(parameterNames("SELECT $a -- $b\r, $c"), ["a", "c"]);
  for (const unterminated of ["'", '"', "/*", "--"]) {
    assert.deepEqual(parameterNames(`SELECT $a ${unterminated} $b`), ["a"], unterminated);
  }
});

Deno.test("of many parameters the first ones are found", () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `p${i}`);
  const query = names.map((name) => `$${name}`).join();
  assert.deepEqual(parameterNames(query), names.slice(0, MAX_PARAMETERS));
});

Deno.test("a parameter is given nothing by what every object has", () => {
  const question = ask("SELECT $toString, $constructor, $__proto__");
  assert.equal(permalink(question, null), `/sql?${new URLSearchParams({ query: question.query })}`);
});

/** By the square of their length these would take many minutes. */
const LONG = 2 ** 21;
/** Only what hangs takes longer. */
const HANGS_MS = 60_000;

Deno.test("a text that opens again and again what it never closes is looked through once", async () => {
  const module = new URL("../../islands/sql_question.ts", import.meta.url);
  const source = `import { parameterNames } from "${module}";
    self.onmessage = ({ data }) => self.postMessage(parameterNames(data));`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" }); // what hangs in this thread could not be ended
  try {
    for (const piece of ["/*+", "'\"", "''", '""', "'/*", "$a", "$", "--", "-- '\n", "/*'*/", "$a$"]) {
      const found = Promise.withResolvers<string[]>();
      worker.onmessage = ({ data }) => found.resolve(data);
      worker.onerror = ({ message }) => found.reject(new Error(message));
      const timer = setTimeout(() => found.reject(new Error(`${piece} hangs`)), HANGS_MS);
      worker.postMessage(piece.repeat(LONG / piece.length));
      await found.promise.finally(() => clearTimeout(timer));
    }
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
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
