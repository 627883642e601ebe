/**
 * Accreditation over HTTP, for whoever bears the admin token: candidates, voters, and voters' tokens.
 * @module
 */
import type { Context, Handler } from "hono";
import type { z } from "zod";
import { type Accreditation, accreditCandidate, accreditVoter } from "../pipeline/registrar.ts";
import { foldOf, standingOf } from "../pipeline/receipts.ts";
import { candidateSchema, readInput, voterSchema } from "../pipeline/schemas.ts";
import { MANY_BYTES, readJson } from "./body.ts";
import { type Answer, answerToAccreditation, invalid, respond, respondToAll } from "./voting_answers.ts";
import type { VotingDeps } from "./votes.ts";

/** `POST /api/v1/voters`: one or up to 1,000, each answered with her voting token. */
export function postVoters(deps: VotingDeps): Handler {
  return post(deps, voterSchema, (voter) => accreditVoter(deps.polling, voter), ({ voter_id }) => ({
    voter_id,
    token: deps.tokens.of(voter_id),
  }));
}

/** `POST /api/v1/candidates`: one or up to 1,000. */
export function postCandidates(deps: VotingDeps): Handler {
  const accredit = (candidate: z.output<typeof candidateSchema>) =>
    accreditCandidate(deps.polling, candidate);
  return post(deps, candidateSchema, accredit, ({ candidate_id }) => ({ candidate_id }));
}

/** `POST /api/v1/voters/ID/token`: her voting token again. */
export function postVoterToken({ access, polling, tokens }: VotingDeps): Handler {
  return (c: Context) => {
    const refused = access.blocked(c);
    if (refused !== null) return refused;
    if (!access.isAdmin(c)) return access.unauthorized(c);
    if (!polling.caughtUp()) return respond(c, { code: "catching_up" });
    const voterId = c.req.param("id") ?? "";
    const { accredited } = standingOf(foldOf(polling.folds, voterId), voterId);
    if (!accredited) return respond(c, { code: "unknown_voter" });
    return respond(c, { status: 200, body: { voter_id: voterId, token: tokens.of(voterId) } });
  };
}

function post<T>(
  { access, polling }: VotingDeps,
  schema: z.ZodType<T>,
  accredit: (input: T) => Promise<Accreditation>,
  bodyOf: (input: T) => Record<string, unknown>,
): Handler {
  async function answerTo(json: unknown): Promise<Answer> {
    const read = readInput(schema, json);
    if ("errors" in read) return invalid(read.errors);
    return answerToAccreditation(await accredit(read.value), bodyOf(read.value));
  }
  return async (c) => {
    const refused = access.blocked(c);
    if (refused !== null) return refused;
    if (!access.isAdmin(c)) return access.unauthorized(c);
    const body = await readJson(c, { bytes: MANY_BYTES });
    if ("refused" in body) return body.refused;
    if (!polling.caughtUp()) return respond(c, { code: "catching_up" });
    return await respondToAll(c, body.json, (inputs) => Promise.all(inputs.map(answerTo)));
  };
}
