/**
 * SQL: what a small question and a big one take over HTTP, beside DuckDB itself; what becomes of counting while hostile
 * SQL is asked; and of votes and viewers while twenty analysts ask without a pause.
 * @module
 */
import { createProgress } from "../pipeline/progress.ts";
import { sharedKafka } from "../tests/services/kafka.ts";
import { type BenchOptions, percentile, printSpreads, type Spread, spreadOf } from "./report.ts";
import { addressOf, BIG_QUESTION, measureQuestions, SMALL_QUESTION } from "./sql_questions.ts";
import { measureHostile } from "./sql_hostile.ts";
import { measureVotes, type Run } from "./votes_under_sql.ts";

const ANALYSTS = 20, VOTES_PER_SECOND = 2_000, SECONDS = 20;
/** What they ask in turns: from a millisecond to a second of the engine's work. */
const ANALYSTS_ASK = [
  SMALL_QUESTION,
  BIG_QUESTION,
  "SELECT * FROM votes_by_window ORDER BY window_start DESC, state, candidate_id LIMIT 1000",
  "SELECT sum(hash(range) % 7) FROM range(20000000)",
  "SELECT age_band, gender, candidate_id, sum(votes) FROM votes_by_window GROUP BY ALL ORDER BY ALL",
];

/** Measures questions alone, then counting under attack, then votes and viewers with analysts and without, on both logs. */
export async function sql({ runs }: BenchOptions): Promise<object> {
  const questions = await measureQuestions(runs);
  printSpreads(`sql: questions over HTTP, ${runs} runs`, questions);
  const hostile = await measureHostile();
  printSpreads("sql: a vote every 10 ms is counted beside hostile SQL, once through", hostile);
  const load = await measureLoad(runs);
  printSpreads(
    `sql: ${VOTES_PER_SECOND} votes/s for ${SECONDS} s, with ${ANALYSTS} analysts and without, ${runs} runs`,
    load,
  );
  return { figures: { ...questions, ...hostile, ...load } };
}

async function measureLoad(runs: number): Promise<Record<string, Spread>> {
  const [broker] = await sharedKafka();
  const lines: Record<string, Spread> = {};
  using progress = createProgress();
  let done = 0;
  for (const [log, address] of [["embedded", null], ["Kafka", broker]] as const) {
    const without: Run[] = [], beside: Run[] = [], crowds: Crowd[] = [];
    const voting = { broker: address, votesPerSecond: VOTES_PER_SECOND, seconds: SECONDS };
    for (let run = 0; run < runs; run++) {
      without.push(await measureVotes(voting));
      const crowd: Crowd = { answered: 0, putOff: 0, others: [] };
      crowds.push(crowd);
      beside.push(await measureVotes({ ...voting, analysts: (url, signal) => askAll(url, signal, crowd) }));
      progress.show("sql", ++done, 2 * runs);
    }
    const others = crowds.flatMap(({ others }) => others);
    if (others.length > 0) throw new Error(`Analysts got ${others.length} other answers: ${others[0]}`);
    for (const [who, of] of [["without analysts", without], ["with them", beside]] as const) {
      for (const share of [0.5, 0.99]) {
        lines[`${log}, ${who}: ms from append to event at a viewer, p${share * 100}`] = spreadOf(
          of.map(({ seen }) => percentile(seen, share)),
        );
      }
    }
    lines[`${log}: answers a second`] = spreadOf(crowds.map(({ answered }) => answered / SECONDS));
    lines[`${log}: put off (429) a second`] = spreadOf(crowds.map(({ putOff }) => putOff / SECONDS));
  }
  return lines;
}

/** What analysts were answered. */
interface Crowd {
  answered: number;
  /** 429 with Retry-After. */
  putOff: number;
  /** Anything else. */
  readonly others: string[];
}

/** Every analyst asks again as soon as she is answered. */
async function askAll(url: string, signal: AbortSignal, crowd: Crowd): Promise<void> {
  await Promise.all(Array.from({ length: ANALYSTS }, async (_, analyst) => {
    for (let i = analyst; !signal.aborted; i++) {
      const response = await fetch(addressOf(url, ANALYSTS_ASK[i % ANALYSTS_ASK.length]));
      const text = await response.text();
      if (response.status === 200) crowd.answered++;
      else if (response.status === 429 && response.headers.has("Retry-After")) crowd.putOff++;
      // Before the first snapshot there is nothing to ask.
      else if (JSON.parse(text).code !== "no_snapshot_yet") crowd.others.push(text);
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }));
}
