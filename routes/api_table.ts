/**
 * The API as a table: every route, what it takes and how it may answer. `/openapi.json` and `/docs` are made
 * of it, and a test holds the routes to it.
 * @module
 */
import { HISTORY_KEYS } from "../analytics/history.ts";
import type { ApiSchemaName } from "./api_schemas.ts";
import type { ProblemCode } from "./problem.ts";

/** Whose token a route takes. */
export type Bearer = "voter" | "admin";

/** What a route is about, and a sentence on it. */
export const TAGS = {
  Results: "What is counted, open to all.",
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
  readonly query?: Readonly<Record<string, { description: string; schema: Record<string, unknown> }>>;
  /** One of these, or an array of up to 1,000 of `many`. */
  readonly body?: { readonly one?: ApiSchemaName; readonly many?: ApiSchemaName };
  readonly answers: readonly ApiAnswer[];
  readonly problems: readonly ProblemCode[];
}

const BODY = ["malformed", "unsupported_media_type", "body_too_large", "body_too_slow"] as const;
const TOKEN = ["unauthorized", "too_many_failures"] as const;
const PUT_OFF = ["catching_up", "overloaded", "outcome_unknown"] as const;

/** Every route for programs. */
export const OPERATIONS: readonly Operation[] = [
  {
    id: "getResults",
    method: "get",
    path: "/api/v1/results",
    tag: "Results",
    summary: "The newest results",
    bearers: [],
    answers: [
      { status: 200, description: "The results, with an ETag.", schema: "Results" },
      { status: 304, description: "If-None-Match names the newest results." },
    ],
    problems: ["unknown_parameter"],
  },
  {
    id: "followResults",
    method: "get",
    path: "/api/v1/live",
    tag: "Results",
    summary: "Results as server-sent events: results, locations at most once a second, vitals every 2 s",
    bearers: [],
    answers: [{ status: 200, description: "Events without end.", type: "text/event-stream" }],
    problems: ["stopping", "too_many_listeners"],
  },
  {
    id: "getRegions",
    method: "get",
    path: "/api/v1/regions",
    tag: "Results",
    summary: "How the votes of every region split",
    bearers: [],
    answers: [
      { status: 200, description: "The regions, summed up once a second at most.", schema: "Regions" },
      { status: 304, description: "If-None-Match names the newest ones." },
    ],
    problems: ["unknown_parameter"],
  },
  {
    id: "getHistory",
    method: "get",
    path: "/api/v1/history",
    tag: "Results",
    summary: "Votes per window of event time, and running totals, from the newest snapshot",
    bearers: [],
    query: {
      from: {
        description: "Windows that begin at it or later.",
        schema: { type: "string", format: "date-time" },
      },
      to: { description: "Windows that begin before it.", schema: { type: "string", format: "date-time" } },
      every: {
        description: "Seconds: a multiple of the election's window, which is the default.",
        schema: { type: "integer", minimum: 1, maximum: 99_999_999 },
      },
      by: {
        description: "A row for each of these; by default for all votes together.",
        schema: { type: "string", enum: HISTORY_KEYS },
      },
    },
    answers: [
      { status: 200, description: "The history, with an ETag.", schema: "History" },
      { status: 304, description: "If-None-Match names the newest snapshot's." },
    ],
    problems: ["unknown_parameter", "invalid", "no_snapshot_yet", "overloaded"],
  },
  {
    id: "getQuality",
    method: "get",
    path: "/api/v1/quality",
    tag: "Results",
    summary: "Every data-quality check: what it compares, value, expected, and the first 100 offenders",
    bearers: ["admin"],
    anonymous: true,
    answers: [{
      status: 200,
      description: "The newest report; ids with the admin token alone.",
      schema: "Quality",
    }],
    problems: ["unknown_parameter", ...TOKEN],
  },
  {
    id: "accreditCandidates",
    method: "post",
    path: "/api/v1/candidates",
    tag: "Accreditation",
    summary: "Accredit a candidate, or up to 1,000",
    bearers: ["admin"],
    body: { one: "Candidate", many: "Candidate" },
    answers: [
      { status: 200, description: "On the register already, like this.", schema: "AccreditedCandidate" },
      { status: 201, description: "Accredited.", schema: "AccreditedCandidate" },
      { status: 207, description: "An array: a status for each.", schema: "AccreditedCandidates" },
    ],
    problems: ["invalid", ...BODY, ...TOKEN, "other_content", ...PUT_OFF],
  },
  {
    id: "accreditVoters",
    method: "post",
    path: "/api/v1/voters",
    tag: "Accreditation",
    summary: "Accredit a voter, or up to 1,000; each is answered with her voting token",
    bearers: ["admin"],
    body: { one: "Voter", many: "Voter" },
    answers: [
      { status: 200, description: "On the register already, like this.", schema: "AccreditedVoter" },
      { status: 201, description: "Accredited.", schema: "AccreditedVoter" },
      { status: 207, description: "An array: a status for each.", schema: "AccreditedVoters" },
    ],
    problems: ["invalid", ...BODY, ...TOKEN, "other_content", ...PUT_OFF],
  },
  {
    id: "getVotingToken",
    method: "post",
    path: "/api/v1/voters/{id}/token",
    tag: "Accreditation",
    summary: "A voter's voting token again",
    bearers: ["admin"],
    parameters: { id: { description: "Her voter_id, percent-encoded.", type: "string", example: "v1" } },
    answers: [{ status: 200, description: "Her token.", schema: "AccreditedVoter" }],
    problems: [...TOKEN, "unknown_voter", "catching_up"],
  },
  {
    id: "vote",
    method: "post",
    path: "/api/v1/votes",
    tag: "Voting",
    summary: "Vote with the voter's token; up to 1,000 votes as an array with the admin token",
    bearers: ["voter", "admin"],
    body: { one: "Vote", many: "TimedVote" },
    answers: [
      { status: 202, description: "Durable: the vote stands there.", schema: "Position" },
      { status: 207, description: "An array: a status for each.", schema: "Positions" },
    ],
    problems: ["invalid", ...BODY, ...TOKEN, "has_voted", "not_open", "unknown_candidate", ...PUT_OFF],
  },
  {
    id: "getVote",
    method: "get",
    path: "/api/v1/votes/{partition}/{offset}",
    tag: "Voting",
    summary: "What became of a vote, for its voter",
    bearers: ["voter"],
    parameters: {
      partition: { description: "As the vote was answered.", type: "integer", example: 3 },
      offset: { description: "As the vote was answered.", type: "integer", example: 0 },
    },
    answers: [{ status: 200, description: "What became of it.", schema: "Receipt" }],
    problems: [...TOKEN, "catching_up", "not_counted_yet", "overloaded"],
  },
  {
    id: "runCommand",
    method: "post",
    path: "/api/v1/commands/{name}",
    tag: "Operation",
    summary: "Run a command inside DATA_DIR's owner; from this machine only",
    bearers: ["admin"],
    parameters: {
      name: { description: "The command: demo or rejected.", type: "string", example: "rejected" },
    },
    body: { one: "CommandInput" },
    answers: [{
      status: 200,
      description: "A line of JSON for each report, the last one with the exit code.",
      type: "application/x-ndjson",
    }],
    problems: ["not_local", ...TOKEN, "not_found", ...BODY, "stopping"],
  },
  {
    id: "getHealth",
    method: "get",
    path: "/healthz",
    tag: "Operation",
    summary: "Whether the process is alive",
    bearers: [],
    answers: [{ status: 200, description: "It is.", schema: "Alive" }],
    problems: [],
  },
  {
    id: "getReadiness",
    method: "get",
    path: "/readyz",
    tag: "Operation",
    summary: "Whether the count has reached the log's end seen at the start",
    bearers: [],
    answers: [
      { status: 200, description: "It has.", schema: "Readiness" },
      { status: 503, description: "Not yet.", schema: "Readiness" },
    ],
    problems: [],
  },
  {
    id: "getMetrics",
    method: "get",
    path: "/metrics",
    tag: "Operation",
    summary: "Metrics for Prometheus",
    bearers: [],
    answers: [{ status: 200, description: "Prometheus' text format.", type: "text/plain" }],
    problems: [],
  },
  {
    id: "getDescription",
    method: "get",
    path: "/openapi.json",
    tag: "Operation",
    summary: "This description",
    bearers: [],
    answers: [{ status: 200, description: "OpenAPI 3.1.", schema: "Description" }],
    problems: [],
  },
];
