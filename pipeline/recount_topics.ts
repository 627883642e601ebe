/**
 * The aggregated topics held against a recount: the last record of each key at the offsets in its own headers, and
 * all keys together at the newest offsets that any record names.
 * @module
 */
import type { EventLog, StoredOutput } from "./log.ts";
import { pause } from "./pause.ts";
import { recordsAt, recordsAtTheirCuts, SUM_TOPICS, type SumTopic } from "./recount_aggregates.ts";
import { countAt, type Cut, versionOf } from "./recount_cut.ts";
import { type CopyReport, createFindings, type Findings, nothingToCompare } from "./recount_findings.ts";
import { cutOf, type Recounting } from "./recount_results.ts";

/** The last record of each key. */
type Standing = Record<SumTopic, Map<string, StoredOutput>>;

/** The sink writes several topics in a round: one that was under way is over when nothing changes for so long. */
const SETTLE_MS = 500;
const MOST_TIMES = 20;

const decoder = new TextDecoder();

/** Compares all aggregated topics; each is a copy of its own. */
export async function compareTopics(
  log: EventLog,
  recounting: Recounting,
  settleMs = SETTLE_MS,
): Promise<CopyReport[]> {
  let standing = await readStanding(log, recounting.signal);
  for (let times = 1;; times++) {
    const reports = await compareStanding(standing, recounting);
    if (times === MOST_TIMES || reports.every(({ differences }) => differences === 0)) return reports;
    await pause(settleMs, recounting.signal);
    const later = await readStanding(log, recounting.signal);
    if (recounting.signal.aborted || placesOf(later) === placesOf(standing)) return reports;
    standing = later;
  }
}

async function compareStanding(standing: Standing, recounting: Recounting): Promise<CopyReport[]> {
  const { recount, rules, turn, catchUp } = recounting;
  await catchUp();
  const findings = each((topic) => createFindings(topic));
  const cuts = each((topic) => {
    const own = new Map<string, Cut>();
    for (const [key, { headers }] of standing[topic]) {
      const cut = compareHeaders(findings[topic], key, headers, rules.electionId, recounting);
      if (cut !== null) own.set(key, cut);
    }
    return own;
  });
  const newest = SUM_TOPICS.flatMap((topic) => [...cuts[topic].values()])
    .reduce<Cut | null>((a, b) => a === null || versionOf(b) > versionOf(a) ? b : a, null);
  if (newest === null && SUM_TOPICS.every((topic) => standing[topic].size === 0)) {
    return SUM_TOPICS.map((topic) => nothingToCompare(topic, "nothing has been written to it"));
  }

  const own = await recordsAtTheirCuts(recount, cuts, turn);
  const cut = newest ?? { ...recount.next };
  const all = recordsAt(recount, cut, await countAt(recount, cut, turn));
  return SUM_TOPICS.map((topic) => {
    for (const key of new Set([...standing[topic].keys(), ...all[topic].keys()])) {
      const found = standing[topic].has(key) ? contentOf(standing[topic].get(key)!) : undefined;
      const before = findings[topic].differences();
      if (own[topic].has(key)) {
        findings[topic].compare(`${key}, at its own offsets`, own[topic].get(key) ?? undefined, found);
      }
      // What is wrong at its own offsets needn't be said to be wrong at the newest as well.
      if (findings[topic].differences() === before) findings[topic].compare(key, all[topic].get(key), found);
    }
    return findings[topic].report(versionOf(cut));
  });
}

/** Tells whether anything was written in between. */
function placesOf(standing: Standing): string {
  return SUM_TOPICS.flatMap((topic) => [...standing[topic].values()].map(({ offset }) => offset)).join();
}

async function readStanding(log: EventLog, signal: AbortSignal): Promise<Standing> {
  const standing = each(() => new Map<string, StoredOutput>());
  for (const topic of SUM_TOPICS) {
    for await (const record of log.scan(topic, signal)) {
      const key = record.key === null ? "(no key)" : decoder.decode(record.key);
      standing[topic].set(key, record);
      if (record.value === null) standing[topic].delete(key);
    }
  }
  return standing;
}

/** The offsets that a record says it stands for. */
function compareHeaders(
  findings: Findings,
  key: string,
  headers: StoredOutput["headers"],
  electionId: string,
  { recount }: Recounting,
): Cut | null {
  findings.compare(`${key}, header election`, electionId, headers.election);
  const cut = cutOf(parsed(headers.offsets ?? ""), recount);
  findings.compare(`${key}, header offsets that the log has`, true, cut !== null);
  if (cut !== null) findings.compare(`${key}, header version`, String(versionOf(cut)), headers.version);
  return cut;
}

function contentOf({ value }: StoredOutput): unknown {
  const text = decoder.decode(value!);
  return parsed(text) ?? text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // whatever it is, it is shown as it is
  }
}

function each<T>(value: (topic: SumTopic) => T): Record<SumTopic, T> {
  return Object.fromEntries(SUM_TOPICS.map((topic) => [topic, value(topic)])) as Record<SumTopic, T>;
}
