/**
 * What the table of the API says of a route.
 * @module
 */
import type { ApiSchemaName } from "./api_schemas.ts";
import type { ProblemCode } from "./problem.ts";

/** Whose token a route takes. */
export type Bearer = "voter" | "admin" | "analyst";

/** What a route is about, and a sentence on it. */
export const TAGS = {
  Results: "What is counted, open to all.",
  SQL: "What one would like to know of what is counted.",
  Accreditation: "Who may vote, and for whom.",
  Voting: "Votes, and what became of them.",
  Operation: "For whoever runs it.",
} as const;
/** @see TAGS */
export type Tag = keyof typeof TAGS;

/** How a route answers when it does as asked. */
export interface ApiAnswer {
  readonly status: number;
  readonly description: string;
  /** Default application/json where there is a schema. */
  readonly type?: string;
  /** Media types that it comes in too, as is asked. */
  readonly others?: readonly string[];
  readonly schema?: ApiSchemaName;
}

/** What stands in a path for a {parameter}. */
export interface ApiParameter {
  readonly description: string;
  readonly type: "string" | "integer";
  readonly example: string | number;
}

/** One route. */
export interface Operation {
  readonly id: string;
  readonly method: "get" | "post";
  /** With {parameters}. */
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly bearers: readonly Bearer[];
  /** Answers without a token too, with less. */
  readonly anonymous?: true;
  /** What each {parameter} is. */
  readonly parameters?: Readonly<Record<string, ApiParameter>>;
  /** What each parameter of the query is, and its JSON Schema; all may be left out. */
  readonly query?: Readonly<
    Record<string, { description: string; schema: Record<string, unknown>; example?: string }>
  >;
  /** One of these, or an array of up to 1,000 of `many`. */
  readonly body?: { readonly one?: ApiSchemaName; readonly many?: ApiSchemaName };
  readonly answers: readonly ApiAnswer[];
  readonly problems: readonly ProblemCode[];
}

/** What may be wrong with a body. */
export const BODY = ["malformed", "unsupported_media_type", "body_too_large", "body_too_slow"] as const;
/** What may be wrong with a token. */
export const TOKEN = ["unauthorized", "too_many_failures"] as const;
