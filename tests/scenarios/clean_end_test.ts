import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { sharedKafka } from "../services/kafka.ts";
import { startTeller } from "../services/teller.ts";
import { fetchResults, lasting, untilResults, view } from "./live.ts";

/** Ends a counting Teller under its viewers, and starts it again on the same log. */
async function endAndStartAgain(env: Record<string, string>): Promise<void> {
  const dataDir = await Deno.makeTempDir();
  const settings = { ...env, DATA_DIR: dataDir, TELLER_DEMO_VOTERS: "2000", TELLER_DEMO_RATE: "200" };
  try {
    let lastSeen;
    {
      await using teller = await startTeller({ command: ["dev"], env: settings });
      const viewers = await Promise.all(Array.from({ length: 20 }, () => view(teller.url)));
      lastSeen = await viewers[0].next("results", (results) => results.totals.votes >= 200);
      const startedAt = performance.now();
      const [code] = await Promise.all([teller.stop("SIGTERM"), ...viewers.map((viewer) => viewer.ended)]);
      const seconds = (performance.now() - startedAt) / 1000;
      assert.equal(code, 0, teller.logs());
      assert.ok(seconds < 5, `took ${seconds} s`);
      for (const viewer of viewers) await viewer.close();
    }
    await using first = await startTeller({ env: settings });
    const counted = await untilResults(first.url, (results) => !results.catching_up);
    assert.ok(counted.totals.votes >= lastSeen.totals.votes, "what viewers saw stands");
    assert.equal(await first.stop(), 0);

    await using second = await startTeller({ env: settings });
    const again = await untilResults(second.url, (results) => !results.catching_up);
    assert.deepEqual(lasting(again), lasting(counted));
    assert.equal((await fetchResults(second.url)).version, counted.version);
    assert.equal(await second.stop("SIGINT"), 0);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

Deno.test("told to end under 20 viewers: streams end, exit 0 within 5 s, the same results again (embedded)", () =>
  endAndStartAgain({}));

needs("shared kafka")("told to end under 20 viewers: the same on Kafka", async () => {
  const brokers = await sharedKafka();
  await endAndStartAgain({
    KAFKA_BROKERS: brokers.join(),
    TELLER_TOPIC_PREFIX: `end-${crypto.randomUUID()}.`,
  });
});

Deno.test("clients that never finish a request, or never read, don't hold up the end", async () => {
  await using teller = await startTeller({ command: ["dev"], env: { TELLER_DEMO_VOTERS: "2000" } });
  const { hostname, port } = new URL(teller.url);
  const say = async (request: string) => {
    const connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(new TextEncoder().encode(request));
    return connection;
  };
  const connections = [
    await say(""),
    await say("GET / HTTP/1.1\r\nHost: x\r\n"),
    await say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"),
    await say("GET /api/v1/live HTTP/1.1\r\nHost: x\r\n\r\n"),
  ];
  await connections[3].read(new Uint8Array(16)); // by now the server has them all
  const glutton = await say("");
  // Far more than socket buffers hold, and never read: the server is stuck in answering it.
  const asked = new TextEncoder().encode("GET /portraits/x.svg HTTP/1.1\r\nHost: x\r\n\r\n".repeat(4_000));
  glutton.write(asked).catch(() => {}); // it breaks off when the server ends
  const startedAt = performance.now();
  assert.equal(await teller.stop(), 0, teller.logs());
  const seconds = (performance.now() - startedAt) / 1000;
  assert.ok(seconds < 5, `took ${seconds} s`);
  for (const connection of [...connections, glutton]) connection.close();
});

Deno.test("killed at any moment, it counts what stands in the log, and the demo goes on where it stopped", async () => {
  const dataDir = await Deno.makeTempDir();
  const env = { DATA_DIR: dataDir, TELLER_DEMO_VOTERS: "1000", TELLER_DEMO_RATE: "400" };
  try {
    let seen = 0;
    for (const votes of [100, 300, 500]) {
      await using teller = await startTeller({ command: ["dev"], env });
      const viewer = await view(teller.url);
      const counted = await viewer.next("results", (results) => !results.catching_up);
      assert.ok(counted.totals.votes >= seen, "what viewers saw before the kill is counted again");
      seen = (await viewer.next("results", (results) => results.totals.votes >= votes)).totals.votes;
      await teller.stop("SIGKILL");
      await viewer.close();
    }
    await using teller = await startTeller({ command: ["dev"], env });
    const results = await untilResults(teller.url, (results) => results.totals.votes === 1000);
    assert.equal(results.totals.voters, 1000);
    assert.equal(results.totals.duplicates, 0);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});
