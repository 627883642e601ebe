/** Voting over HTTP: what is answered, and that nothing is revealed without the right token. @module */
import assert from "node:assert/strict";
import type { EventLog } from "../../pipeline/log.ts";
import { timeWrittenOf } from "../../pipeline/voter_table.ts";
import { ADMIN_TOKEN, candidateOf, openPolls, type Polls, voterOf } from "./polls.ts";

const VOTES = "/api/v1/votes";
const vote = (voter_id: string, candidate_id = "c0") => ({ voter_id, candidate_id });

/** A vote with her own token. */
function castAs(polls: Polls, voterId: string, candidateId = "c0"): Promise<Response> {
  return polls.send(VOTES, vote(voterId, candidateId), { token: polls.tokens.of(voterId) });
}

async function codeOf(response: Response): Promise<string> {
  return `${response.status} ${(await response.json()).code}`;
}

Deno.test("a vote is answered with where it stands, every later one with where that is", async () => {
  await using polls = await openPolls();
  await polls.accredit(1);
  const first = await castAs(polls, "v0");
  assert.equal(first.status, 202);
  const position = await first.json();
  for (const candidate of ["c0", "c1", "nobody"]) {
    const again = await castAs(polls, "v0", candidate);
    assert.equal(again.status, 409);
    const { code, partition, offset } = await again.json();
    assert.deepEqual({ code, partition, offset }, { code: "has_voted", ...position });
  }
  const receipt = await polls.send(`${VOTES}/${position.partition}/${position.offset}`, undefined, {
    method: "GET",
    token: polls.tokens.of("v0"),
  });
  assert.deepEqual(await receipt.json(), { ...position, state: "counted" });
});

Deno.test("a vote is written as consumers know it: the registry's candidate, the voter's state, nothing else", async () => {
  await using polls = await openPolls({ now: () => Date.UTC(2026, 4, 7, 12) });
  await polls.send("/api/v1/candidates", { ...candidateOf("c0"), photo_url: "/portraits/c0.svg" });
  await polls.send("/api/v1/voters", { ...voterOf("v0"), voter_name: "Ann" });
  const { partition } = await (await castAs(polls, "v0")).json();
  const ending = new AbortController();
  for await (const batch of polls.log.read("votes_topic", new Map([[partition, 0]]), ending.signal)) {
    const value = batch.bytes.subarray(batch.bounds[2], batch.bounds[3]);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(value)), {
      voter_id: "v0",
      candidate_id: "c0",
      candidate_name: "Amelia Hartley",
      party_affiliation: "Management Party",
      photo_url: "/portraits/c0.svg",
      voting_time: "2026-05-07T12:00:00.000Z",
      address: { state: "Kent" },
      vote: 1,
    });
    break;
  }
});

Deno.test("after many wrong tokens an address is put off, others are not, and time heals it", async () => {
  let ms = Date.now();
  await using polls = await openPolls({ now: () => ms, trustedProxies: 1 });
  await polls.accredit(1);
  const from = (address: string) => ({ "X-Forwarded-For": `10.0.0.9, ${address}` });
  const wrong = (address: string) =>
    polls.send(VOTES, vote("v0"), { token: "wrong", headers: from(address), address: "127.0.0.1" });
  for (let i = 0; i < 30; i++) assert.equal((await wrong("2001:db8::1")).status, 401);
  const blocked = await wrong("2001:db8:0:0:1::2"); // the same network
  assert.equal(blocked.headers.get("Retry-After"), "60");
  assert.equal(await codeOf(blocked), "429 too_many_failures");
  assert.equal((await wrong("2001:db8:1::1")).status, 401);
  const hers = { token: polls.tokens.of("v0"), headers: from("2001:db8::1") };
  assert.equal((await polls.send(VOTES, vote("v0"), hers)).status, 429);
  ms += 60_000;
  assert.equal((await polls.send(VOTES, vote("v0"), hers)).status, 202);
});

