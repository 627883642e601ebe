/** A thousand voters who all press eight times at once: every vote counts once, and everybody is told the truth. @module */
import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { startTeller } from "../services/teller.ts";
import { untilResults } from "./live.ts";

const VOTERS = 1_000;
const AT_ONCE = 8;
const VOTERS_AT_ONCE = 50;
const ADMIN_TOKEN = "the-administrator-of-a-test";
const BASE = { ADMIN_TOKEN, TELLER_SECRET: "a secret of 32 characters or more", TELLER_SINKS: "off" };

interface Told {
  readonly status: number;
  readonly partition: number;
  readonly offset: number;
  readonly tries: number;
}

async function post<T>(url: string, token: string, body: unknown): Promise<T & { status: number }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Authorization": `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return { ...await response.json(), status: response.status };
}

/** Tries again for as long as the answer is to try again, as a client should. */
async function persist<T>(url: string, token: string, body: unknown) {
  for (let tries = 1;; tries++) {
    const answer = await post<T>(url, token, body);
    if (answer.status !== 503) return { ...answer, tries };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function everybodyVotes(env: Record<string, string>): Promise<void> {
  const dataDir = await Deno.makeTempDir();
  const settings = { ...BASE, ...env, DATA_DIR: dataDir };
  try {
    const votes = new Map<string, string>();
    let tokens: { voter_id: string; token: string }[];
    {
      await using teller = await startTeller({ env: settings });
      const api = `${teller.url}/api/v1`;
      await untilResults(teller.url, (results) => !results.catching_up);
      const candidates = ["c0", "c1"].map((candidate_id) => ({
        candidate_id,
        candidate_name: candidate_id,
        party_affiliation: "Independent",
      }));
      assert.equal((await post(`${api}/candidates`, ADMIN_TOKEN, candidates)).status, 207);
      const people = Array.from({ length: VOTERS }, (_, i) => ({
        voter_id: `voter-${i}`,
        registered_age: 18 + i % 70,
        gender: "other",
        address: { state: "Kent" },
      }));
      tokens = (await post<{ items: typeof tokens }>(`${api}/voters`, ADMIN_TOKEN, people)).items;

      const queue = [...tokens.entries()];
      const vote = async (i: number, { voter_id, token }: { voter_id: string; token: string }) => {
        const ballot = { voter_id, candidate_id: `c${i % 2}` };
        const presses = Array.from({ length: AT_ONCE }, () => persist<Told>(`${api}/votes`, token, ballot));
        const told = await Promise.all(presses);
        const taken = told.filter(({ status }) => status === 202).length;
        const stood = told.filter(({ status }) => status === 409).length;
        // Whoever was told to try again is told afterwards that the vote stands.
        const retried = told.some(({ tries }) => tries > 1);
        assert.ok(
          taken + stood === AT_ONCE && (taken === 1 || (taken === 0 && retried)),
          JSON.stringify(told),
        );
        const places = new Set(told.map(({ partition, offset }) => `${partition}/${offset}`));
        assert.equal(places.size, 1, JSON.stringify(told));
        votes.set(voter_id, [...places][0]);
      };
      await Promise.all(Array.from({ length: VOTERS_AT_ONCE }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) await vote(...next);
      }));
      assert.equal(new Set(votes.values()).size, VOTERS);
      const { totals } = await untilResults(teller.url, (results) => results.totals.votes >= VOTERS);
      assert.deepEqual([totals.votes, totals.duplicates, totals.rejected], [VOTERS, 0, 0]);
      assert.equal(await teller.stop("SIGKILL"), 137);
    }

    // What was told still holds after a crash.
    await using again = await startTeller({ env: settings });
    await untilResults(again.url, (results) => !results.catching_up);
    for (const { voter_id, token } of tokens.slice(0, 50)) {
      const told = await post<Told>(`${again.url}/api/v1/votes`, token, { voter_id, candidate_id: "c0" });
      assert.deepEqual([told.status, `${told.partition}/${told.offset}`], [409, votes.get(voter_id)]);
      const receipt = await fetch(`${again.url}/api/v1/votes/${votes.get(voter_id)}`, {
        headers: { "Authorization": `Bearer ${token}` },
      });
      assert.equal((await receipt.json()).state, "counted");
    }
    assert.equal(await again.stop(), 0);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

Deno.test("1,000 voters, 8 simultaneous votes each: 1,000 count, every answer names the vote that stands", () =>
  everybodyVotes({}));

needs("shared kafka")("the same on Kafka", async () => {
  const brokers = await sharedKafka();
  await everybodyVotes({ KAFKA_BROKERS: brokers.join(","), TELLER_TOPIC_PREFIX: newPrefix() });
});
