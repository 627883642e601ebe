/** @module What has been told to end leaves no connection open, however early it is told. */
import { equal } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { needs } from "../services/available.ts";
import { sharedBrokers } from "./log_kafka_testbed.ts";

const PROCESS = fileURLToPath(new URL("./log_kafka_ending.ts", import.meta.url));
/** Nothing there takes a second. */
const ENDS_WITHIN_MS = 30_000;

const [broker] = await sharedBrokers();

needs("shared kafka")("a process whose reading and connections were ended at once ends too", async () => {
  const { success, signal, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", PROCESS, broker],
    signal: AbortSignal.timeout(ENDS_WITHIN_MS),
  }).output();
  equal(signal, null, "it had to be killed");
  equal(success, true, new TextDecoder().decode(stderr));
});
