/**
 * Settings: one table of all environment variables, what they take and what they default to.
 *
 * Read once, at the start, by main.ts; the README's table is checked against this one.
 * @module
 */
import { z } from "zod";
import { FAIL_POINTS, type FailPoint } from "./fail_point.ts";
import { Fault } from "./fault.ts";

/** A setting's documentation, and the schema that reads its text; its errors say what the setting takes. */
interface Setting<Value> {
  readonly help: string;
  /** As one would write it in the environment; null: unset. */
  readonly default: string | null;
  /** Never shown, neither in output nor in errors. */
  readonly secret?: true;
  /** The command-line flag that wins over it, without dashes. */
  readonly flag?: string;
  readonly schema: z.ZodType<Value, string>;
}

const text = (max: number) =>
  z.string().trim().min(1, "takes some text").max(max, `takes at most ${max} characters`);
/** Control characters, and those that turn the direction of what follows them. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** As it is: a space at its end may be part of it. */
const secret = z.string().min(1, "takes some text").max(4096, "takes at most 4096 characters");
const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/, `takes a whole number from ${min} to ${max}`).transform(Number)
    .refine((n) => n >= min && n <= max, `takes a whole number from ${min} to ${max}`);
const oneOf = <const Values extends readonly string[]>(...values: Values) =>
  z.enum(values, `takes ${values.join(" or ")}`);
const TIME_HELP = "takes a time such as 2026-05-07T07:00:00Z (ISO 8601 with Z or an offset)";
const time = z.iso.datetime({ offset: true, error: TIME_HELP }).transform((value) => Date.parse(value));
const TOKEN_HELP = "takes 16 to 256 letters, digits and any of . _ ~ + / = -";
const SECRET_HELP = "takes 32 to 1,024 characters";
const FAIL_POINT_HELP = `takes NAME or NAME:TIME with one of ${FAIL_POINTS.join(", ")}`;
const failPoint = z.string().transform((plan) => /^([a-z_.]+)(?::([1-9]\d{0,5}))?$/.exec(plan))
  .refine((plan) => plan !== null && FAIL_POINTS.includes(plan[1] as FailPoint), FAIL_POINT_HELP)
  .transform((plan) => ({ name: plan![1] as FailPoint, time: Number(plan![2] ?? 1) }));
const FRAME_ANCESTORS_HELP = "takes *, none, or origins such as https://news.example https://*.paper.example";
const frameAncestors = z.string().transform((list) => list.trim().replace(/\s+/g, " "))
  .refine(
    (list) =>
      /^(\*|none|https?:\/\/(\*\.)?[\w.-]+(:\d{1,5})?( https?:\/\/(\*\.)?[\w.-]+(:\d{1,5})?)*)$/.test(list),
    FRAME_ANCESTORS_HELP,
  );
const brokers = z.string().transform((list) => list.split(",").map((broker) => broker.trim()))
  .refine((list) => list.every(isHostAndPort), "takes host:port, several separated by commas");

function isHostAndPort(broker: string): boolean {
  const port = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})$/.exec(broker)?.[1];
  return port !== undefined && +port >= 1 && +port <= 65_535;
}

