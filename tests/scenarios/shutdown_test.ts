/** Told to end in the middle of voting, it answers truthfully whoever it answers. @module */
import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { startProxiedKafka } from "../services/proxied_kafka.ts";
import { startTeller } from "../services/teller.ts";
import { countPlainly } from "../soak/plain_count.ts";
import { candidateOf, inDataDir, voterOf } from "./electorate.ts";
import { untilResults } from "./live.ts";
import { inFolder, messagesOf, onKafka, POLLING_ENV } from "./polling_day.ts";

const VOTERS = Array.from({ length: 300 }, (_, i) => `voter-${i}`);

interface Told {
  readonly voter: string;
  /** Null: the connection broke. */
  readonly status: number | null;
  readonly partition: number;
  readonly offset: number;
}

/** Votes once and takes what it is told, as an administrator who hands in one voter's vote. */
async function vote(url: string, voter: string): Promise<Told> {
  try {
    const response = await fetch(`${url}/api/v1/votes`, {
      method: "POST",
      headers: { "Authorization": `Bearer ${POLLING_ENV.ADMIN_TOKEN}`, "Content-Type": "application/json" },
      body: JSON.stringify([{ voter_id: voter, candidate_id: "a" }]),
    });
    const { items: [item], status } = await response.json();
    return { voter, ...item ?? { status } };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { voter, status: null, partition: -1, offset: -1 };
  }
}

/** Every 202 stands where it was said to. */
async function assertTruthful(told: Told[], open: ReturnType<typeof inFolder>["open"]): Promise<void> {
  await using log = await open();
  const { votes } = await countPlainly(log);
  for (const { voter, status, partition, offset } of told) {
    if (status === 202) assert.deepEqual(votes.get(voter), { candidate: "a", partition, offset });
    else assert.ok(status === 503 || status === null, `${voter} was answered ${status}`);
  }
}

Deno.test("told to end while hundreds vote, every vote of which it said that it stands does", () =>
  inDataDir(async (dataDir) => {
    const { env, open } = inFolder(dataDir);
    {
      await using log = await open();
      await log.append("candidates_topic", [candidateOf("a")]);
      await log.append("voters_topic", VOTERS.map(voterOf));
    }
    await using teller = await startTeller({ env: { ...POLLING_ENV, ...env } });
    await untilResults(teller.url, (results) => !results.catching_up);
    const told: Told[] = [];
    let ending: Promise<number> | null = null;
    const queue = VOTERS.toReversed();
    await Promise.all(Array.from({ length: 40 }, async () => {
      for (let voter = queue.pop(); voter !== undefined; voter = queue.pop()) {
        told.push(await vote(teller.url, voter));
        if (told.length === 60) ending = teller.stop();
      }
    }));
    assert.equal(await ending, 0, teller.logs());
    const taken = told.filter(({ status }) => status === 202).length;
    assert.ok(taken >= 60 && taken < VOTERS.length, `${taken} were taken`);
    await assertTruthful(told, open);
  }));

needs("kafka")(
  "told to end while the broker has not answered, it waits for that, and answers what came of it",
  async () => {
    await using proxied = await startProxiedKafka();
    const { env, open } = onKafka(proxied.address);
    {
      await using log = await open();
      await log.append("candidates_topic", [candidateOf("a")]);
      await log.append("voters_topic", VOTERS.map(voterOf));
    }
    await using teller = await startTeller({ env: { ...POLLING_ENV, ...env } });
    await untilResults(teller.url, (results) => !results.catching_up);
    const { proxy } = proxied;
    const release = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const votes = VOTERS.slice(0, 20);
    // Whatever holds a vote is the append.
    proxy.tap = async (chunk, direction) => {
      if (direction === "toClient" || !new TextDecoder("latin1").decode(chunk).includes("candidate_id")) {
        return;
      }
      held.resolve();
      await release.promise;
    };
    const told = votes.map((voter) => vote(teller.url, voter));
    await held.promise;
    assert.equal((await fetch(`${teller.url}/healthz`)).status, 200);
    const ending = teller.stop();
    while (!messagesOf(teller).includes("Ending")) await new Promise((resolve) => setTimeout(resolve, 10));
    release.resolve();
    const answers = await Promise.all(told);
    assert.equal(await ending, 0, teller.logs());
    assert.deepEqual(answers.filter(({ status }) => status === null), [], "nobody is left without an answer");
    assert.ok(answers.some(({ status }) => status === 202), JSON.stringify(answers));
    proxy.tap = null;
    await assertTruthful(answers, open);
  },
);
