/**
 * Named queries: the files of `queries/`, each a question in SQL under a front matter that says what it asks.
 *
 * The front matter is YAML in the comments that the file begins with, so that the whole is SQL all the same:
 * `title`, `description` and `parameters`, by name, with `type`, `default`, `description` and, of integers, `minimum`.
 * @module
 */
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { InputError } from "../pipeline/schemas.ts";
import { PARAMETER_TYPES, type ParameterType, type QueryParameter } from "./query.ts";

const parameter = z.strictObject({
  type: z.enum(PARAMETER_TYPES),
  default: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullable(),
  description: z.string(),
  minimum: z.int().optional(),
});

const frontMatter = z.strictObject({
  title: z.string(),
  description: z.string(),
  parameters: z.record(z.string().regex(/^[a-z][a-z_]*$/), parameter).default({}),
});

/** What stands for a `$name` of a query. */
export interface NamedParameter {
  readonly type: ParameterType;
  /** What stands for it where nothing is given, as it would be given; null: SQL's NULL. */
  readonly default: string | null;
  readonly description: string;
  /** The least integer that it takes. */
  readonly minimum?: number;
}

/** A query with a name. */
export interface NamedQuery {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, NamedParameter>>;
  readonly sql: string;
}

/**
 * Reads the queries of a folder, in the order of their names.
 * @throws {Error} where a file isn't one, and says which
 */
export function readNamedQueries(dir: string): readonly NamedQuery[] {
  return [...Deno.readDirSync(dir)]
    .map(({ name }) => name)
    .filter((name) => /^[a-z][a-z0-9_]*\.sql$/.test(name))
    .sort()
    .map((file) => parseNamedQuery(basename(file, ".sql"), Deno.readTextFileSync(join(dir, file))));
}

/**
 * The query that a file's text holds.
 * @throws {Error} where it holds none
 */
export function parseNamedQuery(name: string, text: string): NamedQuery {
  const [comments] = /^(--.*\r?\n)*/.exec(text)!;
  const read = frontMatter.safeParse(parse(comments.replace(/^-- ?/gm, "")));
  if (!read.success) throw new Error(`The query ${name} has a bad front matter: ${read.error.message}`);
  const sql = text.slice(comments.length).trim();
  for (const [, used] of sql.matchAll(/\$([a-z_]+)/g)) {
    if (!(used in read.data.parameters)) throw new Error(`The query ${name} has no parameter ${used}`);
  }
  return { name, ...read.data, sql };
}

/** What a value must be, by type, and in words. */
const FORMS: Readonly<Record<ParameterType, readonly [RegExp, string]>> = {
  text: [/^.*$/s, "text"],
  integer: [/^-?\d{1,15}$/, "a whole number"],
  number: [/^-?\d{1,15}(\.\d{1,15})?$/, "a number such as 0.5"],
  boolean: [/^(true|false)$/, "true or false"],
  time: [
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/,
    "a time such as 2026-05-07T10:00:00Z",
  ],
};

/** The query's parameters from those that are given, by name, or what is wrong with these. */
export function parametersOf(
  { parameters }: NamedQuery,
  given: Readonly<Record<string, string>>,
): { readonly parameters: Record<string, QueryParameter> } | { readonly errors: InputError[] } {
  const errors: InputError[] = [];
  const read: Record<string, QueryParameter> = {};
  for (const [name, { type, default: standard, minimum = -Infinity }] of Object.entries(parameters)) {
    const text = given[name] ?? standard;
    read[name] = { type, text: text !== null && type === "time" ? utc(text) : text };
    if (text === null) continue;
    const [form, words] = FORMS[type];
    const isTime = type !== "time" || !Number.isNaN(Date.parse(text));
    if (!form.test(text) || !isTime) errors.push({ path: `param_${name}`, message: `must be ${words}` });
    else if (Number(text) < minimum) {
      errors.push({ path: `param_${name}`, message: `must be at least ${minimum}` });
    }
  }
  return errors.length > 0 ? { errors } : { parameters: read };
}

function utc(time: string): string {
  const epochMs = Date.parse(time);
  return Number.isNaN(epochMs) ? time : new Date(epochMs).toISOString();
}
