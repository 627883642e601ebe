/**
 * The JSON that is taken and answered, by the name that the API's description gives it.
 * @module
 */
import { z } from "zod";
import { REASONS } from "../pipeline/record.ts";
import type { Results } from "../pipeline/results.ts";
import {
  candidateSchema,
  idSchema,
  MAX_ITEMS,
  timedVoteSchema,
  voterSchema,
  voteSchema,
} from "../pipeline/schemas.ts";

const whole = z.int().min(0);
const time = z.iso.datetime();
const timeOrNull = time.nullable();
const position = { partition: whole, offset: whole };
const votingToken = z.string().meta({ description: "Her voting token." });
const byPartition = z.record(z.string(), whole);

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().meta({ description: "Stable: what programs branch on." }),
  partition: whole.optional().meta({ description: "With has_voted: of the vote that stands." }),
  offset: whole.optional().meta({ description: "With has_voted: of the vote that stands." }),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional()
    .meta({ description: "With invalid: what does not fit, and where." }),
});

/** An array's answer: one item for each, in its order; what an item holds besides depends on its status. */
const items = (fields: Record<string, z.ZodType>) =>
  z.strictObject({
    items: z.array(z.strictObject({
      status: z.int().meta({ description: "As it would be for this item alone." }),
      ...fields,
      code: z.string().optional(),
      detail: z.string().optional(),
      partition: whole.optional(),
      offset: whole.optional(),
      errors: problem.shape.errors,
    })).min(1).max(MAX_ITEMS),
  });

const results: z.ZodType<Results> = z.strictObject({
  election: z.strictObject({
    id: z.string(),
    title: z.string(),
    status: z.literal("test"),
    opens_at: timeOrNull,
    closes_at: timeOrNull,
  }),
  version: whole.meta({ description: "The sum of the offsets: equal versions show equal numbers." }),
  catching_up: z.boolean().meta({ description: "Whether votes that stand may not be counted yet." }),
  as_of: time,
  watermark: timeOrNull,
  offsets: z.record(z.string(), byPartition).meta({ description: "Next offset by topic and partition." }),
  totals: z.strictObject({
    voters: whole,
    candidates: whole,
    votes: whole,
    turnout: z.number(),
    votes_per_second: z.number(),
    late: whole,
    duplicates: whole,
    waiting: whole,
    rejected: whole,
  }),
  leader: z.strictObject({
    candidate_id: z.string(),
    margin: whole,
    tied: z.boolean(),
    decided: z.boolean(),
  }).nullable(),
  candidates: z.array(z.strictObject({
    candidate_id: z.string(),
    candidate_name: z.string(),
    party_affiliation: z.string(),
    photo_url: z.string(),
    total_votes: whole,
    share: z.number(),
  })),
  locations: z.array(
    z.strictObject({ state: z.string(), count: whole, voters: whole, turnout: z.number() }),
  ),
  quality: z.strictObject({ status: z.enum(["ok", "findings", "unknown"]) }),
});

/** Every schema of the description, by name. */
export const API_SCHEMAS = {
  Candidate: candidateSchema.meta({
    examples: [{
      candidate_id: "c1",
      candidate_name: "Amelia Hartley",
      party_affiliation: "Management Party",
    }],
  }),
  Voter: voterSchema.meta({
    examples: [{ voter_id: "v1", registered_age: 42, gender: "female", address: { state: "Kent" } }],
  }),
  Vote: voteSchema.meta({ examples: [{ voter_id: "v1", candidate_id: "c1" }] }),
  TimedVote: timedVoteSchema,
  AccreditedCandidate: z.strictObject({ candidate_id: idSchema }),
  AccreditedVoter: z.strictObject({ voter_id: idSchema, token: votingToken }),
  AccreditedCandidates: items({ candidate_id: idSchema.optional() }),
  AccreditedVoters: items({ voter_id: idSchema.optional(), token: votingToken.optional() }),
  Position: z.strictObject(position),
  Positions: items({}),
  Receipt: z.strictObject({
    ...position,
    state: z.enum(["counted", "duplicate", "waiting", "rejected"]),
    reason: z.enum(REASONS).optional().meta({ description: "Why it was rejected." }),
    stands: z.strictObject(position).optional().meta({ description: "Of a duplicate: her vote." }),
  }),
  CommandInput: z.looseObject({}).meta({ examples: [{ action: "list" }] }),
  Results: results,
  Alive: z.strictObject({ status: z.literal("ok") }),
  Readiness: z.strictObject({
    status: z.enum(["ready", "catching_up"]),
    version: whole,
    lag: z.record(z.string(), z.array(whole)).nullable(),
  }),
  Description: z.looseObject({ openapi: z.string() }),
  Problem: problem,
} as const satisfies Record<string, z.ZodType>;

/** @see API_SCHEMAS */
export type ApiSchemaName = keyof typeof API_SCHEMAS;

/** The schema as JSON Schema 2020-12, as part of a description. */
export function jsonSchemaOf(name: ApiSchemaName): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(API_SCHEMAS[name], { io: "input" });
  return schema;
}
