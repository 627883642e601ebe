/**
 * What is answered to people who are accredited and vote, alone or as one item of many.
 * @module
 */
import type { Context } from "hono";
import type { Cast } from "../pipeline/ballot_box.ts";
import type { Accreditation } from "../pipeline/registrar.ts";
import { type InputError, MAX_ITEMS } from "../pipeline/schemas.ts";
import { problem, type ProblemCode, statusOf } from "./problem.ts";

/** An answer that can stand alone or beside others. */
export type Answer =
  | { readonly status: 200 | 201 | 202; readonly body: Record<string, unknown> }
  | { readonly code: ProblemCode; readonly members?: Record<string, unknown> };

const NO_STORE = { "Cache-Control": "no-store" };

/** What each code says to whoever gets it: what to do. */
const DETAILS: Partial<Record<ProblemCode, string>> = {
  catching_up: "The log is still being read; try again shortly.",
  has_voted: "This voter has voted; the vote that stands is at partition and offset.",
  invalid: "The input does not fit; errors says where.",
  not_counted_yet: "The vote stands and has not been looked at yet; try again shortly.",
  not_open: "The election is not open now: see opens_at and closes_at of the results.",
  other_content: "This id is on the register with other content, which stays.",
  outcome_unknown: "The log did not answer in time. It may have been written; sending it again is safe.",
  overloaded: "Too much is under way, and nothing was written; try again shortly.",
  unknown_candidate: "There is no such candidate.",
  unknown_voter: "There is no such voter on the register.",
};

const RETRY_AFTER_SECONDS: Partial<Record<ProblemCode, string>> = {
  catching_up: "5",
  not_counted_yet: "1",
  outcome_unknown: "2",
  overloaded: "1",
};

/** Answers a request with one answer. */
export function respond(c: Context, answer: Answer): Response {
  if ("status" in answer) return c.json(answer.body, answer.status, NO_STORE);
  const { code, members } = answer;
  const retry = RETRY_AFTER_SECONDS[code];
  return problem(c, code, DETAILS[code] ?? "", retry ? { "Retry-After": retry } : {}, members);
}

/** Answers one input alone, and each of several by its own status. */
export async function respondToAll(
  c: Context,
  json: unknown,
  answersTo: (inputs: readonly unknown[]) => Promise<Answer[]>,
): Promise<Response> {
  if (!Array.isArray(json)) return respond(c, (await answersTo([json]))[0]);
  if (json.length === 0 || json.length > MAX_ITEMS) {
    return respond(c, invalid([{ path: "", message: `must be an array of 1 to ${MAX_ITEMS} items` }]));
  }
  return respondToMany(c, await answersTo(json));
}

/** One answer for each item, in the items' order. */
function respondToMany(c: Context, answers: readonly Answer[]): Response {
  const items = answers.map((answer) => {
    if ("status" in answer) return { status: answer.status, ...answer.body };
    const { code, members } = answer;
    return { status: statusOf(code).status, code, detail: DETAILS[code], ...members };
  });
  return c.json({ items }, 207, NO_STORE);
}

/** What is answered to an input that doesn't fit its schema. */
export function invalid(errors: readonly InputError[]): Answer {
  return { code: "invalid", members: { errors } };
}

/** What is answered to a ballot. */
export function answerToBallot(cast: Cast): Answer {
  switch (cast.kind) {
    case "cast":
      return { status: 202, body: { ...cast.position } };
    case "voted":
      return { code: "has_voted", members: { ...cast.position } };
    case "unknown":
      return { code: "outcome_unknown" };
    default:
      return { code: cast.kind };
  }
}

/** What is answered to an accreditation; `body` is what the sender gets of whom is on the register with it. */
export function answerToAccreditation(outcome: Accreditation, body: Record<string, unknown>): Answer {
  switch (outcome) {
    case "accredited":
      return { status: 201, body };
    case "same":
      return { status: 200, body };
    case "unknown":
      return { code: "outcome_unknown" };
    default:
      return { code: outcome };
  }
}
