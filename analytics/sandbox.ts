/**
 * Watches over the sandbox: gives it one question at a time, and kills it when it doesn't stop.
 * @module
 */
import { refusalOfLength } from "./gate.ts";
import type { Generation, KeptGenerations } from "./kept_generations.ts";
import type { Answer, QueryEngine, Question, Refusal } from "./query.ts";
import { type Launch, missingConfinements, planLaunch } from "./sandbox_launch.ts";
import { KILL_AFTER_MS, QUERY_MS, tooLong } from "./sandbox_limits.ts";
import { createSandboxKeeper } from "./sandbox_keeper.ts";
import type { SandboxProcess } from "./sandbox_process.ts";
import type { TableSource } from "./schema.ts";

/** What the sandbox needs of the rest. */
export interface SandboxOptions {
  /** Holds the public files of all generations. */
  readonly folder: string;
  readonly snapshots: Pick<KeptGenerations, "kept" | "hold">;
  /** Told what the system doesn't give it, and of its failures. */
  readonly onNotice: (message: string) => void;
  /** How long a query may take; by default 3 seconds. */
  readonly queryMs?: number;
  /** How its process is started; by default behind every confinement that the system has. */
  readonly launch?: Launch;
}

/** The engine for strangers' SQL. */
export interface Sandbox extends QueryEngine, AsyncDisposable {
  /** How it is confined on this system. */
  readonly confinements: Launch["confinements"];
  /** Its process, while one runs: for tests, which kill it. */
  process(): Pick<SandboxProcess, "kill" | "ended"> | null;
}

/** How many questions wait while one is answered. */
const MAX_WAITING = 32;
/** How long one waits. */
const WAIT_MS = 3_000;
/** How many generations are open: the newest, and a few that somebody goes back to. */
const MAX_OPEN = 3;

const BUSY: Refusal = {
  refused: "sql_busy",
  detail: "Too many queries are being answered; try again shortly.",
};
const ENDED: Refusal = {
  refused: "sql_ended",
  detail: "The process that ran the query ended before it was done, and another has taken its place. " +
    "It took too much memory, or met a defect of the engine; or the process was ended from outside.",
};
const UNAVAILABLE: Refusal = {
  refused: "sql_unavailable",
  detail: "The process that runs queries can't be started at present; the server's log says why.",
};
const GONE: Refusal = {
  refused: "sql_ended",
  detail: "Whoever asked has gone, or the server is about to end.",
};

/** A question that waits, or is being answered. */
interface Job {
  readonly id: string;
  readonly generation: Generation;
  readonly question: Question;
  readonly signal: AbortSignal;
  settle(said: Answer | Refusal): void;
}

/** Finds out how the process can be confined; it is started by the first question. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { folder, snapshots, onNotice, queryMs = QUERY_MS } = options;
  const launch = options.launch ?? await planLaunch(folder);
  const missing = missingConfinements(launch);
  if (missing !== null) onNotice(missing);

  const waiting: Job[] = [];
  let working = false;
  let closed = false;
  /** What the process has open, the one asked last at the end, with the hold on its files. */
  const open = new Map<string, Disposable>();
  const keeper = createSandboxKeeper({ command: launch.command, onNotice, onEnd: closeAll });

  function closeAll(): void {
    for (const hold of open.values()) hold[Symbol.dispose]();
    open.clear();
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let job; (job = waiting.shift()) !== undefined;) {
      job.settle(await answer(job).catch((fault) => (onNotice(`A query went unanswered: ${fault}`), ENDED)));
    }
    working = false;
  }

  async function answer({ id, generation, question, signal }: Job): Promise<Answer | Refusal> {
    const asked = await keeper.running();
    if (asked === null) return closed ? GONE : UNAVAILABLE;
    const { sha256, facts } = generation;
    const source = open.has(sha256) ? null : await sourceOf(generation, snapshots);
    if (signal.aborted) return GONE;
    if (keeper.process() !== asked) return ENDED; // meanwhile, and what is noted as open is of the next one
    const close = opening(generation);
    const cancel = () => asked.cancel(id);
    signal.addEventListener("abort", cancel, { once: true });
    let killed = false;
    const timer = setTimeout(() => {
      killed = true;
      asked.kill();
    }, queryMs + KILL_AFTER_MS);
    try {
      const asOf = new Date(facts.asOf).toISOString();
      const said = await asked.ask({
        kind: "ask",
        id,
        question,
        generation: sha256,
        open: source,
        close,
        withinMs: queryMs,
        version: facts.version,
        asOf,
      });
      return said ?? (killed ? { refused: "sql_too_long", detail: tooLong(queryMs) } : ENDED);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    }
  }

  /** Notes a generation as open, and gives those that aren't any more. */
  function opening(generation: Generation): string[] {
    const hold = open.get(generation.sha256) ?? snapshots.hold(generation);
    open.delete(generation.sha256);
    open.set(generation.sha256, hold);
    const close = [...open.keys()].slice(0, -MAX_OPEN);
    for (const name of close) {
      open.get(name)![Symbol.dispose]();
      open.delete(name);
    }
    return close;
  }

  return {
    confinements: launch.confinements,
    process: keeper.process,
    ask(generation, question, { id, signal }) {
      if (closed) return Promise.resolve(GONE);
      const detail = refusalOfLength(question.sql);
      if (detail !== null) return Promise.resolve({ refused: "sql_refused", detail });
      if (waiting.length >= MAX_WAITING) return Promise.resolve(BUSY);
      const hold = snapshots.hold(generation); // it may be thinned while the question waits
      const said = Promise.withResolvers<Answer | Refusal>();
      const job: Job = { id, generation, question, signal, settle: said.resolve };
      const leave = (refusal: Refusal) => {
        const at = waiting.indexOf(job);
        if (at < 0) return;
        waiting.splice(at, 1);
        said.resolve(refusal);
      };
      const timer = setTimeout(() => leave(BUSY), WAIT_MS);
      const onAbort = () => leave(GONE);
      signal.addEventListener("abort", onAbort, { once: true });
      waiting.push(job);
      work();
      return said.promise.finally(() => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        hold[Symbol.dispose]();
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      for (const job of waiting.splice(0)) job.settle(GONE);
      await keeper[Symbol.asyncDispose]();
    },
  };
}

/** Later than any window ends. */
const END_OF_TIME = Date.UTC(9999, 0);

/** What the tables of a generation are made of. */
async function sourceOf(
  generation: Generation,
  snapshots: Pick<KeptGenerations, "kept">,
): Promise<TableSource> {
  const { facts, votes, candidates, votersByGroup, quality } = generation;
  const kept = await snapshots.kept();
  const at = kept.findIndex(({ sha256 }) => sha256 === generation.sha256);
  const { closesAt, windowMs } = facts.rules;
  const votingClosed = closesAt !== null && facts.asOf >= closesAt;
  return {
    votes,
    candidates,
    votersByGroup,
    quality,
    snapshots: kept.slice(0, at + 1).map(({ version, asOf, watermark, votes }) => ({
      version,
      asOf,
      watermark,
      votes,
    })),
    windowMs,
    closedUntil: votingClosed ? END_OF_TIME : facts.watermark,
  };
}
