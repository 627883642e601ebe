/**
 * The predecessor's file: 100,000 fat votes with their voters and candidates, and every kind of record of
 * CONTRACT.md §5 among them, in the order in which they are to be produced.
 * @module
 */
import { createRandom } from "../../pipeline/demo_random.ts";
import type { KcatRecord } from "./predecessor_kcat.ts";
import {
  type IdField,
  keyed,
  ODD_IDS,
  ODD_TIMES,
  ODD_TRAITS,
  ODD_WRITINGS,
  SPOILT,
  SPOILT_VOTES,
} from "./predecessor_oddities.ts";
import { createPeople, fatVote, type Fields, predecessorTime } from "./predecessor_people.ts";

/** Records to produce one after the other, and whose they are. */
export interface Part {
  readonly topic: "candidates_topic" | "voters_topic" | "votes_topic";
  readonly records: KcatRecord[];
}

/** What the file is made of. */
export interface FileOptions {
  readonly seed: number;
  readonly votes: number;
  readonly partitions: number;
  /** About when it will be produced, epoch ms: event times lead up to it. */
  readonly nowMs: number;
}

/** The file's two halves: votes of the first come before the election opens. */
export interface PredecessorFile {
  readonly beforeOpening: Part[];
  readonly afterOpening: Part[];
}

const CHUNKS = 8;
const HOURS_OF_VOTING = 4;
const HOUR_MS = 3_600_000;
/** Votes arrive up to this much behind their event time, so that some are late by a second and some not quite. */
const JITTER_MS = 70_000;
const EARLY_VOTES = 300;
const STREAM = 110;

