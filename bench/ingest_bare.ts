/**
 * Appends the same votes to a log of their own with nothing before it, as many at a time as clients have
 * under way.
 * @module
 */
import { orderOf, say } from "../tests/services/child.ts";
import { openBenchLog, voteRecord } from "./electorate.ts";
import type { IngestSizes } from "./ingest.ts";
import type { Load } from "./ingest_load.ts";
import { percentile } from "./report.ts";

/** Where and what to append. */
export interface BareOrder extends IngestSizes {
  readonly broker: string;
  readonly topicPrefix: string;
}

const { broker, topicPrefix, warmUp, singles, arrays } = orderOf<BareOrder>();
await using log = await openBenchLog(broker, topicPrefix);
await load(warmUp.votes, singles.connections, 1);
say(await load(singles.votes, singles.connections, 1));
say(await load(arrays.votes, arrays.connections, arrays.each));

async function load(votes: number, atOnce: number, each: number): Promise<Load> {
  const now = Date.now();
  const records = Array.from({ length: votes }, (_, i) => voteRecord(i, now));
  const tookMs: number[] = [];
  let next = 0;
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < votes) {
      const some = records.slice(next, next += each);
      const calledMs = performance.now();
      await log.append("votes_topic", some);
      tookMs.push(performance.now() - calledMs);
    }
  }));
  const seconds = (performance.now() - startedMs) / 1000;
  return { votesPerSecond: votes / seconds, p50: percentile(tookMs, 0.5), p99: percentile(tookMs, 0.99) };
}
