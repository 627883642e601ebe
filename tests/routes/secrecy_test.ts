/** Without the right token nothing tells who is registered or has voted: no answer, and not the time it takes. @module */
import assert from "node:assert/strict";
import { openPolls, type Polls, type SendOptions, voterOf } from "./polls.ts";

const VOTES = "/api/v1/votes";
/** One address may fail so often that it is put off; this many are none of them put off. */
let addresses = 0;
const nextAddress = () => `192.0.${(addresses >> 8) % 256}.${addresses++ % 256}`;

const vote = (voter_id: string, candidate_id = "c0") => ({ voter_id, candidate_id });
const voters = { unknown: "nobody", registered: "v0", voted: "v2" };

/** Votes with the voter's own token, and gives the place. */
async function castAs(polls: Polls, voter: string): Promise<string> {
  const response = await polls.send(VOTES, vote(voter), { token: polls.tokens.of(voter) });
  assert.equal(response.status, 202);
  const { partition, offset } = await response.json();
  return `${partition}/${offset}`;
}

/** Every route that a voter's token opens; a receipt has no name in its path, so it is asked for at each one's place. */
function routesOf(polls: Polls, places: Record<string, string>) {
  const routes: Record<string, (voter: string, options: SendOptions) => Promise<Response>> = {
    vote: (voter, options) => polls.send(VOTES, vote(voter), options),
    "vote for nobody": (voter, options) => polls.send(VOTES, vote(voter, "nobody"), options),
    array: (voter, options) => polls.send(VOTES, [vote(voter)], options),
    accreditation: (voter, options) => polls.send("/api/v1/voters", voterOf(voter), options),
    "accreditation of other content": (voter, options) =>
      polls.send("/api/v1/voters", { ...voterOf(voter), registered_age: 1 }, options),
    token: (voter, options) => polls.send(`/api/v1/voters/${voter}/token`, undefined, options),
    receipt: (voter, options) =>
      polls.send(`${VOTES}/${places[voter]}`, undefined, { method: "GET", ...options }),
  };
  return Object.entries(routes);
}

Deno.test("nothing reveals who is registered or has voted without the right token", async () => {
  await using polls = await openPolls();
  await polls.accredit(3);
  const places = { nobody: "99/0", v0: "0/99", v2: await castAs(polls, "v2") };
  const wrongTokens = { none: null, wrong: "x".repeat(43), other: polls.tokens.of("v1"), short: "x" };
  const answers = new Set<string>();
  for (const [route, ask] of routesOf(polls, places)) {
    for (const [kind, token] of Object.entries(wrongTokens)) {
      for (const [standing, voter] of Object.entries(voters)) {
        const response = await ask(voter, { token, address: nextAddress() });
        const { status, headers } = response;
        answers.add(JSON.stringify([status, [...headers], await response.text()]));
        assert.equal(answers.size, 1, `${route}, ${kind} token, ${standing} voter: ${[...answers].at(-1)}`);
      }
    }
  }
  assert.match([...answers][0], /^\[401,/);

  // The right token of somebody who isn't registered is no key to anything either.
  const cast = (voter: string) => polls.send(VOTES, vote(voter), { token: polls.tokens.of(voter) });
  const statuses = await Promise.all(["nobody", "v0", "v2"].map(async (voter) => (await cast(voter)).status));
  assert.deepEqual(statuses, [401, 202, 409]);
});

Deno.test("a wrong token takes the same work whoever it is for, on every route: the time tells nothing", async () => {
  let ms = 0;
  await using polls = await openPolls({ now: () => Date.now() + ms });
  await polls.accredit(5);
  // That a vote stands somewhere is public, whose it is isn't: so each place has one.
  const [v2, nobody, v0] = [await castAs(polls, "v2"), await castAs(polls, "v3"), await castAs(polls, "v4")];
  const places = { nobody, v0, v2 };
  const token = "x".repeat(43);
  for (const [route, ask] of routesOf(polls, places)) {
    const times: Record<string, number[]> = { nobody: [], v0: [], v2: [] };
    for (let round = 0; round < 100; round++) {
      for (const [voter, taken] of Object.entries(times)) {
        const startedAt = performance.now();
        const response = await ask(voter, { token, address: nextAddress() });
        taken.push(performance.now() - startedAt);
        assert.equal(response.status, 401);
        await response.body?.cancel();
      }
      ms += 1_000;
    }
    const median = (taken: number[]) => taken.toSorted((a, b) => a - b)[taken.length / 2];
    const medians = Object.values(times).map(median);
    // A class, not a race: a look into the log or a commit would show as a factor of ten.
    assert.ok(Math.max(...medians) < 3 * Math.min(...medians), `${route}: ${medians} ms`);
  }
});
