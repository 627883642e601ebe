import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import type { KafkaLogOptions } from "../../pipeline/log_kafka.ts";
import { type KafkaService, startKafka } from "../services/kafka.ts";
import { needs } from "../services/available.ts";
import { openLog, readAll, records } from "./log_kafka_testbed.ts";

const test = needs("kafka", "openssl");

type Security = Pick<KafkaLogOptions, "ssl" | "sasl">;

test("TLS with SASL", async (t) => {
  await using kafka = await startKafka({ tls: true, sasl: true });
  const { plain, scram } = kafka.credentials!;
  const ssl = { ca: kafka.ca! };
  for (
    const sasl of [
      { mechanism: "plain", ...plain },
      { mechanism: "scram-sha-256", ...scram },
      { mechanism: "scram-sha-512", ...scram },
    ] as const
  ) {
    await t.step(`${sasl.mechanism} appends and reads`, async () => {
      await using log = await openLog(kafka.brokers, { ssl, sasl });
      await log.append("votes_topic", records(20));
      assert.equal((await readAll(log, "votes_topic")).length, 20);
    });
    await t.step(
      `${sasl.mechanism} with a wrong password is refused at once, without saying it`,
      async () => {
        const password = "n0t-the-passw0rd";
        const fault = await refusal(kafka, { ssl, sasl: { ...sasl, password } });
        assert.match(fault.message, /KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/);
        assert.ok(!Deno.inspect(fault, { depth: 10 }).includes(password));
      },
    );
  }
  await t.step("an authority that is not trusted is refused", async () => {
    const fault = await refusal(kafka, { ssl: true, sasl: { mechanism: "plain", ...plain } });
    assert.match(fault.message, /certificate is not trusted.*KAFKA_SSL/);
  });
  await t.step("no TLS where the port speaks it is refused", async () => {
    const fault = await refusal(kafka, { ssl: false, sasl: { mechanism: "plain", ...plain } });
    assert.match(fault.message, /KAFKA_SSL/);
  });
});

test("SASL without TLS", async (t) => {
  await using kafka = await startKafka({ sasl: true });
  await t.step("plain appends and reads", async () => {
    await using log = await openLog(kafka.brokers, {
      sasl: { mechanism: "plain", ...kafka.credentials!.plain },
    });
    await log.append("votes_topic", records(5));
    assert.equal((await readAll(log, "votes_topic")).length, 5);
  });
  await t.step("no SASL where the port wants it is refused", async () => {
    assert.match((await refusal(kafka, { ssl: false, sasl: null })).message, /KAFKA_SASL_MECHANISM/);
  });
  await t.step("TLS where the port does not speak it is refused", async () => {
    assert.match((await refusal(kafka, { ssl: true, sasl: null })).message, /KAFKA_SSL/);
  });
});

async function refusal(kafka: KafkaService, security: Security): Promise<Fault> {
  let fault: unknown;
  const notices: string[] = [];
  const onNotice = (message: string) => notices.push(message);
  await assert.rejects(openLog(kafka.brokers, { ...security, onNotice, giveUpAfterMs: 30_000 }), (error) => {
    fault = error;
    return true;
  });
  assert.ok(fault instanceof Fault);
  assert.equal(fault.code, "LOG_REFUSED", fault.message);
  assert.equal(fault.retryable, false);
  // Before it takes hanging up for a refusal, it has to try again for a while.
  for (const notice of notices) assert.match(notice, /the connection was broken/);
  return fault;
}
