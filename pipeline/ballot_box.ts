/**
 * The ballot box: takes one vote for each accredited voter who has not voted, and says where it stands.
 *
 * What it checks is a courtesy to the sender. That a vote counts once is the fold's doing alone.
 * @module
 */
import type { Vote } from "./election.ts";
import type { Fold } from "./fold.ts";
import type { Entry, Ingest, Landing } from "./ingest.ts";
import type { Position } from "./log.ts";
import { foldOf, standingOf } from "./receipts.ts";
import { isOpen } from "./record.ts";
import type { Registry } from "./registry.ts";

/** The election as people are accredited and vote in it. */
export interface Polling {
  readonly registry: Registry;
  /** One for each partition. */
  readonly folds: readonly Fold[];
  readonly ingest: Ingest;
  /** Whether the folds know all that stood in the log at the start. */
  caughtUp(): boolean;
  /** Wall clock, epoch ms. */
  now(): number;
}

/** A vote as it is handed in. */
export interface Ballot {
  readonly voter_id: string;
  readonly candidate_id: string;
  /** Epoch ms; absent: now. */
  readonly votedAt?: number;
}

/** What became of a ballot. */
export type Cast =
  /** It stands there. */
  | { readonly kind: "cast"; readonly position: Position }
  /** She has voted; that vote stands there. */
  | { readonly kind: "voted"; readonly position: Position }
  /** Nothing was written, or what was written does not count: the log took it outside the opening hours. */
  | { readonly kind: "unknown_voter" | "unknown_candidate" | "not_open" | "overloaded" }
  /** It may or may not stand; trying again is safe. */
  | { readonly kind: "unknown" };

const encoder = new TextEncoder();

/** A ballot that may be written, as what is written. */
interface Admitted extends Entry {
  readonly fold: Fold;
}

/** Casts some ballots together; the sender's right to do so has been checked. Gives what became of each. */
export async function castBallots(polling: Polling, ballots: readonly Ballot[]): Promise<Cast[]> {
  const castAt = polling.now(), isoNow = new Date(castAt).toISOString();
  const checked = ballots.map((ballot) => check(polling, ballot, castAt, isoNow));
  const admitted = checked.filter((outcome) => "fold" in outcome);
  const landings = (await polling.ingest.land("votes_topic", admitted)).values();
  return checked.map((outcome) => "fold" in outcome ? castOf(outcome, landings.next().value!) : outcome);
}

function check(
  { registry, folds }: Polling,
  ballot: Ballot,
  castAt: number,
  isoNow: string,
): Admitted | Cast {
  const fold = foldOf(folds, ballot.voter_id);
  const { accredited, state, vote: standing } = standingOf(fold, ballot.voter_id);
  if (!accredited) return { kind: "unknown_voter" };
  if (standing !== null) return { kind: "voted", position: standing };
  const candidate = registry.candidates[fold.candidates.get(ballot.candidate_id) ?? -1];
  if (candidate === undefined) return { kind: "unknown_candidate" };
  if (!isOpen(castAt, fold.rules)) return { kind: "not_open" };

  const vote: Vote = {
    voter_id: ballot.voter_id,
    candidate_id: candidate.candidate_id,
    candidate_name: candidate.candidate_name,
    party_affiliation: candidate.party_affiliation,
    photo_url: candidate.photo_url,
    voting_time: ballot.votedAt === undefined ? isoNow : new Date(ballot.votedAt).toISOString(),
    address: { state },
    vote: 1,
  };
  return { id: vote.voter_id, value: encoder.encode(JSON.stringify(vote)), fold };
}

function castOf({ id, fold }: Admitted, landing: Landing): Cast {
  if (landing.kind !== "landed") return landing;
  const { position, first, folded } = landing;
  // Durable but not folded in time: ours stands there; which vote of hers counts is not known yet.
  if (!folded) return first ? { kind: "cast", position } : { kind: "unknown" };
  const { vote: stands } = standingOf(fold, id);
  if (stands === null) return { kind: "not_open" };
  const isOurs = first && stands.offset === position.offset;
  return { kind: isOurs ? "cast" : "voted", position: stands };
}
