/**
 * A log that tells how long its appends take.
 * @module
 */
import type { EventLog } from "./log.ts";

/** The same log, with the time of each durable append told; closing it closes the log. */
export function timedLog(log: EventLog, observeSeconds: (seconds: number) => void): EventLog {
  return {
    electionId: log.electionId,
    findings: log.findings,
    partitioner: log.partitioner,
    partitions: (topic) => log.partitions(topic),
    read: (topic, from, signal) => log.read(topic, from, signal),
    ends: (topic) => log.ends(topic),
    emit: (topic, records) => log.emit(topic, records),
    scan: (topic, signal, from) => log.scan(topic, signal, from),
    async append(topic, records) {
      const startedAt = performance.now();
      const positions = await log.append(topic, records);
      observeSeconds((performance.now() - startedAt) / 1000);
      return positions;
    },
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}
