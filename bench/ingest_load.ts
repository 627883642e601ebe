/**
 * Hands in votes as fast as they are answered: each by itself, then in arrays.
 * @module
 */
import { orderOf, say } from "../tests/services/child.ts";
import type { IngestSizes } from "./ingest.ts";
import { arrayRequests, connect, electionOf, voteRequests } from "./keep_alive.ts";
import { percentile } from "./report.ts";

/** Where and what to hand in. */
export interface LoadOrder extends IngestSizes {
  readonly url: string;
}

/** How a number of votes was taken. */
export interface Load {
  readonly votesPerSecond: number;
  /** From sending to the whole answer, ms. */
  readonly p50: number;
  readonly p99: number;
}

const ACCEPTED = '"status":202';
const { url, warmUp, singles, arrays } = orderOf<LoadOrder>();
const electionId = await electionOf(url);
const singlesFrom = warmUp.votes, arraysFrom = singlesFrom + singles.votes;

const one = (from: number, to: number) => voteRequests(url, electionId, from, to);
const many = (from: number, to: number) => arrayRequests(url, from, to, arrays.each);
await load(one(0, warmUp.votes), singles.connections, 1);
say(await load(one(singlesFrom, arraysFrom), singles.connections, 1));
say(await load(many(arraysFrom, arraysFrom + arrays.votes), arrays.connections, arrays.each));

async function load(requests: Uint8Array[], connections: number, votesEach: number): Promise<Load> {
  using stack = new DisposableStack();
  const open = await Promise.all(Array.from({ length: connections }, () => connect(url)));
  for (const connection of open) stack.use(connection);
  const tookMs: number[] = [];
  let next = 0;
  const startedMs = performance.now();
  await Promise.all(open.map(async (connection) => {
    while (next < requests.length) {
      const request = requests[next++];
      const sentMs = performance.now();
      const { status, body } = await connection.post(request);
      tookMs.push(performance.now() - sentMs);
      const accepted = votesEach === 1
        ? status === 202
        : body.toString("latin1").split(ACCEPTED).length - 1 === votesEach;
      if (!accepted) throw new Error(`${status}: ${body.toString().slice(0, 300)}`);
    }
  }));
  const seconds = (performance.now() - startedMs) / 1000;
  return {
    votesPerSecond: requests.length * votesEach / seconds,
    p50: percentile(tookMs, 0.5),
    p99: percentile(tookMs, 0.99),
  };
}
