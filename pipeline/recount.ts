/**
 * The recount: reads the log from its first record a second time, by rules written down a second time.
 *
 * It shares nothing with the fold but the vocabulary and the log, so that a mistake in one shows against the other.
 * It keeps what is needed to say how any earlier moment of the log counts: see `recount_cut.ts`.
 * @module
 */
import { type Gender, GENDERS } from "./election.ts";
import { type EventLog, type ReadBatch, type Topic, TOPIC_NAMES } from "./log.ts";

/** What a record is judged by besides itself. Times are epoch ms; null: no such limit. */
export interface RecountRules {
  readonly graceMs: number;
  readonly opensAt: number | null;
  readonly closesAt: number | null;
}

/** What stands in the log of one voter. */
export interface RecountedVoter {
  readonly partition: number;
  /** Offset in voters_topic of the record that accredits her; −1: none so far. */
  accreditedAt: number;
  age: number | null;
  gender: Gender;
  state: string;
  city: string;
  /** Offset in votes_topic of her vote; −1: none so far. */
  votedAt: number;
  candidateId: string;
  eventTime: number;
  late: boolean;
}

/** A candidate as accredited, with the offset of the record that did it. */
export interface RecountedCandidate {
  readonly offset: number;
  readonly candidate_id: string;
  readonly candidate_name: string;
  readonly party_affiliation: string;
  readonly photo_url: string;
}

/** What stands in one partition besides its voters; all offsets ascend. */
export interface RecountedPartition {
  /** Offsets in votes_topic of well-formed records after her vote. */
  readonly duplicates: number[];
  /** Offsets in votes_topic of what is rejected, by reason. */
  readonly rejected: Map<string, number[]>;
  /** Where in votes_topic the greatest event time grew, and to what. */
  readonly greatest: { readonly offsets: number[]; readonly times: number[] };
  /** Names told apart so far. */
  readonly states: Set<string>;
  readonly cities: Set<string>;
}

/** All that was read. */
export interface Recount {
  /** Next offsets. */
  readonly next: Record<Topic, number[]>;
  /** By candidate_id, in the order of accreditation. */
  readonly candidates: Map<string, RecountedCandidate>;
  readonly voters: Map<string, RecountedVoter>;
  readonly partitions: readonly RecountedPartition[];
}

/** A record's JSON object. */
export type Content = Record<string, unknown>;

/** What reading needs besides the recount itself. */
export interface ReadOnOptions {
  readonly log: EventLog;
  readonly rules: RecountRules;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
  /** Told of every well-formed record of voters_topic and candidates_topic. */
  readonly onPerson: (topic: Topic, id: string, content: Content, offset: number) => void;
  /** Called between batches; lets the rest of the process run now and then. */
  readonly turn: () => Promise<void>;
}

const MAX_VALUE_BYTES = 65_536;
const CLOCK_TOLERANCE_MS = 5 * 60_000;
/** What ISO 8601 can write with four digits of a year. */
const LAST_TIME = Date.parse("9999-12-31T23:59:59.999Z");
const MAX_STATES = 1_022;
const MAX_CITIES = 65_534;
/** Each of 1–128 characters; a lone surrogate is none. */
const ID = /^\P{Surrogate}{1,128}$/u;
const IDS: Record<Topic, readonly string[]> = {
  voters_topic: ["voter_id"],
  candidates_topic: ["candidate_id"],
  votes_topic: ["voter_id", "candidate_id"],
};
/** A byte order mark is part of the text, as JSON knows none. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A recount that has read nothing yet. */
export function createRecount(log: EventLog): Recount {
  const nothing = (topic: Topic) => new Array<number>(log.partitions(topic)).fill(0);
  return {
    next: {
      voters_topic: nothing("voters_topic"),
      votes_topic: nothing("votes_topic"),
      candidates_topic: nothing("candidates_topic"),
    },
    candidates: new Map(),
    voters: new Map(),
    partitions: nothing("votes_topic").map(() => ({
      duplicates: [],
      rejected: new Map(),
      greatest: { offsets: [], times: [] },
      states: new Set(),
      cities: new Set(),
    })),
  };
}

