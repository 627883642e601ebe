/**
 * Latency: from the moment a voter sends her vote to the event at another client of the live stream that first
 * covers it; votes that come alone, on both logs, and a thousand a second, on Kafka.
 *
 * Teller is a process of its own, as it is run; voters and viewer are this one.
 * @module
 */
import { createProgress } from "../pipeline/progress.ts";
import { openEmbeddedLog } from "../pipeline/log_embedded.ts";
import { partitionerOf } from "../pipeline/partitioner.ts";
import { newPrefix, sharedKafka } from "../tests/services/kafka.ts";
import { startTeller } from "../tests/services/teller.ts";
import { accredit, openBenchLog, PARTITIONS, SECRETS } from "./electorate.ts";
import { connect, type Connection, electionOf, voteRequests } from "./keep_alive.ts";
import { liveResults } from "./live_results.ts";
import { type BenchOptions, percentile, print, printSpreads, spreadOf } from "./report.ts";

const ALONE = { votes: 60, betweenMs: { least: 150, most: 350 } };
const CROWD = { votesPerSecond: 1_000, seconds: 60, connections: 64 };
/** Not measured: code is compiled in it. */
const WARM_UP = { votes: 1_000, votesPerSecond: 500 };

/** What became of one vote; times are ms of this process' clock. */
interface Sent {
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly partition: number;
  readonly offset: number;
}

/** One run's figures, in ms from sending. */
interface Run {
  /** Until the answer: the vote is durable and folded. */
  readonly answered: number[];
  /** Until the client has an event that covers the vote. */
  readonly seen: number[];
}

/** Measures all in turns. */
export async function latency({ runs }: BenchOptions): Promise<object> {
  const [broker] = await sharedKafka();
  const alone: Record<string, Run[]> = { "embedded log": [], Kafka: [] };
  const crowd: Run[] = [];
  using progress = createProgress();
  for (let run = 0; run < runs; run++) {
    const [onEmbedded] = await measure(null, sendAlone);
    const [onKafka, ofCrowd] = await measure(broker, sendAlone, sendCrowd);
    alone["embedded log"].push(onEmbedded);
    alone.Kafka.push(onKafka);
    crowd.push(ofCrowd);
    progress.show("latency", run + 1, runs);
  }
  progress[Symbol.dispose]();

  const lines = { ...mapKeys(alone, (log) => `alone, ${log}`), [`${CROWD.votesPerSecond}/s, Kafka`]: crowd };
  const figures = Object.fromEntries(
    Object.entries(lines).flatMap(([name, runs]) =>
      (["answered", "seen"] as const).flatMap((what) =>
        [0.5, 0.99].map((share) => [
          `${name}, ms until ${what}, p${share * 100}`,
          spreadOf(runs.map((run) => percentile(run[what], share))),
        ])
      )
    ),
  );
  printSpreads(
    `latency: from sending a vote over HTTP to the event at another client, ${runs} runs`,
    figures,
  );
  print(
    `  Alone: ${ALONE.votes} votes, ${ALONE.betweenMs.least} to ${ALONE.betweenMs.most} ms between two; ` +
      `then ${CROWD.seconds} s over ${CROWD.connections} connections. Under load Results are made ten times a second`,
  );
  return { alone: ALONE, crowd: CROWD, figures };
}

type Send = (connections: readonly Connection[], requests: readonly Uint8Array[]) => Promise<Sent[]>;

