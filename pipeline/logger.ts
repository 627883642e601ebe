/**
 * The process' own messages: readable lines on a terminal, JSON lines elsewhere, always on standard error.
 *
 * At info and above no message carries a voter id.
 * @module
 */
import {
  configureSync,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLogger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";

/** Says what happened: a sentence, and what it is about by name. */
export type Say = (message: string, about?: Record<string, unknown>) => void;

/** One function a level. */
export interface Logger {
  debug: Say;
  info: Say;
  warning: Say;
  error: Say;
}

/** Makes the process' only logger. Lines are written at once, so that the last one before an exit is there. */
export function createLogger(level: LogLevel): Logger {
  const format = Deno.stderr.isTerminal()
    ? getAnsiColorFormatter({
      timestamp: "time",
      format: ({ timestamp, level, message }) => `${timestamp} ${level} ${message}`,
    })
    : getJsonLinesFormatter({ categorySeparator: ".", properties: "flatten" });
  const encoder = new TextEncoder();
  const stderr = (record: LogRecord) => void Deno.stderr.writeSync(encoder.encode(format(record)));
  configureSync({
    reset: true,
    sinks: { stderr },
    loggers: [
      { category: ["logtape"], lowestLevel: "error", sinks: ["stderr"] },
      { category: ["teller"], lowestLevel: level, sinks: ["stderr"] },
    ],
  });
  const logger = getLogger(["teller"]);
  const at = (write: "debug" | "info" | "warning" | "error"): Say => (message, about = {}) =>
    // Braces would be read as placeholders, and a message may quote what somebody wrote.
    logger[write](message.replaceAll("{", "{{").replaceAll("}", "}}"), about);
  return { debug: at("debug"), info: at("info"), warning: at("warning"), error: at("error") };
}