Deno.test("what a vote lacks is said with a code, and with where", async () => {
  await using polls = await openPolls();
  await polls.accredit(2);
  const token = polls.tokens.of("v0");
  const cases: [unknown, string][] = [
    ["", "400 malformed"],
    ["{", "400 malformed"],
    [new Uint8Array([0x22, 0xff, 0x22]), "400 malformed"],
    ["null", "400 invalid"],
    [{ voter_id: "v0" }, "400 invalid"],
    [{ ...vote("v0"), vote: 1 }, "400 invalid"],
    [{ ...vote("v0"), voting_time: "2026-05-07T12:00:00Z" }, "400 invalid"],
    [vote("v".repeat(129)), "400 invalid"],
    ['{"voter_id":"\\ud800","candidate_id":"c0"}', "400 invalid"],
    [vote("v0", "nobody"), "422 unknown_candidate"],
  ];
  for (const [body, expected] of cases) {
    assert.equal(await codeOf(await polls.send(VOTES, body, { token })), expected, String(body));
  }
  const { errors } = await (await polls.send(VOTES, { voter_id: 1, candidate_id: "" }, { token })).json();
  assert.deepEqual(errors.map(({ path }: { path: string }) => path), ["voter_id", "candidate_id"]);
  const form = { token, headers: { "Content-Type": "application/x-www-form-urlencoded" } };
  assert.equal(await codeOf(await polls.send(VOTES, "voter_id=v0", form)), "415 unsupported_media_type");
});

Deno.test("an array of votes is answered item by item, and may say when they were cast", async () => {
  await using polls = await openPolls();
  await polls.accredit(3);
  const voting_time = "2026-05-07T13:00:00+01:00";
  const response = await polls.send(VOTES, [
    { ...vote("v0"), voting_time },
    vote("v0", "c1"),
    vote("nobody"),
    vote("v1", "nobody"),
    { ...vote("v2"), voting_time: "soon" },
    vote("v2"),
  ]);
  assert.equal(response.status, 207);
  const { items } = await response.json();
  assert.deepEqual(items.map(({ status }: { status: number }) => status), [202, 409, 404, 422, 400, 202]);
  assert.deepEqual(
    [items[1].partition, items[1].offset],
    [items[0].partition, items[0].offset],
  );
  const { voters } = polls.stream.folds[items[0].partition];
  const times = Array.from({ length: voters.size }, (_, voter) => timeWrittenOf(voters, voter));
  assert.ok(times.includes(Date.parse(voting_time)));
  for (const array of [[], Array(1001).fill(vote("v0"))]) {
    assert.equal(await codeOf(await polls.send(VOTES, array)), "400 invalid");
  }
  assert.equal(
    await codeOf(await polls.send(VOTES, [vote("v1")], { token: polls.tokens.of("v1") })),
    "401 unauthorized",
  );
  assert.equal(await codeOf(await polls.send(VOTES, vote("v1"), { token: ADMIN_TOKEN })), "401 unauthorized");
});

Deno.test("before opening and after closing a vote is refused and not written; who has voted is told so still", async () => {
  let ms = Date.UTC(2026, 4, 7, 6);
  const rules = { opensAt: Date.UTC(2026, 4, 7, 7), closesAt: Date.UTC(2026, 4, 7, 22) };
  await using polls = await openPolls({ now: () => ms, rules });
  await polls.accredit(2);
  assert.equal(await codeOf(await castAs(polls, "v0")), "403 not_open");
  ms = rules.opensAt;
  assert.equal((await castAs(polls, "v0")).status, 202);
  ms = rules.closesAt;
  assert.equal((await castAs(polls, "v0")).status, 409);
  assert.equal(await codeOf(await castAs(polls, "v1")), "403 not_open");
  assert.equal((await polls.log.ends("votes_topic")).reduce((a, b) => a + b), 1);
});

Deno.test("a vote that the log takes after closing is not said to stand", async () => {
  const closesAt = Date.UTC(2026, 4, 7, 22);
  let ms = closesAt - 1;
  const through = (log: EventLog): EventLog => ({
    ...log,
    append(topic, records) {
      if (topic === "votes_topic") ms = closesAt;
      return log.append(topic, records);
    },
  });
  await using polls = await openPolls({ now: () => ms, rules: { closesAt }, through });
  await polls.accredit(1);
  assert.equal(await codeOf(await castAs(polls, "v0")), "403 not_open");
  assert.equal((await polls.log.ends("votes_topic")).reduce((a, b) => a + b), 1);
});

Deno.test("while the log is being read nothing is taken", async () => {
  await using polls = await openPolls({ caughtUp: false });
  for (
    const response of [
      await castAs(polls, "v0"),
      await polls.send(VOTES, [vote("v0")]),
      await polls.send("/api/v1/voters", voterOf("v0")),
      await polls.send("/api/v1/candidates", candidateOf("c0")),
      await polls.send("/api/v1/voters/v0/token"),
      await polls.send(`${VOTES}/0/0`, undefined, { method: "GET" }),
    ]
  ) {
    assert.equal(response.headers.get("Retry-After"), "5");
    assert.equal(await codeOf(response), "503 catching_up");
  }
});
