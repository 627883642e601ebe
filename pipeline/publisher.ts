/**
 * The publisher: of several Tellers on one log and one Postgres server, one writes what derives from the log.
 *
 * It is the one that holds an advisory lock there, which the server takes back the moment its connection ends.
 * Where the server can't be asked nobody knows, and the sinks do as they do without one: they follow whoever
 * writes, and write nothing older over something newer.
 * @module
 */
import { pause } from "./pause.ts";
import { answered, openSession, type PostgresSession } from "./postgres.ts";

/** Whether this process publishes. */
export interface Publisher {
  /** False where another Teller holds the lock, and until the server has first been asked. */
  mayPublish(): boolean;
  /** Resolves when it has ended, by its signal; the lock is then free. Never rejects. */
  readonly done: Promise<void>;
}

/** What a publisher needs. */
export interface PublisherOptions {
  /** A postgres:// URL. */
  readonly url: string;
  /** One publishes for each election. */
  readonly electionId: string;
  readonly signal: AbortSignal;
  /** Told when this process begins to publish after another, or leaves it to another. */
  readonly onNotice: (message: string) => void;
  /** How long the server may take to answer before it counts as not to be asked; by default 3 seconds. */
  readonly answerWithinMs?: number;
}

const ASK_EVERY_MS = 1_000;
/** A server that has gone silent may have given the lock to another by now. */
const ANSWER_WITHIN_MS = 3_000;

/** Starts to ask for the lock, and asks again every second for as long as the signal does not abort. */
export function startPublisher(options: PublisherOptions): Publisher {
  const { url, electionId, signal, onNotice, answerWithinMs = ANSWER_WITHIN_MS } = options;
  let state: "unasked" | "mine" | "another's" | "unknown" = "unasked";

  async function ask(session: PostgresSession): Promise<typeof state> {
    try {
      // Who holds it gets it again; a connection made anew gets it only if nobody else has.
      const asked = session.sql<[{ mine: boolean }]>`
        select pg_try_advisory_lock(hashtextextended(${"teller publisher " + electionId}, 0)) as mine`;
      const [{ mine }] = await answered(asked, answerWithinMs);
      return mine ? "mine" : "another's";
    } catch {
      session.renew();
      return "unknown"; // an outage is told of by the Postgres sink
    }
  }

  async function run(): Promise<void> {
    await using session = openSession(url);
    while (!signal.aborted) {
      const before = state;
      state = await ask(session);
      if (state === "another's" && before !== "another's") {
        onNotice("Another Teller publishes this election; this one counts, and takes over when that ends");
      }
      if (state === "mine" && before === "another's") onNotice("This Teller publishes the election now");
      await pause(ASK_EVERY_MS, signal);
    }
  }

  return { mayPublish: () => state === "mine" || state === "unknown", done: run() };
}
