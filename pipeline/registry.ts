/**
 * The registry of candidates: a fold of candidates_topic, whose first record of an id accredits a candidate.
 *
 * It has one reader, which hands each newly accredited candidate to every partition's fold.
 * @module
 */
import type { Candidate } from "./election.ts";
import { createLedger, foldBatch, lastRecordOf, type Ledger, note } from "./ledger.ts";
import type { ReadBatch } from "./log.ts";
import { type Fields, readCandidate } from "./record.ts";
import { hashOf } from "./value_hash.ts";

/** An accredited candidate: as she was accredited, however her record changes later. */
export type RegisteredCandidate = Required<Candidate>;

/** The accredited candidates by index, which is the order of accreditation, and what became of the records. */
export interface Registry {
  readonly candidates: RegisteredCandidate[];
  readonly ledger: Ledger;
  /** Records that say the same again, byte for byte. */
  repeats: number;
  /** Hash of the accrediting record's value by candidate_id. */
  readonly hashes: Map<string, [number, number]>;
}

/** The longest text that is passed on, in characters; anything longer is cut. */
const MAX_TEXT_CHARACTERS = 4_096;
/** The longest name of a candidate or party: it stands in every update. */
const MAX_NAME_CHARACTERS = 200;
/** The longest photo_url, for the same reason; a longer one is left out, as part of a URL is none. */
const MAX_URL_CHARACTERS = 500;

/** A registry without candidates. */
export function createRegistry(): Registry {
  return { candidates: [], ledger: createLedger(), repeats: 0, hashes: new Map() };
}

/** Folds a batch of candidates_topic and returns the candidates it accredited, in order. */
export function foldCandidates(registry: Registry, batch: ReadBatch): RegisteredCandidate[] {
  const before = registry.candidates.length;
  foldBatch(registry.ledger, { ...batch, last: lastRecordOf(batch) }, (i, offset) => {
    const fields = readCandidate(batch, i);
    if (typeof fields === "string") return note(registry.ledger, fields, offset);
    const id = fields.candidate_id as string;
    const hash = hashOf(batch.bytes, batch.bounds[4 * i + 2], batch.bounds[4 * i + 3]);
    const first = registry.hashes.get(id);
    if (first === undefined) {
      registry.hashes.set(id, hash);
      registry.candidates.push(candidateOf(id, fields));
    } else if (first[0] === hash[0] && first[1] === hash[1]) {
      registry.repeats++;
    } else {
      note(registry.ledger, "other_content", offset);
    }
  });
  return registry.candidates.slice(before);
}

function candidateOf(id: string, fields: Fields): RegisteredCandidate {
  return {
    candidate_id: id,
    candidate_name: text(fields.candidate_name, MAX_NAME_CHARACTERS) || id,
    party_affiliation: text(fields.party_affiliation, MAX_NAME_CHARACTERS) || "unknown",
    biography: text(fields.biography, MAX_TEXT_CHARACTERS),
    campaign_platform: text(fields.campaign_platform, MAX_TEXT_CHARACTERS),
    photo_url: url(fields.photo_url),
  };
}

function text(value: unknown, maxCharacters: number): string {
  if (typeof value !== "string") return "";
  // Cut before normalising, which takes time that grows with the square of some strings' length.
  const start = value.trim().slice(0, 4 * maxCharacters).toWellFormed().normalize("NFC");
  return [...start].slice(0, maxCharacters).join("");
}

function url(value: unknown): string {
  return typeof value === "string" && value.length <= MAX_URL_CHARACTERS ? value.toWellFormed() : "";
}
