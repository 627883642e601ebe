/**
 * The JSON that is taken and answered, by the name that the API's description gives it.
 * @module
 */
import { z } from "zod";
import type { QualityAnswer } from "../islands/quality_view.tsx";
import { OUTPUT_TOPIC_NAMES, TOPIC_NAMES } from "../pipeline/log.ts";
import { HISTORY_KEYS, MAX_HISTORY_ROWS } from "../analytics/history.ts";
import { MAX_ROWS, PARAMETER_TYPES, SHAPES } from "../analytics/query.ts";
import { ROLES } from "../analytics/snapshot_manifest.ts";
import { REASONS } from "../pipeline/record.ts";
import type { Regions } from "../pipeline/regions.ts";
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

const location = { state: z.string(), count: whole, voters: whole, turnout: z.number() };

const results: z.ZodType<Results> = z.strictObject({
  election: z.strictObject({
    id: z.string(),
    title: z.string(),
    status: z.literal("test"),
    opens_at: timeOrNull,
    closes_at: timeOrNull,
  }),
  version: whole.meta({ description: "The sum of the offsets. Equal offsets and rules give equal counts." }),
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
  locations: z.array(z.strictObject(location)),
  quality: z.strictObject({ status: z.enum(["ok", "findings", "unknown"]) }),
});

const regions: z.ZodType<Regions> = z.strictObject({
  election: z.strictObject({ id: z.string() }),
  version: whole,
  as_of: time,
  candidates: z.array(z.strictObject({
    candidate_id: z.string(),
    candidate_name: z.string(),
    party_affiliation: z.string(),
  })),
  regions: z.array(z.strictObject({
    ...location,
    votes: z.array(whole).nullable()
      .meta({ description: "In the order of candidates; null where only their sum is known." }),
  })),
});

const qualityStatus = z.enum(["ok", "finding", "unknown"]);
const quality: z.ZodType<QualityAnswer> = z.strictObject({
  status: z.enum(["ok", "findings", "unknown"]),
  version: whole,
  as_of: time,
  checks: z.array(z.strictObject({
    id: z.string().meta({ description: "Stable: what programs branch on." }),
    compares: z.string(),
    value: z.number().nullable().meta({ description: "Null where it can't be told now." }),
    expected: z.number().nullable(),
    status: qualityStatus,
    offenders: z.array(z.strictObject({
      topic: z.enum([...TOPIC_NAMES, ...OUTPUT_TOPIC_NAMES]).optional(),
      partition: whole.optional(),
      offset: whole.optional(),
      table: z.string().optional().meta({ description: "In Postgres." }),
      id: z.string().optional().meta({ description: "With the admin token alone." }),
    })).max(100),
  })),
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
  Regions: regions,
  History: z.strictObject({
    version: whole.meta({ description: "Of the snapshot that was asked." }),
    as_of: time,
    watermark: timeOrNull,
    every: z.int().min(1).meta({ description: "Seconds." }),
    by: z.enum(HISTORY_KEYS).nullable(),
    rows: z.array(z.strictObject({
      window_start: time,
      window_end: time,
      key: z.string().nullable().meta({ description: "What `by` names; null without it." }),
      votes: whole,
      late: whole.meta({ description: "Of these, the late ones." }),
      total: whole.meta({ description: "All votes of the key until window_end, those before `from` too." }),
    })).max(MAX_HISTORY_ROWS).meta({
      description: "By window_start, then key. There is no row where there were no votes: the total goes on.",
    }),
  }),
  Snapshots: z.strictObject({
    kept: whole.meta({ description: "How many there are; as_of and limit choose of them." }),
    snapshots: z.array(z.strictObject({
      version: whole,
      as_of: time,
      watermark: timeOrNull,
      votes: whole,
      files: z.array(z.strictObject({
        role: z.enum(ROLES).meta({ description: "Rows of all files of `votes` add up." }),
        sha256: z.string(),
        bytes: whole,
        url: z.string(),
      })),
    })),
  }),
  Queries: z.strictObject({
    queries: z.array(z.strictObject({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      parameters: z.array(z.strictObject({
        name: z.string().meta({ description: "Given as param_NAME." }),
        type: z.enum(PARAMETER_TYPES),
        default: z.string().nullable(),
        description: z.string(),
        minimum: z.int().optional(),
      })),
      sql: z.string(),
      url: z.string(),
    })),
  }),
  SqlQuestion: z.object({
    query: z.string().meta({ description: "One SELECT." }),
    limit: z.int().min(1).max(MAX_ROWS).optional(),
    shape: z.enum(SHAPES).optional(),
    as_of: z.string().optional(),
  }).meta({
    description:
      "A member param_NAME stands for $NAME in the query. A form's fields of these names do too, or the " +
      "query alone as application/sql.",
    examples: [{ query: "SELECT candidate_name, total_votes FROM results" }],
  }),
  SqlSchema: z.strictObject({
    tables: z.array(z.strictObject({
      name: z.string(),
      description: z.string(),
      columns: z.array(z.strictObject({ name: z.string(), type: z.string(), description: z.string() })),
    })),
    functions: z.array(z.string()),
    formats: z.array(z.string()),
    limits: z.strictObject({ rows: whole, bytes: whole, query_bytes: whole, seconds: z.number() }),
    confinements: z.array(
      z.strictObject({ name: z.string(), description: z.string(), in_force: z.boolean() }),
    )
      .meta({ description: "What the engine is confined by, and whether this system gives it." }),
  }),
  SqlAnswer: z.strictObject({
    ok: z.literal(true),
    columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
    rows: z.array(z.unknown()).meta({ description: "Objects by column, or arrays in the columns' order." }),
    row_count: whole,
    truncated: z.boolean().meta({ description: "Whether there were more rows." }),
    meta: z.strictObject({ query_id: z.string(), elapsed_ms: z.number(), version: whole, as_of: time }),
  }),
  Quality: quality,
  Alive: z.strictObject({ status: z.literal("ok") }),
  Readiness: z.strictObject({
    status: z.enum(["ready", "catching_up"]),
    version: whole,
    lag: z.record(z.string(), z.array(whole)).nullable(),
    progress: z.strictObject({ done: whole, total: whole }).nullable()
      .meta({ description: "Of the records that the log was ahead by at the start." }),
    snapshot: z.strictObject({ version: whole, as_of: time, age_seconds: z.number().min(0) }).nullable()
      .meta({ description: "The newest that is saved." }),
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
