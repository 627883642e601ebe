/**
 * kcat at work: produces records and prints what a topic holds, so that neither goes through the project's code.
 * @module
 */

import { Buffer } from "node:buffer";

/** A record for kcat. Text is written as UTF-8; null is Kafka's null. */
export interface KcatRecord {
  readonly key: string | Uint8Array | null;
  readonly value: string | Uint8Array | null;
  /** Where to force it; else kcat's murmur2 says. */
  readonly partition?: number;
}

/**
 * Between key and value, and between records. Measured: with these, every other byte passes unchanged, NUL and
 * broken UTF-8 too, and so do empty keys and values. JSON holds neither unescaped.
 */
const KEY_END = "\x1f", RECORD_END = "\x1e";

/** Produces records in the order given: one run of kcat for each stretch that the same options fit. */
export async function produceByKcat(
  broker: string,
  topic: string,
  records: Iterable<KcatRecord>,
): Promise<void> {
  let run: Uint8Array[] = [];
  let runOptions: string[] = [];
  const finish = async () => {
    if (run.length > 0) await produceRun(broker, topic, runOptions, run);
    run = [];
  };
  for (const record of records) {
    const options = optionsFor(record);
    if (options.join() !== runOptions.join()) await finish();
    runOptions = options;
    run.push(line(record));
  }
  await finish();
}

/**
 * Writes all records of topics to a file, one JSON object `{topic, partition, offset, tstype, ts, key, payload}`
 * per line.
 *
 * kcat writes bytes that are no UTF-8 as they are, which is no JSON: they become U+FFFD here.
 */
export async function dumpByKcat(broker: string, topics: readonly string[], file: string): Promise<void> {
  await Deno.writeTextFile(file, "");
  for (const topic of topics) {
    const { success, stdout } = await new Deno.Command("kcat", {
      args: ["-C", "-b", broker, "-t", topic, "-o", "beginning", "-e", "-q", "-J"],
      stdin: "null",
      stderr: "inherit",
    }).output();
    if (!success) throw new Error(`kcat could not read ${topic}`);
    await Deno.writeTextFile(file, new TextDecoder().decode(stdout), { append: true });
  }
}

/** -Z makes empty keys and values null, so it may only be given where null is meant. */
function optionsFor(record: KcatRecord): string[] {
  const partition = record.partition === undefined ? [] : ["-p", String(record.partition)];
  return record.value === null ? ["-Z", ...partition] : partition;
}

/** A line without KEY_END has a null key. */
function line({ key, value }: KcatRecord): Uint8Array {
  const parts = [key ?? "", key === null && value !== null ? "" : KEY_END, value ?? "", RECORD_END];
  return Buffer.concat(parts.map((part) => typeof part === "string" ? Buffer.from(part) : part));
}

async function produceRun(broker: string, topic: string, options: string[], lines: Uint8Array[]) {
  const kcat = new Deno.Command("kcat", {
    args: [
      ...["-P", "-q", "-b", broker, "-t", topic, "-K", KEY_END, "-D", RECORD_END],
      ...["-X", "topic.partitioner=murmur2_random", ...options],
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  // Few writes: kcat reads much faster than a pipe takes single lines.
  const writer = kcat.stdin.getWriter();
  for (let i = 0; i < lines.length; i += 1_000) await writer.write(Buffer.concat(lines.slice(i, i + 1_000)));
  await writer.close();
  if (!(await kcat.status).success) throw new Error(`kcat could not produce to ${topic}`);
}
