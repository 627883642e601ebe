/**
 * How long to wait before trying again, and trying again.
 * @module
 */
import { Fault } from "./fault.ts";
import { pause } from "./pause.ts";

const FIRST_MS = 100;
const MOST_MS = 1_000;

/** The wait after so many failures in a row: 100 ms, doubled up to 1 s, less up to a quarter by chance. */
export function backoffMs(failures: number): number {
  if (failures === 0) return 0;
  return Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1)) * (1 - Math.random() / 4);
}

/**
 * Repeats what fails in a way that may pass, until it works, the time is over or the signal aborts.
 * @throws {Fault} what it failed with last
 */
export async function persist<T>(
  signal: AbortSignal,
  limitMs: number,
  attempt: () => Promise<T>,
): Promise<T> {
  const startMs = performance.now();
  for (let failures = 1;; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const fault = faultOf(error);
      if (!fault.retryable || signal.aborted || performance.now() - startMs > limitMs) throw fault;
      await pause(backoffMs(failures), signal);
    }
  }
}

/** kafkajs marks an answer of the broker's that may be another one later; what it does not mark is a bug. */
function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { retriable, message } = error as { retriable?: unknown; message: string };
  if (typeof retriable !== "boolean") throw error;
  const says = `Kafka answers: ${message}`;
  return new Fault(retriable ? "LOG_UNAVAILABLE" : "LOG_REFUSED", says, {
    retryable: retriable,
    cause: error,
  });
}
