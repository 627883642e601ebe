/**
 * What is taken over HTTP, each form once: it validates requests and stands in the API's description.
 *
 * Text is put into Unicode's NFC and trimmed; what can't be seen, or turns what stands beside it around, is
 * refused. Ids are taken as they are: they are keys of the log, and other producers' may be anything.
 * @module
 */
import { z } from "zod";
import { GENDERS } from "./election.ts";
import { parseEventTime } from "./event_time.ts";
import { MAX_PLACE_CHARACTERS } from "./places.ts";
import { isId, MAX_ID_CHARACTERS } from "./record.ts";

/** How many items an array may hold. */
export const MAX_ITEMS = 1_000;

/** Controls, line and paragraph separators, and marks, embeddings, overrides and isolates of direction. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const characters = (value: string) => [...value].length;
const tooLong = (maxCharacters: number) => `must have at most ${maxCharacters} characters`;

function text(maxCharacters: number, minCharacters = 0, { lines = false } = {}) {
  return z.string()
    // First, as normalising takes time that grows with the square of some strings' length.
    .refine((value) => value.length <= 4 * maxCharacters, { error: tooLong(maxCharacters), abort: true })
    .normalize("NFC").trim()
    .refine((value) => value.isWellFormed(), "must be well-formed Unicode")
    .refine(
      (value) => !UNSEEN.test(lines ? value.replaceAll(/\r?\n/g, "") : value),
      "must be without control characters and marks of direction",
    )
    .refine((value) => characters(value) >= minCharacters, "must not be empty")
    .refine((value) => characters(value) <= maxCharacters, tooLong(maxCharacters))
    .meta({ ...minCharacters > 0 && { minLength: minCharacters }, maxLength: maxCharacters });
}

/** An address of a picture: passed on, never fetched. */
const picture = text(2_048).refine(
  (value) => value === "" || /^(https?:\/\/|\/)/.test(value),
  "must begin with https://, http:// or /",
);

/** The id of a voter or a candidate. */
export const idSchema = z.string()
  .refine(isId, `must have 1 to ${MAX_ID_CHARACTERS} characters of well-formed Unicode`)
  .meta({ minLength: 1, maxLength: MAX_ID_CHARACTERS });

const place = text(MAX_PLACE_CHARACTERS, 1);

const AGE = "must be a whole number from 0 to 130";

/** A voter to accredit. */
export const voterSchema = z.strictObject({
  voter_id: idSchema,
  voter_name: text(200).optional(),
  date_of_birth: z.iso.date().optional(),
  gender: z.enum(GENDERS.filter((gender) => gender !== "unknown")),
  nationality: text(100).optional(),
  registration_number: text(100).optional(),
  address: z.strictObject({
    street: text(200).optional(),
    city: place.optional(),
    state: place,
    country: text(100).optional(),
    postcode: text(32).optional(),
  }),
  email: text(254).optional(),
  phone_number: text(64).optional(),
  cell_number: text(64).optional(),
  picture: picture.optional(),
  registered_age: z.int(AGE).min(0, AGE).max(130, AGE),
});

/** A candidate to accredit. */
export const candidateSchema = z.strictObject({
  candidate_id: idSchema,
  candidate_name: text(200, 1),
  party_affiliation: text(200, 1),
  biography: text(4_096, 0, { lines: true }).optional(),
  campaign_platform: text(4_096, 0, { lines: true }).optional(),
  photo_url: picture.optional(),
});

/** A vote that a voter hands in. */
export const voteSchema = z.strictObject({ voter_id: idSchema, candidate_id: idSchema });

/** A vote that an administrator hands in, who may say when it was cast. */
export const timedVoteSchema = voteSchema.extend({
  voting_time: z.string()
    .refine((time) => !isNaN(parseEventTime(time)), "must be a time such as 2026-05-07T07:00:00Z")
    .meta({ examples: ["2026-05-07T07:00:00Z"] })
    .optional(),
});

/** @see voterSchema */
export type VoterInput = z.output<typeof voterSchema>;
/** @see candidateSchema */
export type CandidateInput = z.output<typeof candidateSchema>;

/** What is wrong with an input, and where. */
export interface InputError {
  /** Names of fields and numbers of items, from the outside in, e.g. `address.state`. */
  readonly path: string;
  readonly message: string;
}

const MAX_ERRORS = 10;

/** Reads an input by its schema: its value, or the first things that are wrong with it, no value quoted. */
export function readInput<T>(
  schema: z.ZodType<T>,
  input: unknown,
): { value: T } | { errors: InputError[] } {
  const read = schema.safeParse(input);
  if (read.success) return { value: read.data };
  return {
    errors: read.error.issues.slice(0, MAX_ERRORS).map((issue) => {
      const isUnknown = issue.code === "unrecognized_keys";
      const path = isUnknown ? [...issue.path, issue.keys[0]] : issue.path;
      return {
        path: path.map(String).join(".").slice(0, 200),
        message: isUnknown ? "is not a known field" : issue.message,
      };
    }),
  };
}