/** Every setting by its environment variable, in the order of the README's table. */
export const SETTINGS = {
  PORT: { help: "Port to listen on.", default: "8000", schema: wholeNumber(0, 65_535) },
  HOST: { help: "Address to listen on.", default: "127.0.0.1", schema: text(255) },
  PUBLIC_URL: {
    help: "Where readers reach this instance, for absolute links; required when HOST isn't loopback.",
    default: null,
    schema: z.url({ protocol: /^https?$/, error: "takes an http or https URL" })
      .refine(
        (url) => new URL(url).username === "" && new URL(url).password === "",
        "takes a URL without a login",
      ).transform((url) => new URL(url).href),
  },
  DATA_DIR: {
    help: "Folder for the embedded log and all other state. One process owns it.",
    default: "./data",
    // Deno's permission flags take lists of paths, and know no way to write a comma in one.
    schema: text(4096).refine((path) => !path.includes(","), "takes a path without a comma"),
  },
  KAFKA_BROKERS: {
    help: "Brokers as host:port, separated by commas. Unset: the embedded log in DATA_DIR.",
    default: null,
    schema: brokers,
  },
  KAFKA_SSL: {
    help: "TLS to the brokers: off, on, or the path of a PEM file with the CA to trust.",
    default: "off",
    schema: text(4096),
  },
  KAFKA_SASL_MECHANISM: {
    help: "How to log in at the brokers. Unset: without logging in.",
    default: null,
    schema: oneOf("plain", "scram-sha-256", "scram-sha-512"),
  },
  KAFKA_SASL_USERNAME: { help: "User name for SASL.", default: null, schema: text(1024) },
  KAFKA_SASL_PASSWORD: {
    help: "Password for SASL.",
    default: null,
    secret: true,
    schema: secret,
  },
  DATABASE_URL: {
    help: "Postgres, as postgres://user:password@host:port/database. Unset: an embedded one in DATA_DIR.",
    default: null,
    secret: true,
    schema: z.url({ protocol: /^postgres(ql)?$/, error: "takes a postgres:// URL" }),
  },
  TELLER_TITLE: {
    help: "The election's title.",
    default: "Teller demo election",
    schema: text(120).refine((title) => !UNPRINTABLE.test(title), "takes no control or direction characters"),
  },
  TELLER_OPENS: {
    help: "Votes count from this log timestamp on, e.g. 2026-05-07T07:00:00Z. Unset: always open.",
    default: null,
    schema: time,
  },
  TELLER_CLOSES: {
    help: "Votes count before this log timestamp. Unset: never closes.",
    default: null,
    schema: time,
  },
  TELLER_STATUS: {
    help: "What kind of election this is. Only test: results are too fine-grained for a real secret ballot.",
    default: "test",
    schema: z.literal("test", "takes test and nothing else in this version"),
  },
  TELLER_TOPIC_PREFIX: {
    help: "Put before every topic's name, so that several elections share a cluster.",
    default: "",
    schema: z.string().regex(/^[A-Za-z0-9._-]{0,100}$/, "takes up to 100 letters, digits, '.', '_' and '-'"),
  },
  TELLER_PARTITIONS: {
    help: "Partitions of voters_topic and votes_topic when they are made; existing topics keep theirs.",
    default: "4",
    schema: wholeNumber(1, 256),
  },
  TELLER_PARTITIONER: {
    help:
      "How producers map keys to partitions: murmur2 (Java, kafkajs) or crc32 (librdkafka: kcat, Python).",
    default: "murmur2",
    schema: oneOf("murmur2", "crc32"),
  },
  TELLER_WINDOW_SECONDS: {
    help: "Width of the event-time windows.",
    default: "10",
    schema: wholeNumber(1, 86_400),
  },
  TELLER_GRACE_SECONDS: {
    help: "How far behind the greatest event time a vote may be without being late.",
    default: "60",
    schema: wholeNumber(0, 86_400),
  },
  TELLER_SNAPSHOT_SECONDS: {
    help: "How often the count is saved in DATA_DIR, where something has changed.",
    default: "5",
    schema: wholeNumber(1, 3_600),
  },
  TELLER_WORKERS: {
    help:
      "Threads that read while the count is behind at the start; 0: none. Unset: 2, where much is to be read.",
    default: null,
    schema: wholeNumber(0, 64),
  },
  TELLER_SINKS: {
    help: "What derives from the count outside Teller, Postgres among it: on, or off.",
    default: "on",
    schema: oneOf("on", "off"),
  },
  TELLER_DEMO_VOTERS: {
    flag: "voters",
    help: "Voters of the demo election.",
    default: "50000",
    schema: wholeNumber(1, 100_000_000),
  },
  TELLER_DEMO_RATE: {
    flag: "rate",
    help:
      "Votes per second of the demo; 0: as fast as it goes. Unset: the curve of a voting day in 30 minutes.",
    default: null,
    schema: wholeNumber(0, 10_000_000),
  },
  TELLER_DEMO_SEED: {
    flag: "seed",
    help: "Seed of the demo's people and their choices.",
    default: "42",
    schema: wholeNumber(0, 2 ** 32 - 1),
  },
  TELLER_DEMO_CANDIDATES: {
    flag: "candidates",
    help: "Candidates of the demo election.",
    default: "3",
    schema: wholeNumber(1, 26),
  },
  ADMIN_TOKEN: {
    help: "Who bears it may accredit and hand in votes. Unset: made at the first start, kept in DATA_DIR.",
    default: null,
    secret: true,
    schema: z.string().regex(/^[A-Za-z0-9._~+/=-]{16,256}$/, TOKEN_HELP),
  },
  TELLER_SECRET: {
    help:
      "What voting tokens are made with; instances share it. Unset: made at the first start, in DATA_DIR.",
    default: null,
    secret: true,
    schema: z.string().min(32, SECRET_HELP).max(1024, SECRET_HELP),
  },
  SQL_TOKEN: {
    help: "Who bears it may ask in SQL. Unset: only this machine may, and not through a proxy.",
    default: null,
    secret: true,
    schema: z.string().regex(/^[A-Za-z0-9._~+/=-]{16,256}$/, TOKEN_HELP),
  },
  TELLER_TRUST_PROXY: {
    help: "How many proxies stand in front, whose X-Forwarded-For is believed.",
    default: "0",
    schema: wholeNumber(0, 10),
  },
  TELLER_FRAME_ANCESTORS: {
    help:
      "Who may frame the pages for frames: *, none, or origins such as https://news.example, with spaces.",
    default: "*",
    schema: frameAncestors,
  },
  TELLER_LOG_LEVEL: {
    help: "What is logged: debug, info, warning or error. JSON lines where standard error is no terminal.",
    default: "info",
    schema: oneOf("debug", "info", "warning", "error"),
  },
  TELLER_FAIL_POINT: {
    help: "For tests alone: the place where the process kills itself, e.g. ingest.after_append:3.",
    default: null,
    schema: failPoint,
  },
} as const satisfies Record<string, Setting<unknown>>;

