/**
 * Replay: from a topic full of votes to the final tally, beside kcat reading the same topic and dropping it.
 *
 * In turns, each in a fresh process: a machine that is slow for a while is slow for both, so the ratio is taken
 * pair by pair.
 * @module
 */
import { fileURLToPath } from "node:url";
import { createProgress } from "../pipeline/progress.ts";
import { newPrefix, sharedKafka } from "../tests/services/kafka.ts";
import { openBenchLog, PARTITIONS } from "./electorate.ts";
import { fillPeople, fillVotes, ownVoteRecord, voteRecord } from "./fill.ts";
import type { Replayed } from "./replay_process.ts";
import { type BenchOptions, firstLine, print, printSpreads, spreadOf } from "./report.ts";
import { printTopCosts } from "./top_costs.ts";

const PROCESS = fileURLToPath(new URL("./replay_process.ts", import.meta.url));

/** Fills the topics once, then measures Teller and kcat in turns. */
export async function replay({ votes, runs, own, profile, workers }: BenchOptions): Promise<object> {
  const [broker] = await sharedKafka();
  const prefix = newPrefix();
  await fillTopics(broker, prefix, votes, own ? ownVoteRecord : voteRecord);
  // Not measured: what is just written is still being brought to the disk, and the broker's own reading is compiled.
  await runKcat(broker, `${prefix}votes_topic`);

  const tellers: Replayed[] = [], alone: Replayed[] = [], kcats: number[] = [], idles: number[] = [];
  using progress = createProgress();
  for (let run = 0; run < runs; run++) {
    tellers.push(await runTeller(broker, prefix, votes, workers));
    alone.push(await runTeller(broker, prefix, votes, 0));
    kcats.push(await runKcat(broker, `${prefix}votes_topic`));
    idles.push(await runKcat(broker, `${prefix}candidates_topic`));
    progress.show("replay", run + 1, runs);
  }
  progress[Symbol.dispose]();

  const of = (figure: (run: number) => number) => spreadOf(Array.from({ length: runs }, (_, i) => figure(i)));
  const figures = {
    "Teller, votes/s": of((i) => votes / tellers[i].votesSeconds),
    "Teller, voters/s": of((i) => votes / tellers[i].votersSeconds),
    "Teller, seconds from process start to tally": of((i) => tellers[i].processSeconds),
    "Teller, µs of CPU a vote": of((i) => tellers[i].votesCpuSeconds / votes * 1e6),
    "Teller without reading threads, votes/s": of((i) => votes / alone[i].votesSeconds),
    "Teller with : without reading threads": of((i) => alone[i].votesSeconds / tellers[i].votesSeconds),
    "Teller, MiB of memory at the end": of((i) => tellers[i].memoryBytes / 2 ** 20),
    "kcat, records/s": of((i) => votes / kcats[i]),
    "kcat, seconds for 3 records": of((i) => idles[i]),
    "kcat less that, records/s": of((i) => votes / (kcats[i] - idles[i])),
    "Teller : kcat": of((i) => kcats[i] / tellers[i].votesSeconds),
    "Teller : kcat less that": of((i) => (kcats[i] - idles[i]) / tellers[i].votesSeconds),
  };
  const bytes = (own ? ownVoteRecord : voteRecord)(0, Date.now()).value!.length;
  printSpreads(
    `replay: ${
      votes.toLocaleString("en-GB")
    } votes of ${bytes} bytes, ${PARTITIONS} partitions, ${workers} reading threads, ${runs} runs`,
    figures,
  );
  print(
    "  Teller's votes are timed from the first fetch of votes_topic, all voters read, to the final Results;\n" +
      "  kcat from process start to end: it waits half a second at the end of a topic however short",
  );
  const kcat = await firstLine("sh", "-c", "kcat -V | grep -i ^version");
  const topCosts = profile ? await profileTeller(broker, prefix, votes, workers) : undefined;
  return {
    kcat,
    votes,
    bytes,
    workers,
    partitions: PARTITIONS,
    figures,
    runs: { tellers, alone, kcats, idles },
    topCosts,
  };
}

async function fillTopics(
  broker: string,
  topicPrefix: string,
  votes: number,
  draw: typeof voteRecord,
): Promise<void> {
  await using log = await openBenchLog(broker, topicPrefix);
  await fillPeople(log, votes);
  await fillVotes(log, votes, draw);
}

async function runTeller(
  broker: string,
  prefix: string,
  votes: number,
  workers: number,
  profile = "",
): Promise<Replayed> {
  const args = [broker, prefix, String(votes), String(Date.now()), String(workers), profile];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", PROCESS, ...args],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("a replay failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Seconds that kcat takes to read a topic and drop it. */
async function runKcat(broker: string, topic: string): Promise<number> {
  const startedMs = performance.now();
  const { success } = await new Deno.Command("kcat", {
    args: ["-C", "-b", broker, "-t", topic, "-o", "beginning", "-e", "-q"],
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("kcat failed");
  return (performance.now() - startedMs) / 1000;
}

async function profileTeller(broker: string, prefix: string, votes: number, workers: number) {
  const results = new URL("./results/", import.meta.url);
  await Deno.mkdir(results, { recursive: true });
  const file = fileURLToPath(new URL("replay.cpuprofile", results));
  await runTeller(broker, prefix, votes, workers, file);
  return printTopCosts(file);
}
