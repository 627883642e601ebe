/**
 * A crowd votes at a Teller while a test does it harm; in the end nothing may be lost, invented or double.
 * @module
 */
import assert from "node:assert/strict";
import type { EventLog } from "../../pipeline/log.ts";
import { openKafkaLog } from "../../pipeline/log_kafka.ts";
import type { Results } from "../../pipeline/results.ts";
import { newPrefix } from "../services/kafka.ts";
import { startTeller, type TellerService } from "../services/teller.ts";
import { type Crowd, startCrowd } from "../soak/crowd.ts";
import { openJournal, readJournal } from "../soak/journal.ts";
import { RULES } from "../soak/soak.ts";
import { judge } from "../soak/verdict.ts";
import { openLogIn } from "./electorate.ts";
import { untilResults } from "./live.ts";

/** Who votes, where. */
export interface PollingDay {
  readonly teller: TellerService;
  readonly crowd: Crowd;
}

const ADMIN_TOKEN = "the-administrator-of-a-scenario";
const PATIENCE_MS = 30_000;
/** The settings by which the crowd is let in. */
export const POLLING_ENV = {
  ADMIN_TOKEN,
  TELLER_SECRET: "what the tokens of a scenario are made with",
  TELLER_SINKS: "off",
};

/** Settings for a broker and topics of the test's own, and how to open the log there. */
export function onKafka(broker: string) {
  const topicPrefix = newPrefix();
  const common = { brokers: [broker], ssl: false, sasl: null, topicPrefix };
  return {
    env: { KAFKA_BROKERS: broker, TELLER_TOPIC_PREFIX: topicPrefix },
    open: (): Promise<EventLog> => openKafkaLog({ ...common, ...RULES }),
  };
}

/** Settings for a log in DATA_DIR, and how to open that. */
export function inFolder(dataDir: string) {
  return { env: { DATA_DIR: dataDir }, open: () => Promise.resolve(openLogIn(dataDir)) };
}

/** Lets a crowd vote while `harm` is done, waits until everybody has an answer, and judges. Gives the last Results. */
export async function pollingDay(
  { env, open }: { env: Record<string, string>; open: () => Promise<EventLog> },
  harm: (day: PollingDay) => Promise<void>,
): Promise<Results> {
  const dir = await Deno.makeTempDir({ prefix: "teller-polling-" });
  let results: Results;
  try {
    {
      await using teller = await startTeller({ env: { ...POLLING_ENV, ...env } });
      await using journal = openJournal(`${dir}/journal`);
      const crowd = startCrowd({ url: teller.url, adminToken: ADMIN_TOKEN, journal, random: Math.random });
      await crowd.more(50);
      await harm({ teller, crowd });
      await crowd.more(50);
      await crowd.finish();
      results = await untilResults(
        teller.url,
        ({ offsets }) => [...crowd.told()].every(([partition, end]) => offsets.votes_topic[partition] >= end),
      );
      assert.equal(await teller.stop(), 0, teller.logs());
    }
    await using log = await open();
    const verdict = await judge(await readJournal(`${dir}/journal`), {
      log,
      rules: RULES,
      results,
      sql: null,
    });
    const { lost, invented, double, differences, voters } = verdict;
    assert.deepEqual({ lost, invented, double, differences }, {
      lost: [],
      invented: [],
      double: 0,
      differences: [],
    });
    assert.ok(voters.counted >= 100);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
  return results;
}

/** The messages that a Teller wrote, one a line of JSON. */
export function messagesOf({ logs }: TellerService): string[] {
  return logs().trim().split("\n").map((line) => JSON.parse(line).message);
}

/** Waits for what no event tells of. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!await holds()) {
    if (Date.now() > deadline) throw new Error(`In ${PATIENCE_MS / 1000} s it never was so that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
