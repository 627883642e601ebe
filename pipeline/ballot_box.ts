/**
 * The ballot box: takes one vote for an accredited voter who has not voted, and says where it stands.
 *
 * What it checks is a courtesy to the sender. That a vote counts once is the fold's doing alone.
 * @module
 */
import type { Vote } from "./election.ts";
import type { Fold } from "./fold.ts";
import type { Ingest } from "./ingest.ts";
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

/** Casts a ballot; the sender's right to do so has been checked. */
export async function castBallot(polling: Polling, ballot: Ballot): Promise<Cast> {
  const { registry, folds, ingest } = polling;
  const fold = foldOf(folds, ballot.voter_id);
  const { accredited, state, vote: standing } = standingOf(fold, ballot.voter_id);
  if (!accredited) return { kind: "unknown_voter" };
  if (standing !== null) return { kind: "voted", position: standing };
  const candidate = registry.candidates[fold.candidates.get(ballot.candidate_id) ?? -1];
  if (candidate === undefined) return { kind: "unknown_candidate" };
  const now = polling.now();
  if (!isOpen(now, fold.rules)) return { kind: "not_open" };

  const vote: Vote = {
    voter_id: ballot.voter_id,
    candidate_id: candidate.candidate_id,
    candidate_name: candidate.candidate_name,
    party_affiliation: candidate.party_affiliation,
    photo_url: candidate.photo_url,
    voting_time: new Date(ballot.votedAt ?? now).toISOString(),
    address: { state },
    vote: 1,
  };
  const landing = await ingest.land("votes_topic", vote.voter_id, encoder.encode(JSON.stringify(vote)));
  if (landing.kind !== "landed") return landing;
  const { position, first, folded } = landing;
  // Durable but not folded in time: ours stands there; which vote of hers counts is not known yet.
  if (!folded) return first ? { kind: "cast", position } : { kind: "unknown" };
  const { vote: stands } = standingOf(fold, vote.voter_id);
  if (stands === null) return { kind: "not_open" };
  const isOurs = first && stands.offset === position.offset;
  return { kind: isOurs ? "cast" : "voted", position: stands };
}
