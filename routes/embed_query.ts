/**
 * The parameters of frames and pictures: the choices of `islands/embed_options.ts` as addresses write them.
 * @module
 */
import type { Context } from "hono";
import { z } from "zod";
import { type AsOf, parseAsOf } from "../analytics/as_of.ts";
import {
  DEFAULTS,
  type EmbedOptions,
  knowsRegions,
  localeOf,
  MAX_LIMIT,
  THEMES,
  TRANSPORTS,
  type View,
  VIEWS,
} from "../islands/embed_options.ts";
import { asOfParameter } from "./as_of.ts";
import { invalidParameters, readQuery } from "./query.ts";

const LIMIT_FORM = `must be a whole number from 1 to ${MAX_LIMIT}`;
const limit = z.string().regex(/^\d{1,3}$/, LIMIT_FORM).transform(Number)
  .refine((n) => n >= 1 && n <= MAX_LIMIT, LIMIT_FORM);
const locale = z.string().max(64).refine(
  (tag) => localeOf(tag) !== null,
  "must be a language tag such as en-GB",
)
  .transform((tag) => localeOf(tag)!);
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `must be one of ${values.join(", ")}`);

/** What both take. */
export const EMBED_PARAMETERS = {
  region: z.string().min(1).max(64).optional(),
  limit: limit.default(DEFAULTS.limit),
  theme: oneOf(THEMES).default(DEFAULTS.theme),
  locale: locale.default(DEFAULTS.locale),
  as_of: asOfParameter.optional(),
};
/** What frames take besides: how the element in them hears, and what pym.js adds to a frame's address. */
export const FRAME_PARAMETERS = {
  ...EMBED_PARAMETERS,
  transport: oneOf(TRANSPORTS).default(DEFAULTS.transport),
  childId: z.string().max(256).optional(),
  initialWidth: z.string().max(16).optional(),
  parentTitle: z.string().max(2048).optional(),
  parentUrl: z.string().max(2048).optional(),
};

/** The choices, and the point of the past that they name. */
export interface Asked {
  readonly options: EmbedOptions;
  /** Null: the newest. */
  readonly point: AsOf | null;
}

/** The view of that name; null where there is none. */
export function viewOf(name: string): View | null {
  return VIEWS.find((view) => view === name) ?? null;
}

/** Reads the choices and `more` of a request for a view, or answers with what is wrong with them. */
export function readAsked<Shape extends z.ZodRawShape & typeof EMBED_PARAMETERS>(
  c: Context,
  view: View,
  parameters: Shape,
): Asked & { readonly more: z.output<z.ZodObject<Shape>> } | { readonly refused: Response } {
  const read = readQuery(c, z.object(parameters));
  if ("refused" in read) return read;
  const given = read.value as z.output<z.ZodObject<typeof FRAME_PARAMETERS>>;
  const region = given.region ?? null;
  if (region !== null && !knowsRegions(view)) {
    const message = `can't be asked of ${view}`;
    return { refused: invalidParameters(c, [{ path: "region", message }]) };
  }
  const { limit, theme, locale, transport } = { ...DEFAULTS, ...given };
  return {
    options: { view, region, limit, theme, locale, transport, asOf: c.req.query("as_of") ?? null },
    point: given.as_of ?? null,
    more: read.value,
  };
}

/** The choices in another address's query, as far as they are any; null where there is no such view. */
export function optionsIn(name: string, query: URLSearchParams): EmbedOptions | null {
  const view = viewOf(name);
  if (view === null) return null;
  const read = <Value>(name: keyof typeof FRAME_PARAMETERS, otherwise: Value): Value => {
    const given = query.get(name);
    // An empty field of a form chooses nothing.
    const read = given === null || given === "" ? null : FRAME_PARAMETERS[name].safeParse(given);
    return read?.success ? read.data as Value : otherwise;
  };
  const region = read("region", DEFAULTS.region);
  const asOf = query.get("as_of");
  return {
    view,
    region: knowsRegions(view) ? region : null,
    limit: read("limit", DEFAULTS.limit),
    theme: read("theme", DEFAULTS.theme),
    locale: read("locale", DEFAULTS.locale),
    transport: read("transport", DEFAULTS.transport),
    asOf: asOf !== null && parseAsOf(asOf) !== null ? asOf : null,
  };
}
