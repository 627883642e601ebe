/**
 * The registrar: accredits voters and candidates by appending their records, each once.
 * @module
 */
import type { Polling } from "./ballot_box.ts";
import type { Landing } from "./ingest.ts";
import type { Topic } from "./log.ts";
import { accreditedBy, foldOf } from "./receipts.ts";
import { hashOf } from "./value_hash.ts";
import type { CandidateInput, VoterInput } from "./schemas.ts";

/** What became of an accreditation. */
export type Accreditation =
  | "accredited" // on the register from now on
  | "same" // on the register before, with the same content
  | "other_content" // on the register with other content, which stays
  | "overloaded" // nothing was written
  | "unknown"; // the record may or may not stand; trying again is safe

type Known = "none" | "same" | "other";

const encoder = new TextEncoder();

/** Accredits a voter; the same content is the same bytes, so the schema's order of fields matters. */
export function accreditVoter(polling: Polling, voter: VoterInput): Promise<Accreditation> {
  const value = encoder.encode(JSON.stringify(voter));
  const fold = foldOf(polling.folds, voter.voter_id);
  const known = () => accreditedBy(fold, voter.voter_id, value);
  return accredit(polling, "voters_topic", voter.voter_id, value, known);
}

/** Accredits a candidate. */
export function accreditCandidate(polling: Polling, candidate: CandidateInput): Promise<Accreditation> {
  const value = encoder.encode(JSON.stringify(candidate));
  const known = (): Known => {
    const hash = polling.registry.hashes.get(candidate.candidate_id);
    if (hash === undefined) return "none";
    const [hash0, hash1] = hashOf(value);
    return hash[0] === hash0 && hash[1] === hash1 ? "same" : "other";
  };
  return accredit(polling, "candidates_topic", candidate.candidate_id, value, known);
}

async function accredit(
  { ingest }: Polling,
  topic: Topic,
  id: string,
  value: Uint8Array,
  known: () => Known,
): Promise<Accreditation> {
  const before = known();
  if (before !== "none") return before === "same" ? "same" : "other_content";
  const [landing] = await ingest.land(topic, [{ id, value }]);
  return judged(landing, known);
}

function judged(landing: Landing, known: () => Known): Accreditation {
  if (landing.kind !== "landed") return landing.kind;
  const { first, folded } = landing;
  // Durable, but not folded in time: only the sender of the record that landed knows what it holds.
  if (!folded) return first ? "accredited" : "unknown";
  if (known() !== "same") return "other_content";
  return first ? "accredited" : "same";
}
