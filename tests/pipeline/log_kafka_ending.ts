/**
 * A process with nothing left to do, which ends by itself unless a connection has been left open: `BROKER`.
 * @module
 */
import { createKafkaReader } from "../../pipeline/log_kafka.ts";
import { BrokerConnection } from "../../pipeline/log_kafka_connection.ts";
import { metadataRequest } from "../../pipeline/log_kafka_wire.ts";

const [broker] = Deno.args;
const plain = { ssl: false, sasl: null } as const;

// Told to end before it has begun.
const reader = createKafkaReader({ ...plain, brokers: [broker], topicPrefix: "" });
for await (const _ of reader.read("votes_topic", new Map([[0, 0]]), AbortSignal.abort())) {
  throw new Error("read after its end");
}

// Closed while it is being made.
const [host, port] = broker.split(":");
const connection = new BrokerConnection(host, Number(port), plain);
const asked = connection.send(metadataRequest([])).then(() => "answered", () => "broken off");
await connection.close();
await asked;
