/**
 * Appends many records as fast as the log takes them.
 * @module
 */
import type { AppendRecord, EventLog, Topic } from "../pipeline/log.ts";
import { createProgress } from "../pipeline/progress.ts";

const RECORDS_PER_APPEND = 4_000;

/** Appends records 0 … n−1, drawing some while the log takes those before. */
export async function appendAll(
  log: EventLog,
  topic: Topic,
  n: number,
  draw: (i: number) => AppendRecord,
): Promise<void> {
  using progress = createProgress();
  let written: Promise<unknown> = Promise.resolve();
  for (let from = 0; from < n; from += RECORDS_PER_APPEND) {
    const length = Math.min(RECORDS_PER_APPEND, n - from);
    const records = Array.from({ length }, (_, i) => draw(from + i));
    await written;
    written = log.append(topic, records);
    progress.show(topic, from + length, n);
  }
  await written;
}
