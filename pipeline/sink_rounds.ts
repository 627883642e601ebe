/**
 * A sink's loop: a round when something changed, one at a time and about once a second at most.
 *
 * Whatever fails in a round is said once and tried again; nothing that a sink does stops the count.
 * @module
 */
import type { Updates } from "./updates.ts";
import { pause } from "./pause.ts";

/** What a sink is. */
export interface Rounds {
  /** In sentences for the operator. */
  readonly name: string;
  readonly updates: Updates;
  readonly signal: AbortSignal;
  readonly onNotice: (message: string) => void;
  /** Brings the sink up to where the folds stand now; true where it has more to do though nothing changes. */
  readonly round: () => Promise<boolean>;
  /** False while another Teller writes: rounds then wait. */
  readonly mayPublish?: () => boolean;
  /** The shortest time between two rounds; by default a second. */
  readonly everyMs?: number;
}

/** Thrown by a round that is not to be tried again: what stands there is not ours. */
export class SinkRefused extends Error {}

const EVERY_MS = 1_000;
const MOST_BACKOFF_MS = 30_000;

/** Runs rounds until the signal aborts or one refuses; never rejects. */
export async function runRounds(rounds: Rounds): Promise<void> {
  const { name, updates, signal, onNotice, round, mayPublish = () => true, everyMs = EVERY_MS } = rounds;
  let due = true;
  let wake = () => {};
  const unsubscribe = updates.subscribe(() => {
    due = true;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort);
  try {
    for (let failures = 0; !signal.aborted;) {
      if (!mayPublish()) {
        await pause(everyMs, signal);
        continue;
      }
      due = false;
      try {
        // What waits for an unreachable log goes on waiting until that is closed; the sink does not.
        const more = await unlessAborted(round(), signal);
        due ||= more;
        if (failures > 0) onNotice(`${name}: works again`);
        failures = 0;
      } catch (fault) {
        if (signal.aborted) return;
        const { message } = fault as Error;
        if (fault instanceof SinkRefused) return onNotice(`${name}: ${message}`);
        if (failures++ === 0) onNotice(`${name}: ${message}. Counting goes on; trying again until it works`);
        due = true;
      }
      await pause(Math.min(MOST_BACKOFF_MS, everyMs * 2 ** Math.max(0, failures - 1)), signal);
      if (!due && !signal.aborted) await new Promise<void>((resolve) => wake = resolve);
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", onAbort);
  }
}

/** What the work gives, or false as soon as the signal aborts. A race with one promise of that would keep every round. */
function unlessAborted(work: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const end = () => resolve(false);
    signal.addEventListener("abort", end);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}
