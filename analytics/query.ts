/**
 * A question in SQL to one generation, and what becomes of it: the whole answer in the format asked for, or a refusal.
 * @module
 */
import type { Generation } from "./kept_generations.ts";

/** The formats of an answer, by the suffix that asks for them. */
export const FORMATS = ["json", "ndjson", "csv", "arrow", "parquet"] as const;
/** @see FORMATS */
export type Format = typeof FORMATS[number];

/** How a row is written in JSON and NDJSON. */
export const SHAPES = ["objects", "arrays"] as const;
/** @see SHAPES */
export type Shape = typeof SHAPES[number];

/** What a parameter can be declared as; `time` is ISO 8601 or the like, taken as UTC. */
export const PARAMETER_TYPES = ["text", "integer", "number", "boolean", "time"] as const;
/** @see PARAMETER_TYPES */
export type ParameterType = typeof PARAMETER_TYPES[number];

/** At most as many rows are answered. */
export const MAX_ROWS = 10_000;
/** At most as many bytes are answered; rows that would go beyond are left out, and the answer says so. */
export const MAX_BYTES = 1024 * 1024;

/** What stands for `$name`, as it was written. */
export interface QueryParameter {
  /** Null: SQL's NULL. */
  readonly text: string | null;
  /** Unset: the type that its place in the query has, text where that has none. */
  readonly type?: ParameterType;
}

/** What is asked. */
export interface Question {
  readonly sql: string;
  /** By name, without the dollar sign. */
  readonly parameters: Readonly<Record<string, QueryParameter>>;
  /** From 1 to MAX_ROWS. */
  readonly limit: number;
  readonly shape: Shape;
  readonly format: Format;
}

/** A whole answer. */
export interface Answer {
  /** In the format asked for. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly rowCount: number;
  /** Whether there were more rows than are in it. */
  readonly truncated: boolean;
  /** Time taken by the engine. */
  readonly elapsedMs: number;
}

/** Why there is no answer. */
export const REFUSALS = [
  "sql_refused",
  "sql_error",
  "sql_too_long",
  "sql_busy",
  "sql_ended",
  "sql_unavailable",
] as const;

/** No answer, and why; `detail` may be shown to whoever asked. */
export interface Refusal {
  readonly refused: typeof REFUSALS[number];
  readonly detail: string;
}

/** Answers questions, one at a time; others wait their turn, but not many and not long. */
export interface QueryEngine {
  /**
   * Never rejects for anything that is in the question. Aborting the signal ends the query.
   * `id` names the query in its answer.
   */
  ask(
    generation: Generation,
    question: Question,
    asking: { readonly id: string; readonly signal: AbortSignal },
  ): Promise<Answer | Refusal>;
}
