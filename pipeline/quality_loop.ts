/**
 * The data-quality loop: makes every check again and again, and keeps the newest report.
 * @module
 */
import type { Fold } from "./fold.ts";
import type { EventLog } from "./log.ts";
import { pause } from "./pause.ts";
import { answered, reasonOf, type Sql } from "./postgres.ts";
import { type Check, type CheckStatus, foldChecks } from "./quality.ts";
import { postgresChecks, postgresUnknown, writeFindings } from "./quality_postgres.ts";
import { createTopicCheck, topicsUnknown } from "./quality_topics.ts";
import type { Registry } from "./registry.ts";
import { offsetsOf, versionOf } from "./results.ts";

/** All checks at one moment. */
export interface QualityReport {
  /** "findings" where any check found something, else "unknown" where none can be made yet. */
  readonly status: "ok" | "findings" | "unknown";
  /** Of the folds that were looked at. */
  readonly version: number;
  /** Epoch ms. */
  readonly asOf: number;
  readonly checks: readonly Check[];
}

/** What the loop looks at. */
export interface QualityOptions {
  readonly log: EventLog;
  readonly registry: Registry;
  readonly folds: readonly Fold[];
  /** False while the folds are only part of the log: then nothing is said of them. */
  readonly caughtUp: () => boolean;
  /** The database that the sink fills; null where there is none, or it is not open. */
  readonly postgres: () => Sql | null;
  /** False while another Teller writes `quality_findings`. */
  readonly mayPublish?: () => boolean;
  /** Whether the aggregated topics are written at all. */
  readonly sinks: boolean;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told, once each, what can't be looked at and why, and which checks have a finding. */
  readonly onNotice: (message: string) => void;
  /** Told each report, once it is written. */
  readonly onReport?: (report: QualityReport) => void;
  /** The shortest time between two rounds; by default 3 seconds. */
  readonly everyMs?: number;
}

/** A running loop. */
export interface Quality {
  /** The newest report; before the first round one of nothing. */
  latest(): QualityReport;
  /** Resolves when it has ended, by its signal; never rejects. */
  readonly done: Promise<void>;
}

const EVERY_MS = 3_000;
/** A round may take one part in this many of the time: a big election is looked at less often. */
const PART_OF_TIME = 10;
/** But after as many of the shortest times at the latest: a round may have taken long as nobody answered. */
const MOST_PAUSES = 10;

/** A database that has gone silent is asked again in the next round. */
const ANSWER_WITHIN_MS = 60_000;

/** Starts the rounds; they go on until the signal aborts. */
export function startQuality(options: QualityOptions): Quality {
  const { log, registry, folds, postgres, now, signal, onNotice } = options;
  const { mayPublish = () => true, everyMs = EVERY_MS } = options;
  const checkTopics = options.sinks ? createTopicCheck(log, registry, folds) : null;
  let latest: QualityReport = { status: "unknown", version: 0, asOf: now(), checks: [] };
  /** What stands in `quality_findings`, as far as this process has written it. */
  let written = "";
  /** What could not be looked at the last time. */
  const unseen = new Set<string>();
  /** Checks whose finding has been told: some come and go with every vote that waits. */
  const told = new Set<string>();

  async function topics(): Promise<Check> {
    if (checkTopics === null) return topicsUnknown();
    return await attempt("the aggregated topics", () => checkTopics(signal), topicsUnknown());
  }

  async function database(sql: Sql | null): Promise<Check[]> {
    if (sql === null) return postgresUnknown();
    const look = () => postgresChecks(sql, log.electionId, registry, folds);
    return await attempt("Postgres", () => answered(look(), ANSWER_WITHIN_MS), postgresUnknown());
  }

  async function round(): Promise<void> {
    const sql = postgres();
    const version = versionOf(offsetsOf(registry, folds));
    const checks = [
      ...foldChecks(registry, folds, log.findings.length),
      await topics(),
      ...await database(sql),
    ];
    latest = { status: statusOf(checks), version, asOf: now(), checks };
    tellOfNew(checks);
    if (sql !== null && mayPublish()) await attempt("quality_findings", () => tell(sql), undefined);
    options.onReport?.(latest);
  }

  function tellOfNew(checks: readonly Check[]): void {
    const found = checks.filter(({ id, status }) => status === "finding" && !told.has(id));
    if (found.length === 0) return;
    for (const { id } of found) told.add(id);
    const list = found.map(({ id, value, expected }) => `${id} is ${value} instead of ${expected}`);
    onNotice(`Data quality: ${list.join(", ")}; see /api/v1/quality`);
  }

  /** What the look gives, or what is said where it fails: then the next round tries again. */
  async function attempt<T>(what: string, look: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      const seen = await look();
      unseen.delete(what);
      return seen;
    } catch (error) {
      if (!signal.aborted && !unseen.has(what)) {
        onNotice(`Data quality can't look at ${what}: ${reasonOf(error)}. It is tried again`);
      }
      unseen.add(what);
      return otherwise;
    }
  }

  /** Writes what has changed since it was written. */
  async function tell(sql: Sql): Promise<void> {
    const content = JSON.stringify(latest.checks);
    if (content === written) return;
    written = "";
    await writeFindings(sql, log.electionId, latest.checks, latest.asOf);
    written = content;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const started = performance.now();
      if (options.caughtUp()) await round();
      const tookMs = performance.now() - started;
      await pause(Math.min(Math.max(everyMs, PART_OF_TIME * tookMs), MOST_PAUSES * everyMs), signal);
    }
  }

  return { latest: () => latest, done: run() };
}

function statusOf(checks: readonly Check[]): QualityReport["status"] {
  const has = (status: CheckStatus) => checks.some((check) => check.status === status);
  return has("finding") ? "findings" : has("ok") ? "ok" : "unknown";
}