/** Reads from where the recount stands to the log's end at the time of the call; less where the signal aborts. */
export async function readOn(recount: Recount, options: ReadOnOptions): Promise<void> {
  const { log, signal, progress, turn } = options;
  const ends = { voters_topic: [0], votes_topic: [0], candidates_topic: [0] };
  for (const topic of TOPIC_NAMES) ends[topic] = await log.ends(topic);
  const total = TOPIC_NAMES.reduce((sum, topic) => sum + add(ends[topic]), 0);

  for (const topic of TOPIC_NAMES) {
    const next = recount.next[topic];
    const behind = () => ends[topic].flatMap((end, partition) => next[partition] < end ? [partition] : []);
    const from = new Map(behind().map((partition) => [partition, next[partition]]));
    if (from.size === 0) continue;
    const enough = new AbortController();
    for await (const batch of log.read(topic, from, AbortSignal.any([signal, enough.signal]))) {
      readBatch(recount, topic, batch, options);
      progress(TOPIC_NAMES.reduce((sum, topic) => sum + add(recount.next[topic]), 0), total);
      if (behind().length === 0) enough.abort();
      await turn();
    }
    if (signal.aborted) return;
  }
}

function readBatch(recount: Recount, topic: Topic, batch: ReadBatch, options: ReadOnOptions): void {
  const { log, rules, onPerson } = options;
  const partition = recount.partitions[batch.partition];
  for (let i = 0; i < batch.n; i++) {
    const offset = batch.offsets[i];
    if (offset < recount.next[topic][batch.partition]) continue;
    const content = read(topic, batch, i, log, rules);
    if (typeof content === "string") {
      if (topic === "votes_topic") {
        const offsets = partition.rejected.get(content) ?? [];
        partition.rejected.set(content, offsets);
        offsets.push(offset);
      }
      continue;
    }
    if (topic === "votes_topic") {
      readVote(recount, content, batch.partition, offset, batch.timestamps[i], rules);
      continue;
    }
    if (topic === "voters_topic") readVoter(recount, content, batch.partition, offset);
    else readCandidate(recount, content, offset);
    onPerson(topic, String(content[IDS[topic][0]]), content, offset);
  }
  recount.next[topic][batch.partition] = batch.next;
}

/** A record's content, or the first reason why it is none. */
function read(
  topic: Topic,
  { bytes, bounds, partition, timestamps }: ReadBatch,
  i: number,
  log: EventLog,
  rules: RecountRules,
): Content | string {
  const [keyStart, keyEnd, valueStart, valueEnd] = bounds.subarray(4 * i, 4 * i + 4);
  if (valueStart < 0) return "tombstone";
  if (valueEnd - valueStart > MAX_VALUE_BYTES) return "too_large";
  if (keyStart < 0 || keyStart === keyEnd) return "no_key";
  let content: Content;
  try {
    content = Object(JSON.parse(utf8.decode(bytes.subarray(valueStart, valueEnd))));
  } catch {
    return "bad_json"; // not UTF-8, or not JSON: nothing else throws here
  }
  for (const name of IDS[topic]) if ((content[name] ?? null) === null) return `no_${name}`;
  for (const name of IDS[topic]) {
    if (typeof content[name] !== "string" || !ID.test(content[name])) return "wrong_type";
  }
  if (topic === "votes_topic" && "vote" in content && content.vote !== 1) return "wrong_type";
  const key = bytes.subarray(keyStart, keyEnd);
  if (textOf(key) !== content[IDS[topic][0]]) return "key_mismatch";
  if (topic !== "candidates_topic" && log.partitioner(key, log.partitions(topic)) !== partition) {
    return "wrong_partition";
  }
  if (topic !== "votes_topic") return content;
  const { opensAt, closesAt } = rules;
  const early = opensAt !== null && timestamps[i] < opensAt;
  return early || (closesAt !== null && timestamps[i] >= closesAt) ? "not_open" : content;
}

function textOf(key: Uint8Array): string | null {
  try {
    return utf8.decode(key);
  } catch {
    return null; // not UTF-8, so nobody's id
  }
}

function readCandidate(recount: Recount, content: Content, offset: number): void {
  const id = content.candidate_id as string;
  if (recount.candidates.has(id)) return;
  const { candidate_name, party_affiliation, photo_url } = content;
  recount.candidates.set(id, {
    offset,
    candidate_id: id,
    candidate_name: name(candidate_name) || id,
    party_affiliation: name(party_affiliation) || "unknown",
    photo_url: typeof photo_url === "string" && photo_url.length <= 500 ? photo_url.toWellFormed() : "",
  });
}

