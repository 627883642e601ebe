import assert from "node:assert/strict";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { needs } from "../services/available.ts";
import { newPrefix, sharedKafka } from "../services/kafka.ts";
import { kcat } from "../services/kcat.ts";
import { startTeller } from "../services/teller.ts";
import { untilResults } from "./live.ts";

const PARTITIONS = 4;
const VOTERS = 1_000;

needs("shared kafka", "kcat")(
  "what a librdkafka producer wrote counts with crc32; without, what murmur2 puts elsewhere is rejected, with advice",
  async () => {
    const brokers = (await sharedKafka()).join();
    const prefix = newPrefix();
    const env = {
      KAFKA_BROKERS: brokers,
      TELLER_TOPIC_PREFIX: prefix,
      TELLER_PARTITIONS: String(PARTITIONS),
      TELLER_SINKS: "off",
    };
    const ids = Array.from({ length: VOTERS }, () => crypto.randomUUID());
    const lines = (values: (id: string) => object) =>
      ids.map((id) => `${id}\t${JSON.stringify(values(id))}`).join("\n");
    const produce = (topic: string, input: string) =>
      kcat(["-b", brokers, "-P", "-t", prefix + topic, "-K", "\t"], input);

    let counted;
    {
      await using teller = await startTeller({ env: { ...env, TELLER_PARTITIONER: "crc32" } });
      await produce("candidates_topic", `c\t${JSON.stringify({ candidate_id: "c" })}`);
      await produce("voters_topic", lines((voter_id) => ({ voter_id })));
      await produce("votes_topic", lines((voter_id) => ({ voter_id, candidate_id: "c" })));
      counted = await untilResults(teller.url, ({ version }) => version === 2 * VOTERS + 1);
      assert.equal(counted.totals.votes, VOTERS);
      assert.equal(counted.totals.rejected, 0);
      assert.doesNotMatch(teller.logs(), /wrong_partition/);
    }
    const [crc32, murmur2] = [partitionerOf("crc32"), partitionerOf("murmur2")];
    const bytes = ids.map((id) => new TextEncoder().encode(id));
    const astray = bytes.filter((id) => crc32(id, PARTITIONS) !== murmur2(id, PARTITIONS)).length;
    await using teller = await startTeller({ env });
    const results = await untilResults(teller.url, ({ version }) => version === counted.version);
    assert.equal(results.totals.rejected, astray);
    assert.equal(results.totals.votes, VOTERS - astray);
    assert.ok(Math.abs(astray / VOTERS - 0.75) < 0.1, `about 3 in 4, not ${astray}`);
    assert.match(teller.logs(), /set TELLER_PARTITIONER=crc32/);
    assert.equal(await teller.stop(), 0);
  },
);
