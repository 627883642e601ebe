/**
 * What the process exits with, and what is said of a fault on the way out.
 * @module
 */
import { Fault, type FaultCode } from "./fault.ts";
import type { Logger } from "./logger.ts";

/** What the process exits with for each fault; 0 is a clean end, 1 also a defect. The README explains them. */
const EXIT_CODES: Record<FaultCode, number> = {
  ASSETS_MISSING: 66,
  BACKUP_FAILED: 74,
  BAD_SETTING: 2,
  COMMAND_LOST: 69,
  COMMAND_REFUSED: 77,
  COMMAND_RUNNING: 75,
  COPIES_DIFFER: 1,
  DATA_DIR_IN_USE: 75,
  DATA_DIR_UNUSABLE: 73,
  ELECTION_EXISTS: 65,
  LOG_CHANGED: 65,
  LOG_CLOSED: 70,
  LOG_REFUSED: 77,
  LOG_UNAVAILABLE: 69,
  LOG_UNSUITABLE: 65,
  OFFSET_OUT_OF_RANGE: 65,
  PORT_TAKEN: 69,
  SNAPSHOT_FAILED: 74,
};

/** Of a command that was told to end before it could say what it was asked: 0 would be taken for an answer. */
export const INTERRUPTED = 75;

/** Says what went wrong, and with which code the process ends because of it. */
export function report(logger: Logger, fault: unknown): number {
  const { exit, code, message } = explain(fault);
  if (!(fault instanceof Fault)) logger.error(message, { fault: describe(fault) });
  else for (const line of message.split("\n")) logger.error(line, { code });
  return exit;
}

/** What a fault is for whoever gave the command. */
export function explain(fault: unknown): { exit: number; code: string; message: string } {
  if (!(fault instanceof Fault)) return { exit: 1, code: "DEFECT", message: "A defect in Teller" };
  return { exit: EXIT_CODES[fault.code], code: fault.code, message: fault.message };
}

/** All that is known of a fault, for the log alone. */
export function describe(fault: unknown): string {
  return fault instanceof Error ? fault.stack ?? fault.message : String(fault);
}