/** Draws the file: the same options give the same bytes. */
export function predecessorFile({ seed, votes, partitions, nowMs }: FileOptions): PredecessorFile {
  const people = createPeople(seed);
  const random = createRandom(seed);
  // Three stand from the start, one comes late, one never does and gets votes all the same.
  const candidates = Array.from({ length: 5 }, (_, i) => people.candidate(i) as unknown as Fields);
  const one = <Value>(values: readonly Value[]) => values[random.word() % values.length];
  const chance = (of: number) => random.next() < of;
  const everywhere = (record: KcatRecord) =>
    Array.from({ length: partitions }, (_, partition) => ({ ...record, partition }));

  /** Voter i, the same at each call. */
  function voter(i: number): Fields {
    const ordinary = people.voter(i) as unknown as Fields;
    if (i % 97 === 0) ordinary.voter_id = ODD_IDS[i / 97 % ODD_IDS.length](String(ordinary.voter_id));
    return i % 53 === 0 ? { ...ordinary, ...ODD_TRAITS[i / 53 % ODD_TRAITS.length] } : ordinary;
  }
  const neverAccredited = (i: number) => i % 101 === 5;
  const accreditedLate = (i: number) => i % 31 === 7;

  /** Accredits voter i, now and then with a record that is none, again, or changed. */
  function* accredit(i: number): Generator<KcatRecord> {
    const fields = voter(i);
    const good = keyed(fields, "voter_id");
    if (chance(0.01)) yield Object.values(SPOILT)[i % Object.keys(SPOILT).length](fields, "voter_id");
    yield chance(0.01) ? { ...good, value: one(ODD_WRITINGS)(fields) } : good;
    if (chance(0.01)) yield good;
    if (chance(0.01)) yield keyed({ ...fields, address: { state: "Moved" }, gender: "other" }, "voter_id");
  }

  /** Voter i votes at about the given event time, now and then more than once. */
  function* cast(i: number, timeMs: number, oddTimes: boolean): Generator<KcatRecord> {
    const candidate = candidates[chance(0.02) ? 4 : chance(0.05) ? 3 : chance(0.4) ? 0 : chance(0.5) ? 1 : 2];
    const time = oddTimes && chance(0.05) ? one(ODD_TIMES)(nowMs) : predecessorTime(timeMs);
    const fields = fatVote(voter(i), candidate, time);
    if (chance(0.02)) fields.address = { state: "A lie", city: "A lie" };
    if (chance(0.02)) fields.candidate_name = "A lie";
    const good = keyed(fields, "voter_id");
    yield chance(0.01) ? { ...good, value: one(ODD_WRITINGS)(fields) } : good;
    if (chance(0.01)) yield good;
    if (chance(0.01)) yield keyed({ ...fields, ...one(candidates), voting_time: time }, "voter_id");
    if (chance(0.01)) yield keyed({ ...fields, voting_time: predecessorTime(timeMs + 1_000) }, "voter_id");
  }

  /** One of each bad kind, made of good ones of different ids. */
  function spoilt(kinds: typeof SPOILT, good: (n: number) => Fields, id: IdField): KcatRecord[] {
    return Object.values(kinds).map((spoil, n) => spoil(good(n), id));
  }
  const spoiltVotes = (from: number) =>
    spoilt(
      { ...SPOILT, ...SPOILT_VOTES },
      // Some of these voters vote well later, some have.
      (n) => fatVote(voter((from + 13 * n) % votes), candidates[n % 3], predecessorTime(nowMs - HOUR_MS)),
      "voter_id",
    );

  random.at(STREAM, 0);
  const register = Array.from({ length: votes }, (_, i) => i).filter((i) => !neverAccredited(i));
  const inTime = register.filter((i) => !accreditedLate(i));
  const early = inTime.slice(0, EARLY_VOTES);
  const beforeOpening: Part[] = [
    {
      topic: "candidates_topic",
      records: [
        ...spoilt(SPOILT, () => candidates[0], "candidate_id"),
        ...candidates.slice(0, 3).map((fields) => keyed(fields, "candidate_id")),
        keyed(candidates[1], "candidate_id"),
        keyed({ ...candidates[2], candidate_name: "Another Name" }, "candidate_id"),
      ],
    },
    {
      topic: "voters_topic",
      records: [
        ...spoilt(SPOILT, (n) => voter(inTime[n]), "voter_id"),
        ...inTime.slice(-20).flatMap((i) => everywhere(keyed(voter(i), "voter_id"))),
        ...inTime.slice(0, -20).flatMap((i) => [...accredit(i)]),
      ],
    },
    {
      topic: "votes_topic",
      records: [
        ...spoiltVotes(0),
        ...everywhere(keyed(fatVote(voter(0), candidates[0], predecessorTime(nowMs)), "voter_id")),
        ...early.flatMap((i) => [...cast(i, nowMs - HOUR_MS, true)]),
      ],
    },
  ];

  const afterOpening: Part[] = [];
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    random.at(STREAM, 1 + chunk);
    // An absent time becomes the log's, and what leads up to now would be late from then on: first the one,
    // then the other.
    const oddTimes = chunk >= CHUNKS / 2;
    const [from, to] = [chunk, chunk + 1].map((n) => Math.round(n * votes / CHUNKS));
    const records: KcatRecord[] = [
      ...spoiltVotes(from),
      ...Array.from({ length: 3 }, (_, n) =>
        everywhere(keyed(
          fatVote(voter(from + 50 * n), candidates[n], predecessorTime(nowMs - 5 * HOUR_MS)),
          "voter_id",
        ))).flat(),
    ];
    for (let i = from; i < to; i++) {
      const hoursAgo = oddTimes ? 0 : (1 - 2 * i / votes) * HOURS_OF_VOTING;
      const behindMs = chance(0.01) ? random.next() * HOUR_MS : random.next() * JITTER_MS;
      records.push(...cast(i, nowMs - hoursAgo * HOUR_MS - behindMs, oddTimes));
    }
    afterOpening.push({ topic: "votes_topic", records });
    if (chunk === 5) {
      afterOpening.push(
        { topic: "candidates_topic", records: [keyed(candidates[3], "candidate_id")] },
        {
          topic: "voters_topic",
          records: register.filter(accreditedLate).flatMap((i) => [...accredit(i)]),
        },
      );
    }
  }
  return { beforeOpening, afterOpening };
}
