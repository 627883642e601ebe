/**
 * Voting over HTTP: `POST /api/v1/votes`, and what became of a vote.
 *
 * Nobody learns who is registered or has voted without the token that belongs to the voter: up to the check of
 * the token all answers depend on the request's form and on what is public.
 * @module
 */
import type { Context, Handler } from "hono";
import type { z } from "zod";
import { type Ballot, castBallots, type Polling } from "../pipeline/ballot_box.ts";
import { parseEventTime } from "../pipeline/event_time.ts";
import type { VoteReader } from "../pipeline/vote_reader.ts";
import { foldOf, receiptOf, standingOf } from "../pipeline/receipts.ts";
import { readInput, timedVoteSchema, voteSchema } from "../pipeline/schemas.ts";
import type { VotingTokens } from "../pipeline/tokens.ts";
import type { Access } from "./access.ts";
import { MANY_BYTES, readJson } from "./body.ts";
import { type Answer, answerToBallot, invalid, respond, respondToAll } from "./voting_answers.ts";

/** What voting and accreditation need. */
export interface VotingDeps {
  readonly polling: Polling;
  readonly tokens: VotingTokens;
  readonly access: Access;
  readonly voteReader: VoteReader;
}

/** The longest body of one vote. */
const VOTE_BYTES = 8 * 1024;

/** `POST /api/v1/votes`: a voter's own with her token, up to 1,000 with the admin token. */
export function postVotes({ polling, tokens, access }: VotingDeps): Handler {
  async function answersTo(inputs: readonly unknown[]): Promise<Answer[]> {
    const reads = inputs.map((json) => readInput(timedVoteSchema, json));
    const ballots = reads.flatMap((read) => "errors" in read ? [] : [ballotOf(read.value)]);
    const casts = (await castBallots(polling, ballots)).values();
    return reads.map((read) => "errors" in read ? invalid(read.errors) : answerToBallot(casts.next().value!));
  }
  return async (c) => {
    const refused = access.blocked(c);
    if (refused !== null) return refused;
    const token = access.bearer(c);
    if (token === null) return access.unauthorized(c);
    const isAdmin = access.isAdmin(c);
    const body = await readJson(c, { bytes: isAdmin ? MANY_BYTES : VOTE_BYTES });
    if ("refused" in body) return body.refused;
    const { json } = body;
    const isMany = Array.isArray(json);
    if (isMany && !isAdmin) return access.unauthorized(c);
    const read = isMany ? null : readInput(voteSchema, json);
    if (read !== null && "errors" in read) return respond(c, invalid(read.errors));
    if (!polling.caughtUp()) return respond(c, { code: "catching_up" });
    if (read === null) return await respondToAll(c, json, answersTo);

    const { value: vote } = read;
    // Both are asked, whatever the first says, so that the time it takes tells nothing either.
    const isHers = tokens.isOf(vote.voter_id, token);
    const { accredited } = standingOf(foldOf(polling.folds, vote.voter_id), vote.voter_id);
    if (!isHers || !accredited) return access.unauthorized(c);
    const [cast] = await castBallots(polling, [vote]);
    return respond(c, answerToBallot(cast));
  };
}

function ballotOf({ voting_time, ...vote }: z.output<typeof timedVoteSchema>): Ballot {
  return { ...vote, votedAt: voting_time === undefined ? undefined : parseEventTime(voting_time) };
}

/** `GET /api/v1/votes/PARTITION/OFFSET`: what became of the vote that stands there, for its voter. */
export function getVote({ polling, tokens, access, voteReader }: VotingDeps): Handler {
  return async (c: Context) => {
    const refused = access.blocked(c);
    if (refused !== null) return refused;
    const token = access.bearer(c);
    if (token === null) return access.unauthorized(c);
    if (!polling.caughtUp()) return respond(c, { code: "catching_up" });
    const partition = Number(c.req.param("partition")), offset = Number(c.req.param("offset"));
    if (partition >= polling.folds.length || !Number.isSafeInteger(offset)) return access.unauthorized(c);

    const found = await voteReader.read({ partition, offset });
    if (found === "overloaded") return respond(c, { code: "overloaded" });
    if (found === "unavailable") return respond(c, { code: "not_counted_yet" });
    if (found === "absent" || !tokens.isOf(found.voterId, token)) return access.unauthorized(c);
    if (!found.folded) return respond(c, { code: "not_counted_yet" });
    const { state, reason, stands } = receiptOf(polling.folds[partition], found.batch, 0);
    const body = { partition, offset, state, ...reason && { reason }, ...stands && { stands } };
    return respond(c, { status: 200, body });
  };
}
