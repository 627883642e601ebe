/**
 * The embedded log keeps the port's promises.
 * @module
 */
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { eventLogContract, PARTITIONS } from "./event_log.ts";

eventLogContract("embedded log", async () => {
  const dir = await Deno.makeTempDir({ prefix: "teller-log-" });
  const options = { dir, partitions: PARTITIONS, partitioner: partitionerOf("murmur2") };
  return {
    open: () => Promise.resolve(openEmbeddedLog(options)),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
});
