/**
 * The registry of candidates: a fold of candidates_topic, whose first record of an id accredits a candidate.
 *
 * It has one reader, which hands each newly accredited candidate to every partition's fold.
 * @module
 */
import type { Candidate } from "./election.ts";
import { createLedger, foldBatch, type Ledger, note } from "./ledger.ts";
import type { ReadBatch } from "./log.ts";
import { type Fields, readCandidate } from "./record.ts";

/** An accredited candidate: as she was accredited, however her record changes later. */
export type RegisteredCandidate = Required<Candidate>;

/** The accredited candidates by index, which is the order of accreditation, and what became of the records. */
export interface Registry {
  readonly candidates: RegisteredCandidate[];
  readonly ledger: Ledger;
  /** Records that say the same again, byte for byte. */
  repeats: number;
  /** The accrediting record's value by candidate_id. */
  readonly records: Map<string, Uint8Array>;
}

/** The longest text that is passed on, in characters; anything longer is cut. */
const MAX_TEXT_CHARACTERS = 4_096;
/** The longest name of a candidate or party: it stands in every update. */
const MAX_NAME_CHARACTERS = 200;

/** A registry without candidates. */
export function createRegistry(): Registry {
  return { candidates: [], ledger: createLedger(), repeats: 0, records: new Map() };
}

/** Folds a batch of candidates_topic and returns the candidates it accredited, in order. */
export function foldCandidates(registry: Registry, batch: ReadBatch): RegisteredCandidate[] {
  const before = registry.candidates.length;
  foldBatch(registry.ledger, batch, (i, offset) => {
    const fields = readCandidate(batch, i);
    if (typeof fields === "string") return note(registry.ledger, fields, offset);
    const id = fields.candidate_id as string;
    // A copy: the batch's bytes go on living in a buffer that is far larger.
    const record = new Uint8Array(batch.bytes.subarray(batch.bounds[4 * i + 2], batch.bounds[4 * i + 3]));
    const first = registry.records.get(id);
    if (first === undefined) {
      registry.records.set(id, record);
      registry.candidates.push(candidateOf(id, fields));
    } else if (sameBytes(first, record)) {
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
    photo_url: text(fields.photo_url, MAX_TEXT_CHARACTERS),
  };
}

function text(value: unknown, maxCharacters: number): string {
  if (typeof value !== "string") return "";
  return [...value.toWellFormed().normalize("NFC").trim()].slice(0, maxCharacters).join("");
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