/** Several loads on one Teller with a log of its own. */
async function measure(broker: string | null, ...loads: readonly Send[]): Promise<Run[]> {
  const topicPrefix = newPrefix();
  const counts = loads.map((load) => load === sendAlone ? ALONE.votes : CROWD.votesPerSecond * CROWD.seconds);
  const voters = WARM_UP.votes + counts.reduce((a, b) => a + b, 0);
  const dataDir = await Deno.makeTempDir({ prefix: "teller-bench-" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(dataDir, { recursive: true }));
  {
    const embedded = { dir: dataDir, partitions: PARTITIONS, partitioner: partitionerOf("murmur2") };
    await using log = broker === null ? openEmbeddedLog(embedded) : await openBenchLog(broker, topicPrefix);
    await accredit(log, voters);
  }
  const kafka: Record<string, string> = broker === null
    ? {}
    : { KAFKA_BROKERS: broker, TELLER_TOPIC_PREFIX: topicPrefix };
  const env = { DATA_DIR: dataDir, TELLER_SINKS: "off", ...kafka, ...SECRETS };
  const teller = stack.use(await startTeller({ env }));
  const requests = voteRequests(teller.url, await electionOf(teller.url), 0, voters);
  const open = await Promise.all(Array.from({ length: CROWD.connections }, () => connect(teller.url)));
  for (const connection of open) stack.use(connection);

  let taken = 0;
  const take = (n: number) => requests.slice(taken, taken += n);
  await sendAtRate(open, take(WARM_UP.votes), WARM_UP.votesPerSecond);
  const runs: Run[] = [];
  for (const [i, load] of loads.entries()) {
    using viewer = await watch(teller.url);
    const sent = await load(open, take(counts[i]));
    await viewer.saw(sent);
    runs.push({
      answered: sent.map(({ sentMs, answeredMs }) => answeredMs - sentMs),
      seen: sent.map((vote) => viewer.sawAtMs(vote) - vote.sentMs),
    });
  }
  return runs;
}

/** One at a time, at moments that fall in with no clock. */
async function sendAlone([connection]: readonly Connection[], requests: readonly Uint8Array[]) {
  const { least, most } = ALONE.betweenMs;
  const sent: Sent[] = [];
  for (const request of requests) {
    await pauseMs(least + Math.random() * (most - least));
    sent.push(await send(connection, request));
  }
  return sent;
}

function sendCrowd(connections: readonly Connection[], requests: readonly Uint8Array[]) {
  return sendAtRate(connections, requests, CROWD.votesPerSecond);
}

/** Each when it is due, whatever has become of the others; where all connections are busy, it waits and that counts. */
async function sendAtRate(
  connections: readonly Connection[],
  requests: readonly Uint8Array[],
  votesPerSecond: number,
): Promise<Sent[]> {
  const startedMs = performance.now();
  const sent: Sent[] = [];
  let next = 0;
  await Promise.all(connections.map(async (connection) => {
    while (next < requests.length) {
      const i = next++;
      const dueMs = startedMs + i * 1000 / votesPerSecond;
      const early = dueMs - performance.now();
      if (early > 0) await pauseMs(early);
      sent.push({ ...await send(connection, requests[i]), sentMs: dueMs });
    }
  }));
  return sent;
}

async function send(connection: Connection, request: Uint8Array): Promise<Sent> {
  const sentMs = performance.now();
  const { status, body } = await connection.post(request);
  const answeredMs = performance.now();
  if (status !== 202) throw new Error(`${status}: ${body}`);
  return { sentMs, answeredMs, ...JSON.parse(body.toString()) };
}

/** A client of the live stream that remembers when it saw what. */
async function watch(url: string) {
  const events: { atMs: number; offsets: Record<string, number> }[] = [];
  const stream = liveResults(url);
  const covers = ({ partition, offset }: Sent) => events.find(({ offsets }) => offsets[partition] > offset);
  async function next(): Promise<void> {
    const { value } = await stream.next();
    events.push({ atMs: performance.now(), offsets: value!.offsets.votes_topic });
  }
  await next();
  let last: readonly Sent[] = [];
  let isKnown = false;
  const listening = (async () => {
    while (!isKnown || !last.every(covers)) await next();
  })();
  return {
    async saw(sent: readonly Sent[]): Promise<void> {
      last = sent.slice(-2 * CROWD.connections);
      isKnown = true;
      await listening;
    },
    sawAtMs: (vote: Sent) => covers(vote)!.atMs,
    [Symbol.dispose]: () => void stream.return(),
  };
}

function mapKeys<T>(of: Record<string, T>, name: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [name(key), value]));
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
