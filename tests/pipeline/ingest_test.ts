/** Ingest: bounded, one at a time for each id, and true about what it doesn't know. @module */
import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import type { EventLog } from "../../pipeline/log.ts";
import { openPolls, type Polls } from "../routes/polls.ts";

const vote = { voter_id: "v0", candidate_id: "c0" };

function cast(polls: Polls, voter_id = "v0"): Promise<Response> {
  return polls.send("/api/v1/votes", { ...vote, voter_id }, { token: polls.tokens.of(voter_id) });
}

async function codeOf(response: Response): Promise<string> {
  return `${response.status} ${(await response.json()).code}`;
}

async function records(polls: Polls): Promise<number> {
  return (await polls.log.ends("votes_topic")).reduce((a, b) => a + b);
}

/** Asks again, as a client would, until the answer isn't "try again"; each time lets the log have its turn. */
async function persist(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A log whose appends to votes_topic wait until they are let go. */
function gated() {
  let open = () => {};
  const gate = new Promise<void>((resolve) => open = resolve);
  const through = (log: EventLog): EventLog => ({
    ...log,
    async append(topic, records) {
      if (topic === "votes_topic") await gate;
      return await log.append(topic, records);
    },
  });
  return { through, open };
}

const lost = () => new Fault("LOG_UNAVAILABLE", "the answer was lost", { retryable: true });

Deno.test("of simultaneous votes of one voter one is written, and all are told where it stands", async () => {
  await using polls = await openPolls();
  await polls.accredit(1);
  const answers = await Promise.all(Array.from({ length: 8 }, () => cast(polls)));
  assert.deepEqual(answers.map(({ status }) => status), [202, ...Array(7).fill(409)]);
  const bodies = await Promise.all(answers.map((answer) => answer.json()));
  assert.equal(new Set(bodies.map(({ partition, offset }) => `${partition}/${offset}`)).size, 1);
  assert.equal(await records(polls), 1);
});

Deno.test("a log that takes too long is a 503; a retry waits for that same vote, and is told where it stands", async () => {
  const { through, open } = gated();
  await using polls = await openPolls({ through, limits: { appendMs: 50 } });
  await polls.accredit(1);
  assert.equal(await codeOf(await cast(polls)), "503 outcome_unknown");
  assert.equal(await codeOf(await cast(polls)), "503 outcome_unknown");
  open();
  const retried = await cast(polls);
  assert.equal(retried.status, 409);
  assert.equal((await retried.json()).offset, 0);
  assert.equal(await records(polls), 1);
});

for (const stands of [true, false]) {
  Deno.test(
    `after an append that failed, its record ${
      stands ? "written" : "lost"
    }, a retry is answered by what stands`,
    async () => {
      let failures = 1;
      const through = (log: EventLog): EventLog => ({
        ...log,
        async append(topic, records) {
          if (topic !== "votes_topic" || failures-- <= 0) return await log.append(topic, records);
          if (stands) await log.append(topic, records);
          throw lost();
        },
      });
      await using polls = await openPolls({ through });
      await polls.accredit(1);
      assert.equal(await codeOf(await cast(polls)), "503 outcome_unknown");
      assert.equal(polls.failures.length, 1);
      const retried = await persist(() => cast(polls));
      assert.equal(retried.status, stands ? 409 : 202);
      assert.equal((await retried.json()).offset, 0);
      assert.equal(await records(polls), 1);
    },
  );
}

Deno.test("while the log can't be asked what stands, nothing is written twice", async () => {
  let down = true, appends = 0;
  const through = (log: EventLog): EventLog => ({
    ...log,
    async append(topic, records) {
      if (topic === "votes_topic") appends++;
      const positions = await log.append(topic, records);
      if (topic === "votes_topic") throw lost();
      return positions;
    },
    async ends(topic) {
      if (down) throw lost();
      return await log.ends(topic);
    },
  });
  await using polls = await openPolls({ through });
  await polls.accredit(1);
  // The fold has read it long before the log says so: that is enough to answer.
  assert.equal((await cast(polls)).status, 503);
  const answer = await persist(() => cast(polls));
  assert.equal(answer.status, 409);
  assert.equal(appends, 1);
  down = false;
});

Deno.test("a vote of another process that stands first is the one that is named", async () => {
  const encoder = new TextEncoder();
  const through = (log: EventLog): EventLog => ({
    ...log,
    async append(topic, records) {
      if (topic === "votes_topic") {
        await log.append(topic, [{ key: encoder.encode("v0"), value: encoder.encode(JSON.stringify(vote)) }]);
      }
      return await log.append(topic, records);
    },
  });
  await using polls = await openPolls({ through });
  await polls.accredit(1);
  const answer = await cast(polls);
  assert.equal(answer.status, 409);
  assert.equal((await answer.json()).offset, 0);
});

Deno.test("beyond what may be under way, votes are refused at once and not queued; then they are taken again", async () => {
  const { through, open } = gated();
  await using polls = await openPolls({ through, limits: { records: 3 } });
  await polls.accredit(5);
  const underWay = [cast(polls, "v0"), cast(polls, "v1"), cast(polls, "v1")];
  // Sent after them, and handled after them: a turn of the loop each is all that they need.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const refused = await cast(polls, "v2");
  assert.equal(refused.headers.get("Retry-After"), "1");
  assert.equal(await codeOf(refused), "503 overloaded");
  open();
  assert.deepEqual((await Promise.all(underWay)).map(({ status }) => status), [202, 202, 409]);
  assert.equal((await cast(polls, "v2")).status, 202);
});

Deno.test("so it is with bytes", async () => {
  const { through, open } = gated();
  await using polls = await openPolls({ through, limits: { bytes: 300 } });
  await polls.accredit(2);
  const first = cast(polls, "v0");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(await codeOf(await cast(polls, "v1")), "503 overloaded");
  open();
  assert.equal((await first).status, 202);
});

Deno.test("where many appends fail at once, the log is asked but once what stands", async () => {
  let failing = true;
  let asked = 0;
  const through = (log: EventLog): EventLog => ({
    ...log,
    append: (topic, records) =>
      failing && topic === "votes_topic" ? Promise.reject(lost()) : log.append(topic, records),
    ends(topic) {
      if (topic === "votes_topic") asked++;
      return log.ends(topic);
    },
  });
  await using polls = await openPolls({ through });
  await polls.accredit(50);
  const before = asked;
  const ids = Array.from({ length: 50 }, (_, i) => `v${i}`);
  const codes = await Promise.all(ids.map(async (id) => await codeOf(await cast(polls, id))));
  assert.deepEqual(new Set(codes), new Set(["503 outcome_unknown"]));
  failing = false;
  const retried = await Promise.all(ids.map((id) => persist(() => cast(polls, id))));
  assert.deepEqual(new Set(retried.map(({ status }) => status)), new Set([202]));
  assert.equal(asked - before, 1);
});
