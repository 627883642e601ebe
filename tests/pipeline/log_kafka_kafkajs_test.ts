import assert from "node:assert/strict";
import kafkajsPackage from "kafkajs/package.json" with { type: "json" };
import { Broker, ConnectionPool, silentLogger } from "../../pipeline/log_kafka_kafkajs.ts";
import denoConfig from "../../deno.json" with { type: "json" };

Deno.test("kafkajs is pinned to the version whose inner modules are used", () => {
  assert.equal(denoConfig.imports.kafkajs, "npm:kafkajs@2.2.4");
  assert.equal(kafkajsPackage.version, "2.2.4");
});

Deno.test("kafkajs' inner modules have the shape that the log relies on", () => {
  const connectionPool = new ConnectionPool({
    host: "127.0.0.1",
    port: 1,
    ssl: null,
    sasl: null,
    clientId: "teller",
    connectionTimeout: 1,
    requestTimeout: 1,
    enforceRequestTimeout: true,
    socketFactory: () => assert.fail("nothing connects before it is asked to"),
    logger: silentLogger,
  });
  const broker = new Broker({ connectionPool, logger: silentLogger, allowAutoTopicCreation: false });
  for (
    const method of [
      "connect",
      "disconnect",
      "isConnected",
      "initProducerId",
      "listOffsets",
      "createTopics",
      "describeConfigs",
    ] as const
  ) assert.equal(typeof broker[method], "function", `Broker.${method}`);
  assert.equal(broker.isConnected(), false);
  assert.equal(broker.versions, null);
  assert.equal(typeof broker.connectionPool.pool[0].send, "function", "ConnectionPool.pool[].send");
});
