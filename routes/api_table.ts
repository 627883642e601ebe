/**
 * The API as a table: every route, what it takes and how it may answer. `/openapi.json` and `/docs` are made
 * of it, and a test holds the routes to it.
 * @module
 */
import { HISTORY_KEYS } from "../analytics/history.ts";
import { BODY, type Operation, TOKEN } from "./api_operation.ts";
import { SQL_OPERATIONS } from "./api_table_sql.ts";
import { AS_OF } from "./as_of.ts";
import { DEFAULT_LISTED, MAX_LISTED } from "./snapshots.ts";

export { type Bearer, type Operation, type Tag, TAGS } from "./api_operation.ts";

const PUT_OFF = ["catching_up", "overloaded", "outcome_unknown"] as const;

/** Every route for programs. */
export const OPERATIONS: readonly Operation[] = [
  {
    id: "getResults",
    method: "get",
    path: "/api/v1/results",
    tag: "Results",
    summary: "The newest results, or those of a point of the past",
    bearers: [],
    query: { as_of: AS_OF },
    answers: [
      { status: 200, description: "The results, with an ETag.", schema: "Results" },
      { status: 304, description: "If-None-Match names the newest results." },
    ],
    problems: ["unknown_parameter", "invalid", "not_kept"],
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
    summary:
      "Votes per window of event time, and running totals, from the newest snapshot or one of the past",
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
      as_of: AS_OF,
    },
    answers: [
      { status: 200, description: "The history, with an ETag.", schema: "History" },
      { status: 304, description: "If-None-Match names the newest snapshot's." },
    ],
    problems: ["unknown_parameter", "invalid", "no_snapshot_yet", "not_kept", "overloaded"],
  },
  {
    id: "listSnapshots",
    method: "get",
    path: "/api/v1/snapshots",
    tag: "Results",
    summary: "The snapshots that are kept, the newest first, each with its public files",
    bearers: [],
    query: {
      as_of: { ...AS_OF, description: "Those at or before it; a Link header names the next page's." },
      limit: {
        description: `At most as many; by default ${DEFAULT_LISTED}.`,
        schema: { type: "integer", minimum: 1, maximum: MAX_LISTED },
      },
    },
    answers: [{ status: 200, description: "The snapshots.", schema: "Snapshots" }],
    problems: ["unknown_parameter", "invalid"],
  },
  {
    id: "getSnapshotFile",
    method: "get",
    path: "/snapshots/{file}",
    tag: "Results",
    summary: "A snapshot's public file; the same name always holds the same bytes",
    bearers: [],
    parameters: {
      file: {
        description: "As listed: the SHA-256 of what it holds, and .parquet.",
        type: "string",
        example: `${"0".repeat(64)}.parquet`,
      },
    },
    answers: [
      { status: 200, description: "Parquet.", type: "application/vnd.apache.parquet" },
      { status: 206, description: "The Range asked for.", type: "application/vnd.apache.parquet" },
      { status: 304, description: "If-None-Match names it." },
    ],
    problems: ["not_found", "range_not_satisfiable"],
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
  ...SQL_OPERATIONS,
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
      name: { description: "The command: demo, rejected or recount.", type: "string", example: "rejected" },
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
