/** A real Teller on a real broker fails in three ways under pages that are open. @module */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { AppendRecord, Topic } from "../../pipeline/log.ts";
import { candidateOf, inDataDir, voteOf, voterOf } from "../scenarios/electorate.ts";
import { onKafka } from "../scenarios/polling_day.ts";
import { startKafka } from "../services/kafka.ts";
import { freePort } from "../services/owned_process.ts";
import { startProxy } from "../services/proxy.ts";
import { startTeller } from "../services/teller.ts";
import { browserTest } from "./browser.ts";

const RECOVERED_MS = 5_000;
const LIVE = "Votes show as soon as they are counted.";
const LOST = "Connection lost, trying again.";

const says = (page: Page, words: string) => page.getByText(words).first();
const votes = (page: Page) => page.locator(".bars td.votes").allInnerTexts();

/** The page shows the result in time, says that all is well, and was not loaded again. */
async function requireRecovery(page: Page, result: string): Promise<void> {
  await says(page, result).waitFor({ timeout: RECOVERED_MS });
  await says(page, LIVE).waitFor({ timeout: RECOVERED_MS });
  assert.equal(await page.evaluate(() => "sameDocument" in globalThis), true);
}

browserTest(
  "broker stopped, network silent, process killed: pages keep their numbers, say why, and are soon right again",
  ({ open }) =>
    inDataDir(async (dataDir) => {
      await using kafka = await startKafka();
      const election = onKafka(kafka.brokers[0]);
      const port = freePort();
      const env = { ...election.env, DATA_DIR: dataDir, PORT: String(port), TELLER_SINKS: "off" };
      await using network = startProxy(port);

      async function append(topic: Topic, ...records: AppendRecord[]): Promise<void> {
        await using log = await election.open();
        await log.append(topic, records);
      }

      async function opened(url: string): Promise<Page> {
        const page = await open(url);
        await says(page, "Candidate a (Party of a) leads by 1 vote").waitFor();
        await says(page, LIVE).waitFor();
        await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
        return page;
      }

      await append("candidates_topic", candidateOf("a"), candidateOf("b"));
      await append("voters_topic", ...["1", "2", "3"].map(voterOf));
      await append("votes_topic", voteOf("1", "a"));
      let pages: Page[];
      {
        await using teller = await startTeller({ env });
        pages = await Promise.all([teller.url, `http://${network.address}`].map(opened));
        const [near, far] = pages;

        network.swallowing = true;
        await kafka.stop();
        await says(near, "The server can't reach its log, trying again.").waitFor();
        await says(far, LOST).waitFor();
        for (const page of pages) assert.deepEqual(await votes(page), ["1", "0"]);
        await kafka.start();
        await append("votes_topic", voteOf("2", "b"));
        network.swallowing = false;
        await Promise.all(pages.map((page) => requireRecovery(page, "are tied on 1 vote each")));

        await teller.stop("SIGKILL");
      }
      await append("votes_topic", voteOf("3", "b"));
      for (const page of pages) await says(page, LOST).waitFor();
      for (const page of pages) assert.deepEqual(await votes(page), ["1", "1"]);
      await using _ = await startTeller({ env });
      await Promise.all(
        pages.map((page) => requireRecovery(page, "Candidate b (Party of b) has won by 1 vote")),
      );
    }),
  "kafka",
);