function readVoter(recount: Recount, content: Content, partition: number, offset: number): void {
  const voter = voterOf(recount, content.voter_id as string, partition);
  if (voter.accreditedAt >= 0) return;
  const { registered_age: age, gender } = content;
  const { state, city } = Object(content.address) as Content;
  const { states, cities } = recount.partitions[partition];
  voter.accreditedAt = offset;
  voter.age = Number.isInteger(age) && Number(age) >= 0 && Number(age) <= 130 ? Number(age) : null;
  voter.gender = GENDERS.find((known) => known === gender) ?? "unknown";
  voter.state = place(state, states, MAX_STATES);
  voter.city = place(city, cities, MAX_CITIES);
}

function readVote(
  recount: Recount,
  content: Content,
  partition: number,
  offset: number,
  timestamp: number,
  rules: RecountRules,
): void {
  const { greatest, duplicates } = recount.partitions[partition];
  // A producer's clock may say anything.
  const loggedAt = Math.min(Math.max(timestamp, 0), LAST_TIME);
  const written = timeOf(content.voting_time);
  const eventTime = written === null || written > loggedAt + CLOCK_TOLERANCE_MS ? loggedAt : written;
  const before = greatest.times.at(-1) ?? -Infinity;
  if (eventTime > before) {
    greatest.offsets.push(offset);
    greatest.times.push(eventTime);
  }
  const voter = voterOf(recount, content.voter_id as string, partition);
  if (voter.votedAt >= 0) return void duplicates.push(offset);
  voter.votedAt = offset;
  voter.candidateId = shared(content.candidate_id as string);
  voter.eventTime = eventTime;
  voter.late = eventTime < before - rules.graceMs;
}

function voterOf(recount: Recount, id: string, partition: number): RecountedVoter {
  let voter = recount.voters.get(id);
  if (voter === undefined) {
    voter = {
      partition,
      accreditedAt: -1,
      age: null,
      gender: "unknown",
      state: "",
      city: "",
      votedAt: -1,
      candidateId: "",
      eventTime: 0,
      late: false,
    };
    recount.voters.set(id, voter);
  }
  return voter;
}

/** A place as it is counted: past the limit, names that its partition has not told apart before are one. */
function place(written: unknown, known: Set<string>, limit: number): string {
  // Composing shortens a text to a quarter at most, so what is longer than this has over 64 characters anyhow.
  if (typeof written !== "string" || written.trim().length > 512) return "unknown";
  const name = written.trim().toWellFormed().normalize("NFC");
  if (name === "" || [...name].length > 64) return "unknown";
  if (name === "unknown" || name === "(other)") return name;
  if (!known.has(name) && known.size === limit) return "(other)";
  known.add(name);
  return shared(name);
}

/** A candidate's or party's name: at most 200 characters of what is written. */
function name(written: unknown): string {
  if (typeof written !== "string") return "";
  return [...written.trim().slice(0, 800).toWellFormed().normalize("NFC")].slice(0, 200).join("");
}

const texts = new Map<string, string>();

/** One string for all that are equal, as a million copies of a county's name take much room. */
function shared(text: string): string {
  const first = texts.get(text);
  if (first !== undefined) return first;
  if (texts.size > 100_000) texts.clear();
  texts.set(text, text);
  return text;
}

const TIME =
  /^(?<date>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?: (?<clock>[\d:]{8})|T(?<time>[\d:]{5,8})(?:(?<=:\d\d:\d\d)[.,](?<fraction>\d+))?(?<zone>Z|[+-]\d\d(?::?\d\d)?))$/;
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/;

/** When a vote says it was cast: ISO 8601 with Z or an offset, or the predecessor's form in UTC; else null. */
export function timeOf(written: unknown): number | null {
  const { date, clock, time, fraction = "", zone = "Z" } =
    (typeof written === "string" && TIME.exec(written)?.groups) || {};
  const ofDay = clock ?? time;
  if (date === undefined || ofDay === undefined || !CLOCK.test(ofDay)) return null;
  const seconds = ofDay.length === 5 ? ":00" : "";
  const local = Date.parse(`${date}T${ofDay}${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}Z`);
  // 31 April is the first of May to some readers, and no day here.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(date)) return null;
  const [hours, minutes] = zone === "Z"
    ? [0, 0]
    : [Number(zone.slice(1, 3)), Number(zone.slice(3).slice(-2))];
  if (hours > 23 || minutes > 59) return null;
  const behindMs = (hours * 60 + minutes) * 60_000 * (zone.startsWith("-") ? -1 : 1);
  return local - behindMs >= Date.UTC(2000) ? local - behindMs : null;
}

function add(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
