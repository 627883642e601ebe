/**
 * Faults: what went wrong with the system itself, as opposed to a bad vote, which is a value with a reason.
 * @module
 */

/** Every fault's code. `main.ts` maps them to exit codes; nothing branches on a message. */
export type FaultCode =
  | "ASSETS_MISSING" // the pages' scripts and styles have not been built
  | "BACKUP_FAILED" // a copy of DATA_DIR could not be written
  | "BAD_SETTING" // a setting or flag can't be used
  | "COMMAND_LOST" // the owner of DATA_DIR went away while it ran a command for this process
  | "COMMAND_REFUSED" // the owner of DATA_DIR does not take commands from this process
  | "COMMAND_RUNNING" // the command runs already, and two of it would be in each other's way
  | "COPIES_DIFFER" // a copy of the count is not what the log says
  | "DATA_DIR_IN_USE" // another process owns DATA_DIR
  | "DATA_DIR_UNUSABLE" // DATA_DIR can't be opened, or holds what Teller did not write
  | "ELECTION_EXISTS" // a demo was asked for where another election stands
  | "LOG_CHANGED" // the log is not the one that a snapshot, or another copy of the count, was made from
  | "LOG_CLOSED" // the log was used after it was closed
  | "LOG_REFUSED" // the broker understood and said no: credentials, rights, TLS, an oversized record
  | "LOG_UNAVAILABLE" // no broker answers
  | "LOG_UNSUITABLE" // the topics are not as an exact count needs them
  | "OFFSET_OUT_OF_RANGE" // the log no longer (or not yet) holds the offset asked for
  | "PORT_TAKEN" // HOST:PORT can't be listened on
  | "SNAPSHOT_FAILED"; // a snapshot could not be written

/** A failure of the system, with a code to branch on and whether the same call may succeed later. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  /** True where trying the same thing again can help; decided where the fault is known. */
  readonly retryable: boolean;

  constructor(code: FaultCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
