/**
 * An election that people can be accredited and vote in over the app, on a real embedded log.
 * @module
 */
import type { Hono } from "hono";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { createIngest, type IngestLimits } from "../../pipeline/ingest.ts";
import type { EventLog } from "../../pipeline/log.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { startQuality } from "../../pipeline/quality_loop.ts";
import type { Rules } from "../../pipeline/record.ts";
import { createRegions } from "../../pipeline/regions.ts";
import { startStream, type Stream } from "../../pipeline/stream.ts";
import { createVotingTokens, type VotingTokens } from "../../pipeline/tokens.ts";
import { startVitals } from "../../pipeline/vitals.ts";
import { createVoteReader } from "../../pipeline/vote_reader.ts";
import { createAccess } from "../../routes/access.ts";
import { createCommands } from "../../routes/commands.ts";
import { ADMIN_TOKEN } from "./closed_polls.ts";
import { openSample } from "./sample.ts";

export { ADMIN_TOKEN };

/** How an election differs from the usual. */
export interface PollsOptions {
  readonly rules?: Partial<Rules>;
  readonly limits?: Partial<IngestLimits>;
  /** Wall clock, epoch ms; the log's timestamps follow it too. */
  readonly now?: () => number;
  readonly trustedProxies?: number;
  /** Stands between the app and the log, to inject faults. */
  readonly through?: (log: EventLog) => EventLog;
  /** Which log; by default one that goes away afterwards. */
  readonly dir?: string;
  /** Wait until the log has been read; default true. */
  readonly caughtUp?: boolean;
}

/** A running election. */
export interface Polls extends AsyncDisposable {
  readonly app: Hono;
  readonly log: EventLog;
  readonly stream: Stream;
  readonly tokens: VotingTokens;
  /** What the ingest and the app reported. */
  readonly failures: unknown[];
  /** As `sendTo` its app. */
  send(path: string, body?: unknown, options?: SendOptions): Promise<Response>;
  /** Accredits candidates c0 and c1 and voters v0 … v(n−1). */
  accredit(voters: number): Promise<void>;
}

/** How a request differs from an administrator's POST of JSON. */
export interface SendOptions {
  readonly method?: string;
  /** Null: none. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly address?: string;
}

/** A voter of the tests. */
export const voterOf = (voter_id: string) => ({
  voter_id,
  registered_age: 42,
  gender: "female",
  address: { state: "Kent" },
});

/** A candidate of the tests. */
export const candidateOf = (candidate_id: string) => ({
  candidate_id,
  candidate_name: "Amelia Hartley",
  party_affiliation: "Management Party",
});

/** Opens an election without people. */
export async function openPolls(options: PollsOptions = {}): Promise<Polls> {
  const { now = Date.now, through = (log) => log, trustedProxies = 0 } = options;
  await using stack = new AsyncDisposableStack();
  const dir = options.dir ?? Deno.makeTempDirSync({ prefix: "teller-polls-" });
  if (options.dir === undefined) stack.defer(() => Deno.remove(dir, { recursive: true }));
  const partitioner = partitionerOf("murmur2");
  const log = stack.use(openEmbeddedLog({ dir, partitions: 3, partitioner, now }));
  const ending = new AbortController();
  const { signal } = ending;
  const rules = {
    partitions: 3,
    partitioner,
    windowMs: 10_000,
    graceMs: 60_000,
    opensAt: null,
    closesAt: null,
  };
  const stream = startStream({ log, rules: { ...rules, ...options.rules }, title: "T", now, signal });
  stack.defer(async () => {
    ending.abort();
    await stream.done;
  });
  const failures: unknown[] = [];
  const onFailure = (fault: unknown) => failures.push(fault);
  const { registry, folds, folded } = stream;
  const tokens = createVotingTokens("a secret of 32 characters or more", log.electionId);
  const appLog = through(log);
  const ingest = createIngest({ log: appLog, folded, signal, onFailure, limits: options.limits });
  const caughtUp = () => options.caughtUp !== false && stream.caughtUp();
  const access = createAccess({ adminToken: ADMIN_TOKEN, trustedProxies, now });
  const quality = startQuality({
    log,
    registry,
    folds,
    caughtUp,
    postgres: () => null,
    sinks: false,
    now,
    signal,
    onNotice: onFailure,
    everyMs: 20,
  });
  stack.defer(async () => {
    ending.abort();
    await quality.done;
  });
  const explain = (fault: unknown) => ({ exit: 1, code: "DEFECT", message: String(fault) });
  const vitals = startVitals({ log, registry, folds, signal, everyMs: 20 });
  stack.defer(async () => {
    ending.abort();
    await vitals.done;
  });
  const sample = await openSample(undefined, {}, {
    updates: stream.updates,
    vitals: vitals.latest,
    regions: createRegions(log.electionId, registry, folds, now),
    candidates: () => registry.candidates,
    quality: quality.latest,
    commands: createCommands({ commands: {}, access, explain }),
    voting: {
      polling: { registry, folds, caughtUp, ingest, now },
      tokens,
      access,
      voteReader: createVoteReader({ log: appLog, folded }),
    },
    onFailure,
  });
  stack.use(sample);
  const { app } = sample;
  while (!stream.caughtUp()) await new Promise((resolve) => setTimeout(resolve, 1));

  const send: Polls["send"] = (path, body, options) => sendTo(app, path, body, options);
  const disposal = stack.move();
  return {
    app,
    log,
    stream,
    tokens,
    failures,
    send,
    async accredit(voters) {
      await send("/api/v1/candidates", ["c0", "c1"].map(candidateOf));
      const people = Array.from({ length: voters }, (_, i) => voterOf(`v${i}`));
      for (let at = 0; at < voters; at += 1_000) {
        await send("/api/v1/voters", people.slice(at, at + 1_000));
      }
    },
    [Symbol.asyncDispose]: () => disposal[Symbol.asyncDispose](),
  };
}

/** Sends JSON to an app, or a body as given, from an address; by default as an administrator. */
export async function sendTo(
  app: Hono,
  path: string,
  body?: unknown,
  given: SendOptions = {},
): Promise<Response> {
  const { method = "POST", token = ADMIN_TOKEN, address = "192.0.2.1" } = given;
  const isRaw = body === undefined || typeof body === "string" || body instanceof ReadableStream ||
    body instanceof Uint8Array;
  const headers = {
    ...body !== undefined && { "Content-Type": "application/json" },
    ...token !== null && { Authorization: `Bearer ${token}` },
    ...given.headers,
  };
  const init = { method, headers, body: isRaw ? body as BodyInit : JSON.stringify(body) };
  return await app.request(path, init, { remoteAddr: { hostname: address } });
}
