import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { sharedKafka, startKafka } from "../services/kafka.ts";
import { runTeller, spawnTeller, startTeller } from "../services/teller.ts";

/** The messages that Teller wrote, one a line of JSON. */
function messages(logs: string): string[] {
  return logs.trim().split("\n").map((line) => JSON.parse(line).message);
}

Deno.test("a wrong setting or flag is refused with its name, what it got and what it takes: exit 2", async () => {
  const cases: [string[], Record<string, string>, RegExp][] = [
    [["start"], { PORT: "http" }, /^PORT takes a whole number from 0 to 65535, got "http"$/],
    [["start"], { TELLER_WINDOW: "10" }, /^TELLER_WINDOW is not a setting; the nearest is TELLER_\w+$/],
    [["dev", "--voters", "many"], {}, /^--voters takes a whole number .*, got "many"$/],
    [["dev", "--start", "noon"], {}, /^--start takes a time such as .*, got "noon"$/],
    [["start", "--fresh"], {}, /^start: Unknown option '--fresh'/],
    [["stop"], {}, /^stop is no command; try --help$/],
    [["start"], { DATA_DIR: "/tmp/a,b" }, /^DATA_DIR takes a path without a comma, got/],
    [
      ["start"],
      { KAFKA_BROKER: "localhost:9092" },
      /^KAFKA_BROKER is not a setting; the nearest is KAFKA_BROKERS$/,
    ],
    [["demo"], { TELLER_OPENS: "2100-01-01T00:00:00Z" }, /^Voting isn't open/],
    [
      ["start"],
      { KAFKA_BROKERS: "localhost:9092", KAFKA_SSL: "/nowhere/ca.pem" },
      /^KAFKA_SSL takes off, on or .* can't be read$/,
    ],
  ];
  for (const [command, env, message] of cases) {
    const { code, logs } = await runTeller({ command, env });
    assert.equal(code, 2, logs);
    assert.match(messages(logs)[0], message);
  }
});

Deno.test("a port that is taken, and a DATA_DIR that is owned or unusable, are said in one line", async () => {
  await using first = await startTeller();
  const port = await runTeller({ env: { PORT: new URL(first.url).port } });
  assert.equal(port.code, 69);
  assert.equal(
    messages(port.logs).at(-1),
    `Something else listens on 127.0.0.1:${new URL(first.url).port}; set another PORT`,
  );

  for (const command of ["start", "dev"]) {
    const dataDir = await runTeller({ command: [command], env: { DATA_DIR: first.dataDir } });
    assert.equal(dataDir.code, 75);
    assert.match(messages(dataDir.logs)[0], /^DATA_DIR .* belongs to a running Teller \(process \d+\)/);
  }
  const file = await Deno.makeTempFile();
  const unusable = await runTeller({ env: { DATA_DIR: `${file}/x` } });
  assert.equal(unusable.code, 73);
  assert.match(messages(unusable.logs)[0], /^DATA_DIR .* can't be written/);
  await Deno.remove(file);
  assert.equal(await first.stop(), 0);
});

Deno.test("an unreachable broker is said once and tried again; told to end meanwhile, it ends", async () => {
  // Something that hangs up at once is no broker either, and lets us see the tries.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  await using teller = await spawnTeller({ env: { KAFKA_BROKERS: `127.0.0.1:${port}` } });
  for (let tries = 0; tries < 4; tries++) (await listener.accept()).close();
  assert.equal((await fetch(`${teller.url}/healthz`)).status, 200);
  const early = await fetch(`${teller.url}/readyz`);
  assert.deepEqual([early.status, (await early.json()).code], [503, "starting"]);
  assert.equal(messages(teller.logs()).length, 1, teller.logs());
  assert.match(messages(teller.logs())[0], new RegExp(`127\\.0\\.0\\.1:${port}`));
  assert.equal(await teller.stop(), 0);
});

needs("kafka")("a broker that comes late is waited for, and its coming is said", async () => {
  await using kafka = await startKafka();
  await kafka.stop();
  await using teller = await spawnTeller({ env: { KAFKA_BROKERS: kafka.brokers.join() } });
  while (teller.logs() === "") await new Promise((resolve) => setTimeout(resolve, 50));
  await kafka.start();
  while (
    !(await fetch(`${teller.url}/readyz`).then(async (response) => {
      await response.body?.cancel();
      return response.ok;
    }, () => false))
  ) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await teller.stop(), 0, teller.logs());
});

needs("shared kafka")(
  "another election on Kafka is refused with the advice to take another prefix",
  async () => {
    const env = {
      KAFKA_BROKERS: (await sharedKafka()).join(),
      TELLER_TOPIC_PREFIX: `fresh-${crypto.randomUUID()}.`,
    };
    const demo = (...flags: string[]) =>
      runTeller({ command: ["demo", "--voters", "50", "--rate", "0", ...flags], env });
    assert.equal((await demo("--fresh")).code, 0, "an empty log is fresh");
    for (const flags of [["--fresh"], ["--seed", "7"]]) {
      const { code, logs } = await demo(...flags);
      assert.equal(code, 65, logs);
      assert.match(messages(logs).at(-1)!, /TELLER_TOPIC_PREFIX/);
    }
  },
);

Deno.test("off a terminal it writes lines of JSON and nothing else, whatever it is asked", async () => {
  await using teller = await startTeller();
  for (const method of ["HEAD", "GET", "OPTIONS"]) {
    for (const path of ["/", "/api/v1/results", "/api/v1/live", "/nothing"]) {
      const response = await fetch(`${teller.url}${path}`, { method });
      await response.body?.cancel();
    }
  }
  const { hostname, port } = new URL(teller.url);
  {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const head = ["POST /api/v1/votes HTTP/1.1", "Host: x", "Authorization: Bearer x", "Content-Length: 10"];
    await connection.write(
      new TextEncoder().encode([...head, "Content-Type: application/json", "", "abc"].join("\r\n")),
    );
  }
  assert.equal(await teller.stop(), 0);
  // What doesn't confine analysts' SQL here depends on the machine.
  const said = messages(teller.logs()).slice(2).filter((line) =>
    !line.startsWith("This system doesn't give")
  );
  assert.deepEqual(said, [
    `Serving on ${teller.url.replace("127.0.0.1", "localhost")}`,
    "Ending",
  ]);
});
