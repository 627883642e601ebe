/** Accreditation over HTTP: who gets on the register, and what is refused. @module */
import assert from "node:assert/strict";
import { candidateOf, openPolls, type Polls, voterOf } from "./polls.ts";

const VOTERS = "/api/v1/voters";

async function statusesOf(response: Response): Promise<number[]> {
  assert.equal(response.status, 207);
  const { items } = await response.json();
  return items.map(({ status }: { status: number }) => status);
}

function accreditedIn(polls: Polls): number {
  return polls.stream.folds.reduce((sum, fold) => sum + fold.accredited, 0);
}

Deno.test("a voter is accredited once: the same again is welcome, other content is not", async () => {
  await using polls = await openPolls();
  const first = await polls.send(VOTERS, voterOf("v0"));
  assert.equal(first.status, 201);
  const body = await first.json();
  assert.deepEqual(body, { voter_id: "v0", token: polls.tokens.of("v0") });
  const { voter_id, ...rest } = voterOf("v0");
  const again = await polls.send(VOTERS, { ...rest, voter_id }); // the order of fields is no content
  assert.equal(again.status, 200);
  assert.deepEqual(await again.json(), body);
  const other = await polls.send(VOTERS, { ...voterOf("v0"), registered_age: 43 });
  assert.equal(other.status, 409);
  assert.equal((await other.json()).code, "other_content");
  assert.equal((await polls.log.ends("voters_topic")).reduce((a, b) => a + b), 1);
  const token = await polls.send(`${VOTERS}/v0/token`);
  assert.deepEqual(await token.json(), body);
  assert.equal((await (await polls.send(`${VOTERS}/v1/token`)).json()).code, "unknown_voter");
});

Deno.test("a candidate is accredited once, too", async () => {
  await using polls = await openPolls();
  const send = (change = {}) => polls.send("/api/v1/candidates", { ...candidateOf("c0"), ...change });
  const answers = [await send(), await send(), await send({ biography: "Two\nlines" })];
  assert.deepEqual(answers.map(({ status }) => status), [201, 200, 409]);
  assert.deepEqual(await answers[0].json(), { candidate_id: "c0" });
});

Deno.test("simultaneous accreditations of one id put one record into the log, and each is answered truly", async () => {
  await using polls = await openPolls();
  const ages = [1, 1, 2, 2, 1];
  const answers = await Promise.all(
    ages.map((registered_age) => polls.send(VOTERS, { ...voterOf("v0"), registered_age })),
  );
  assert.deepEqual(answers.map(({ status }) => status), [201, 200, 409, 409, 200]);
  assert.equal((await polls.log.ends("voters_topic")).reduce((a, b) => a + b), 1);
});

Deno.test("an array is answered item by item, in its order", async () => {
  await using polls = await openPolls();
  const response = await polls.send(VOTERS, [
    voterOf("v0"),
    voterOf("v0"),
    { ...voterOf("v0"), gender: "male" },
    { voter_id: "v1" },
    7,
    voterOf("v2"),
  ]);
  assert.deepEqual(await statusesOf(response), [201, 200, 409, 400, 400, 201]);
  assert.equal(accreditedIn(polls), 2);
});

Deno.test("a thousand voters are accredited at once, and no more", async () => {
  await using polls = await openPolls();
  const people = Array.from({ length: 1001 }, (_, i) => voterOf(`v${i}`));
  assert.equal((await polls.send(VOTERS, people)).status, 400);
  assert.deepEqual(new Set(await statusesOf(await polls.send(VOTERS, people.slice(1)))), new Set([201]));
  assert.equal(accreditedIn(polls), 1000);
});

Deno.test("text is kept as NFC; what can't be seen or turns text around is refused", async () => {
  await using polls = await openPolls();
  const named = (voter_name: string) => polls.send(VOTERS, { ...voterOf(`of ${voter_name}`), voter_name });
  for (const name of ["José", "محمد", "李小龍", "O’Neill 🗳️", ""]) {
    assert.equal((await named(name)).status, 201, name);
  }
  for (
    const name of ["a\u0000b", "a\nb", "a\u202eb", "\u2067a", "a\u200fb", "x".repeat(201), "x".padEnd(801)]
  ) {
    assert.equal((await named(name)).status, 400, JSON.stringify(name));
  }
  // Marks whose order takes a minute and more to put right: refused for their number before that.
  const voter_name = "a" + "\u0301\u0316".repeat(200_000);
  assert.equal((await polls.send(VOTERS, { ...voterOf("v0"), voter_name })).status, 400);
  const decomposed = "Co\u0302te d\u2019E\u0301meraude";
  await polls.send(VOTERS, { ...voterOf("v0"), address: { state: ` ${decomposed} ` } });
  const states = polls.stream.folds.flatMap(({ states }) => states.names);
  assert.ok(states.includes(decomposed.normalize("NFC")), states.join());
});

Deno.test("an id may be any 1 to 128 characters, and votes and gets its token like any other", async () => {
  await using polls = await openPolls();
  await polls.accredit(0);
  const ids = ["a/b", "a b%2F", "ünï", "🗳️".repeat(40), "x".repeat(128), " ", "?#", "e\u0301", "\u00e9"];
  assert.deepEqual(new Set(await statusesOf(await polls.send(VOTERS, ids.map(voterOf)))), new Set([201]));
  for (const id of ids) {
    const response = await polls.send(`${VOTERS}/${encodeURIComponent(id)}/token`);
    assert.equal(response.status, 200, id);
    const { voter_id, token } = await response.json();
    assert.equal(voter_id, id);
    const cast = await polls.send("/api/v1/votes", { voter_id, candidate_id: "c0" }, { token });
    assert.equal(cast.status, 202, id);
    await cast.body?.cancel();
  }
  assert.equal(polls.stream.folds.reduce((sum, { tally }) => sum + tally.totalVotes, 0), ids.length);
});

Deno.test("what a voter or a candidate must have, and may not have, is said by field", async () => {
  await using polls = await openPolls();
  const cases: [string, unknown, string][] = [
    [VOTERS, { ...voterOf("v0"), registered_age: 131 }, "registered_age"],
    [VOTERS, { ...voterOf("v0"), registered_age: "42" }, "registered_age"],
    [VOTERS, { ...voterOf("v0"), gender: "unknown" }, "gender"],
    [VOTERS, { ...voterOf("v0"), address: {} }, "address.state"],
    [VOTERS, { ...voterOf("v0"), address: { state: " " } }, "address.state"],
    [VOTERS, { ...voterOf("v0"), nickname: "x" }, "nickname"],
    [VOTERS, { ...voterOf("v0"), address: { state: "Kent", planet: "Earth" } }, "address.planet"],
    [VOTERS, { ...voterOf("v0"), picture: "javascript:alert(1)" }, "picture"],
    ["/api/v1/candidates", { ...candidateOf("c0"), candidate_name: "" }, "candidate_name"],
    ["/api/v1/candidates", { candidate_id: "c0", candidate_name: "A" }, "party_affiliation"],
  ];
  for (const [path, body, field] of cases) {
    const response = await polls.send(path, body);
    const { code, errors } = await response.json();
    assert.deepEqual([response.status, code, errors.map((e: { path: string }) => e.path)], [400, "invalid", [
      field,
    ]]);
  }
});