/** A setting's name. */
export type SettingName = keyof typeof SETTINGS;

type ValueOf<Name extends SettingName> = z.output<typeof SETTINGS[Name]["schema"]>;

/** Every setting's value; null where it is unset and has no default. */
export type Settings = {
  readonly [Name in SettingName]:
    | ValueOf<Name>
    | (null extends typeof SETTINGS[Name]["default"] ? null : never);
};

/** The names of all flags that set a setting, without dashes. */
export function flagsOfSettings(): string[] {
  return Object.values<Setting<unknown>>(SETTINGS).flatMap(({ flag }) => flag ?? []);
}

/**
 * Reads the settings from the environment and from the flags given, which win.
 * @throws {Fault} BAD_SETTING with a line for each setting that is wrong: its name, what it got, what it takes
 */
export function readSettings(
  environment: Record<string, string>,
  flags: Record<string, string> = {},
): Settings {
  const problems: string[] = [];
  for (const name of Object.keys(environment)) {
    if (name in SETTINGS) continue;
    const near = nearest(name);
    // Names that begin with KAFKA_ may be somebody else's, unless they look like a slip.
    if (name.startsWith("TELLER_") || (name.startsWith("KAFKA_") && edits(name, near) <= 2)) {
      problems.push(`${name} is not a setting; the nearest is ${near}`);
    }
  }
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const flag = setting.flag === undefined ? undefined : flags[setting.flag];
    // An empty variable is how compose files and shells write "unset".
    const written = flag ?? (environment[name] || setting.default);
    if (written === null) {
      values[name] = null;
      continue;
    }
    const read = setting.schema.safeParse(written);
    values[name] = read.data;
    if (!read.success) {
      const got = setting.secret ? "" : `, got ${JSON.stringify(written)}`;
      problems.push(
        `${flag === undefined ? name : `--${setting.flag}`} ${read.error.issues[0].message}${got}`,
      );
    }
  }
  const settings = values as unknown as Settings;
  if (problems.length === 0) problems.push(...contradictions(settings));
  if (problems.length > 0) throw new Fault("BAD_SETTING", problems.join("\n"));
  return settings;
}

/** Whether an address is only reachable from this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function contradictions(settings: Settings): string[] {
  const problems: string[] = [];
  if (!isLoopback(settings.HOST) && settings.PUBLIC_URL === null) {
    problems.push(`PUBLIC_URL is required because HOST is ${settings.HOST}, which others can reach`);
  }
  if (settings.KAFKA_SASL_MECHANISM !== null) {
    for (const name of ["KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"] as const) {
      if (settings[name] === null) problems.push(`${name} is required because KAFKA_SASL_MECHANISM is set`);
    }
  }
  const { TELLER_OPENS: opens, TELLER_CLOSES: closes } = settings;
  if (opens !== null && closes !== null && opens >= closes) {
    problems.push("TELLER_CLOSES must be after TELLER_OPENS");
  }
  return problems;
}

/** The setting whose name takes the fewest edits to reach. */
function nearest(name: string): string {
  const byDistance = Object.keys(SETTINGS).map((known) => ({ known, edits: edits(name, known) }));
  return byDistance.sort((a, b) => a.edits - b.edits)[0].known;
}

/** Levenshtein's distance; a library for these eight lines would be one more to trust. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
  }
  return row[b.length];
}
