/**
 * What every EventLog keeps of the port's promises about derived topics.
 * @module
 */
import assert from "node:assert/strict";
import {
  type EventLog,
  OUTPUT_TOPIC_NAMES,
  type OutputRecord,
  type OutputTopic,
  type StoredOutput,
} from "../../pipeline/log.ts";
import { record, records } from "./log_records.ts";

type Declare = (
  what: string,
  check: (log: EventLog, reopen: () => Promise<EventLog>) => Promise<void>,
) => void;

const output = (
  key: string | null,
  value: string | null,
  headers: Record<string, string> = {},
): OutputRecord => ({
  ...record(key, value),
  headers,
});

/** A derived topic as it is now. */
export async function scanAll(log: EventLog, topic: OutputTopic, from?: number): Promise<StoredOutput[]> {
  return await Array.fromAsync(log.scan(topic, undefined, from));
}

/** Without what the log adds. */
const written = ({ key, value, headers }: OutputRecord): OutputRecord => ({ key, value, headers });

/** Declares the suite. */
export function outputsContract(promise: Declare) {
  promise(
    "what was emitted is scanned with its key, value and headers, also when opened again",
    async (log, reopen) => {
      const sent = [
        output("a", "1", { reason: "bad_json", topic: "votes_topic", offset: "9007199254740991" }),
        output(null, null, { "": "" }),
        output("", "", {}),
        output("Жанна", "🗳️", { "größe": "x".repeat(1_000), "later": "投票" }),
        {
          key: new Uint8Array([0, 255]),
          value: crypto.getRandomValues(new Uint8Array(65_536)),
          headers: { a: "b" },
        },
      ];
      const positions = [
        ...await log.emit("votes_rejected", sent.slice(0, 3)),
        ...await log.emit("votes_rejected", sent.slice(3)),
      ];
      const found = await scanAll(log, "votes_rejected");
      assert.deepEqual(found.map(written), sent);
      assert.deepEqual(found.map(({ partition, offset }) => ({ partition, offset })), positions);
      for (const { timestamp } of found) assert.ok(Math.abs(timestamp - Date.now()) < 60_000);
      await log[Symbol.asyncDispose]();
      await using again = await reopen();
      assert.deepEqual(await scanAll(again, "votes_rejected"), found);
    },
  );

  promise("each derived topic is a topic of its own, made when it is first used", async (log) => {
    for (const topic of OUTPUT_TOPIC_NAMES) assert.deepEqual(await scanAll(log, topic), []);
    for (const topic of OUTPUT_TOPIC_NAMES) await log.emit(topic, [output("key", topic)]);
    for (const topic of OUTPUT_TOPIC_NAMES) {
      assert.deepEqual((await scanAll(log, topic)).map(written), [output("key", topic)]);
    }
    assert.deepEqual(await log.emit("votes_rejected", []), []);
  });

  promise(
    "thousands of emitted records keep their order, and a scan begins where it is told to",
    async (log) => {
      const sent = records(3_000).map((one, i) => ({ ...one, headers: { number: String(i) } }));
      const positions = (await Promise.all([
        log.emit("votes_rejected", sent.slice(0, 1_000)),
        log.emit("votes_rejected", sent.slice(1_000, 1_001)),
        log.emit("votes_rejected", sent.slice(1_001)),
      ])).flat();
      assert.deepEqual((await scanAll(log, "votes_rejected")).map(written), sent);
      for (const at of [1, 999, 2_999]) {
        const rest = await scanAll(log, "votes_rejected", positions[at].offset);
        assert.deepEqual(rest.map(written), sent.slice(at), `from record ${at}`);
      }
      assert.deepEqual(await scanAll(log, "votes_rejected", positions[2_999].offset + 1), []);
    },
  );

  promise("of a compacted topic the last record of each key stays, and offsets go on", async (log) => {
    const topic = "aggregated_turnout_by_location";
    let last = -1;
    for (let i = 0; i < 20; i++) {
      const positions = await log.emit(topic, ["Kent", "Essex"].map((key) => output(key, `${i}`)));
      for (const { offset } of positions) {
        assert.ok(offset > last);
        last = offset;
      }
    }
    const standing = new Map(
      (await scanAll(log, topic)).map((one) => [new TextDecoder().decode(one.key!), one]),
    );
    assert.deepEqual([...standing.keys()].sort(), ["Essex", "Kent"]);
    for (const one of standing.values()) assert.equal(new TextDecoder().decode(one.value!), "19");
    assert.equal(standing.get("Essex")?.offset, last);
  });

  promise("a scan ends when it is aborted, and a closed log says so", async (log) => {
    await log.emit("votes_rejected", [output("a", "1"), output("b", "2")]);
    const stop = new AbortController();
    const found = [];
    for await (const one of log.scan("votes_rejected", stop.signal)) {
      found.push(one);
      stop.abort();
    }
    assert.equal(found.length, 1);
    await log[Symbol.asyncDispose]();
    await assert.rejects(log.emit("votes_rejected", [output("a", "1")]), { code: "LOG_CLOSED" });
    await assert.rejects(scanAll(log, "votes_rejected"), { code: "LOG_CLOSED" });
  });
}
