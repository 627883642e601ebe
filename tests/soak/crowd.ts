/**
 * The crowd: people who vote over HTTP, and try again until they are told that their vote stands.
 *
 * Some change their minds while they don't know, some vote again afterwards. Everything goes into the journal.
 * @module
 */
import type { Journal } from "./journal.ts";

/** Who votes, where, and what with. */
export interface CrowdOptions {
  /** Teller's address; nobody need listen there now. */
  readonly url: string;
  readonly adminToken: string;
  readonly journal: Journal;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** How many vote at the same time. */
  readonly atOnce?: number;
}

/** A crowd that votes until it is told to stop. */
export interface Crowd {
  /** How often somebody was told to come again: a 503. */
  turnedAway(): number;
  /** By partition: the offset behind the last vote that somebody was told of. */
  told(): ReadonlyMap<number, number>;
  /** Resolves when so many more have been told; rejects where that takes too long. */
  more(voters: number): Promise<void>;
  /** Nobody else begins to vote; resolves when everybody who began has been told where the vote stands. */
  finish(): Promise<void>;
  /** Rejects as soon as somebody is told what nobody should be. */
  readonly failed: Promise<never>;
}

interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** The ids of the candidates that the crowd accredits. */
export const CANDIDATES = ["ada", "bea", "cyd"];
const STATES = ["Kent", "Fife", "Gwynedd", "Antrim"];
/** As many are accredited at a time. */
const GROUP = 200;
const PATIENCE_MS = 20_000;
/** By then those who wait for more voters give up. */
const STALLED_MS = 90_000;

/** Starts to accredit candidates and voters, and to vote. */
export function startCrowd(options: CrowdOptions): Crowd {
  const { url, adminToken, journal, random, atOnce = 12 } = options;
  const over = new AbortController();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {}); // whoever wants to know asks
  let finishing = false;
  let voters = 0;
  let done = 0;
  let turnedAway = 0;
  const hopes: { wanted: number; resolve: () => void }[] = [];
  const told = new Map<number, number>();
  const waiting: { voter_id: string; token: string }[] = [];
  let accrediting: Promise<void> | null = null;

  /** What is answered in the end: an outage, and being told to come again, is waited out. */
  async function persist(path: string, token: string, body: () => Promise<unknown>): Promise<Response> {
    for (;;) {
      const request = {
        method: "POST",
        headers: { "Authorization": `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify(await body()),
        signal: AbortSignal.any([over.signal, AbortSignal.timeout(PATIENCE_MS)]),
      };
      try {
        const response = await fetch(`${url}/api/v1/${path}`, request);
        // Read here, as the connection may break before the end of the answer.
        const text = await response.text();
        if (response.status !== 503) return new Response(text, { status: response.status });
        turnedAway++;
      } catch (error) {
        over.signal.throwIfAborted();
        const outage = error instanceof TypeError || (error as Error).name === "TimeoutError";
        if (!outage) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20 + 80 * random()));
    }
  }

  async function accredit(path: string, people: Record<string, unknown>[]) {
    let left = people;
    const tokens: { voter_id: string; token: string }[] = [];
    while (left.length > 0) {
      const response = await persist(path, adminToken, () => Promise.resolve(left));
      const { items } = await response.json();
      if (response.status !== 207) throw new Error(`${path} was answered ${response.status}`);
      const failedItems: Record<string, unknown>[] = [];
      items.forEach((item: { status: number; voter_id: string; token: string }, i: number) => {
        if (item.status === 503) failedItems.push(left[i]);
        else if (item.status >= 300) throw new Error(`${path}: ${JSON.stringify(item)}`);
        else tokens.push(item);
      });
      left = failedItems;
    }
    return tokens;
  }

  async function accreditGroup(): Promise<void> {
    const people = Array.from({ length: GROUP }, () => ({
      voter_id: `voter-${voters++}`,
      registered_age: 18 + Math.floor(70 * random()),
      gender: random() < 0.5 ? "female" : "male",
      address: { state: pick(STATES) },
    }));
    waiting.push(...await accredit("voters", people));
    accrediting = null;
  }

  async function nextVoter() {
    while (waiting.length === 0) await (accrediting ??= accreditGroup());
    return waiting.pop()!;
  }

  const pick = (list: string[]) => list[Math.floor(list.length * random())];

  async function vote(voter: string, token: string): Promise<Place> {
    let candidate = pick(CANDIDATES);
    const response = await persist("votes", token, async () => {
      if (random() < 0.2) candidate = pick(CANDIDATES);
      await journal.attempt({ voter, candidate });
      return { voter_id: voter, candidate_id: candidate };
    });
    const { status } = response;
    const { partition, offset } = await response.json();
    if (status !== 202 && status !== 409) throw new Error(`${voter} was answered ${status}`);
    await journal.answer({ voter, status, partition, offset });
    told.set(partition, Math.max(told.get(partition) ?? 0, offset + 1));
    return { partition, offset };
  }

  async function voteUntilFinished(): Promise<void> {
    while (!finishing) {
      const { voter_id, token } = await nextVoter();
      const place = await vote(voter_id, token);
      done++;
      for (const { wanted, resolve } of hopes) if (wanted <= done) resolve();
      if (random() > 0.05) continue;
      const again = await vote(voter_id, token);
      if (again.partition !== place.partition || again.offset !== place.offset) {
        throw new Error(`${voter_id} was told two places: ${JSON.stringify([place, again])}`);
      }
    }
  }

  async function run(): Promise<void> {
    await accredit(
      "candidates",
      CANDIDATES.map((id) => ({
        candidate_id: id,
        candidate_name: id.toUpperCase(),
        party_affiliation: `The party of ${id}`,
      })),
    );
    await Promise.all(Array.from({ length: atOnce }, voteUntilFinished));
  }
  const running = run().catch((error) => {
    over.abort(error); // nobody else goes on
    failed.reject(error);
    throw error;
  });
  running.catch(() => {}); // told by `failed` and by `finish`

  return {
    turnedAway: () => turnedAway,
    told: () => told,
    async more(voters) {
      const wanted = done + voters;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      hopes.push({ wanted, resolve });
      const timer = setTimeout(() => reject(new Error(`Nobody votes any more; ${done} have`)), STALLED_MS);
      try {
        await Promise.race([promise, failed.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    failed: failed.promise,
    async finish() {
      finishing = true;
      await running;
    },
  };
}
