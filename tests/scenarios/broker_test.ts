/** A broker that is killed, stopped or unreachable while people vote. @module */
import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { startProxiedKafka } from "../services/proxied_kafka.ts";
import { messagesOf, onKafka, pollingDay } from "./polling_day.ts";

/** How long the broker stands still; a long time is 30,000. */
const STOPPED_MS = Number(Deno.env.get("TEST_STOPPED_MS") ?? 3_000);

needs("kafka")("the broker fails while people vote: nobody's vote is lost or counted twice", async (t) => {
  await using proxied = await startProxiedKafka();
  const { kafka, proxy, address } = proxied;

  await t.step("killed and restarted", async () => {
    await pollingDay(onKafka(address), async ({ teller, crowd }) => {
      await kafka.kill();
      await kafka.start();
      await crowd.more(100);
      const said = messagesOf(teller).filter((message) => /Kafka/.test(message));
      assert.equal(said.length, 2, `once that it is gone, once that it is back: ${said.join("\n")}`);
    });
  });

  await t.step(`stopped for ${STOPPED_MS / 1000} s`, async () => {
    await pollingDay(onKafka(address), async ({ teller, crowd }) => {
      kafka.pause();
      const over = new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
      // Meanwhile what has been counted is shown.
      assert.equal((await fetch(`${teller.url}/api/v1/results`)).status, 200);
      await over;
      kafka.resume();
      await crowd.more(100);
    });
  });

  await t.step("connections cut in the middle of a batch, whichever way it goes", async () => {
    await pollingDay(onKafka(address), async ({ crowd }) => {
      for (const wanted of ["toServer", "toClient"] as const) {
        for (let cuts = 0; cuts < 10; cuts++) {
          const cut = Promise.withResolvers<void>();
          proxy.tap = (chunk, direction, link) => {
            if (direction !== wanted || chunk.length < 150) return; // a fetch, or an answer without a record
            proxy.tap = null;
            link.cutAfter(Math.ceil(chunk.length / 2));
            cut.resolve();
          };
          await cut.promise;
          await crowd.more(20);
        }
      }
    });
  });

  await t.step("half-open connections: nothing is answered until they are given up", async () => {
    await pollingDay(onKafka(address), async ({ crowd }) => {
      proxy.swallowing = true;
      const swallowed = Promise.withResolvers<void>();
      proxy.tap = (_, direction) => direction === "toServer" ? swallowed.resolve() : undefined;
      await swallowed.promise;
      proxy.tap = null;
      proxy.swallowing = false;
      await crowd.more(100);
    });
  });

  await t.step("packets of 100 bytes", async () => {
    await pollingDay(onKafka(address), async ({ crowd }) => {
      proxy.sliceBytes = 100;
      await crowd.more(50);
      proxy.sliceBytes = null;
    });
  });
});
