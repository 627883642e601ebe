/**
 * Appends to an embedded log until it is killed, and prints each key with its position once that is
 * acknowledged: `deno run -A log_embedded_writer.ts DIR NAME`.
 * @module
 */
import process from "node:process";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { record } from "../contracts/log_records.ts";

const [dir, name] = Deno.args;
const log = openEmbeddedLog({ dir, partitions: 2, partitioner: partitionerOf("murmur2") });
for (let i = 0;; i++) {
  const key = `${name}, ${i}`;
  const [{ partition, offset }] = await log.append("votes_topic", [record(key, "a vote")]);
  process.stdout.write(`${key}\t${partition}/${offset}\n`);
}
