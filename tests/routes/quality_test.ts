import assert from "node:assert/strict";
import type { QualityAnswer } from "../../islands/quality_view.tsx";
import { openPolls } from "./polls.ts";
import { openSample } from "./sample.ts";
import { ADMIN_TOKEN } from "./closed_polls.ts";

Deno.test("the newest report is open to everybody, and names what it found by position", async () => {
  await using polls = await openPolls();
  await polls.accredit(1);
  await polls.send("/api/v1/votes", [{ voter_id: "v0", candidate_id: "c0" }]);
  const key = new TextEncoder().encode("odd");
  const [{ partition, offset }] = await polls.log.append("votes_topic", [{ key, value: key }]);
  let answer: QualityAnswer | undefined;
  const ask = async () => {
    await new Promise((resolve) => setTimeout(resolve)); // or the rounds would never get their turn
    const response = await polls.app.request("/api/v1/quality");
    assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*");
    answer = await response.json();
  };
  await ask();
  while (answer!.status !== "findings") await ask();
  const found = answer!.checks.filter(({ status }) => status === "finding");
  assert.deepEqual(found.map(({ id }) => id), ["rejected_votes"]);
  assert.deepEqual(found[0].offenders, [{ topic: "votes_topic", partition, offset }]);
});

Deno.test("ids are shown to the administrator alone, and a wrong token is refused", async () => {
  const offender = { table: "votes", id: "a voter" };
  const check = { id: "postgres_added", compares: "Rows", value: 1, expected: 0, status: "finding" as const };
  const report = {
    status: "findings" as const,
    version: 1,
    asOf: 0,
    checks: [{ ...check, offenders: [offender] }],
  };
  using sample = await openSample(undefined, {}, { quality: () => report });
  const ask = (headers: Record<string, string>) => sample.app.request("/api/v1/quality", { headers });
  const anonymous = await (await ask({})).json();
  assert.deepEqual(anonymous.checks[0].offenders, [{ table: "votes" }]);
  const admin = await (await ask({ Authorization: `Bearer ${ADMIN_TOKEN}` })).json();
  assert.deepEqual(admin.checks[0].offenders, [offender]);
  assert.equal((await ask({ Authorization: "Bearer wrong" })).status, 401);
  assert.equal((await sample.app.request("/api/v1/quality?x=1")).status, 400);
});
